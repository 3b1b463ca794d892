import { useEffect, useState } from 'react';

/** Whole seconds left until `end` (milliseconds by this machine's clock), at a tick a second; 0 when over. */
export function useCountdown(end: number | null): number {
  const left = (): number => (end === null ? 0 : Math.max(0, Math.ceil((end - Date.now()) / 1000)));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    if (end === null) return undefined;
    const timer = setInterval(() => {
      const now = left();
      setSeconds(now);
      if (now === 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
    // `left` reads only `end`.
  }, [end]);
  return seconds;
}
