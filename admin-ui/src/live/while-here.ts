import { useEffect, useRef } from 'react';

/** Milliseconds after the last sign of life. */
const HERE_FOR = 120_000;
const SIGNS_OF_LIFE = ['pointerdown', 'pointermove', 'keydown'] as const;

/**
 * Does something every so often, but only while the page is in view and somebody is at it: asking the gateway counts as use of the
 * session, and must not keep an idle one alive.
 * @param every milliseconds.
 */
export function useEveryWhileHere(every: number, act: () => void, enabled = true): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    let seen = Date.now();
    let done = Date.now();
    const turn = (): void => {
      if (document.visibilityState !== 'visible' || Date.now() - seen > HERE_FOR || Date.now() - done < every) return;
      done = Date.now();
      latest.current();
    };
    const live = (): void => {
      seen = Date.now();
      turn();
    };
    for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, live, { passive: true });
    document.addEventListener('visibilitychange', live);
    const timer = setInterval(turn, Math.max(500, every / 2));
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS_OF_LIFE) document.removeEventListener(sign, live);
      document.removeEventListener('visibilitychange', live);
    };
  }, [every, enabled]);
}
