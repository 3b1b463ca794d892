import { useEffect, useState } from 'react';
import { TimeText } from '../fields/time-text.tsx';

/** How long ago, by the second to the eye. Not a live region: it would never be silent. */
export function Age({ iso }: { readonly iso: string }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return <TimeText iso={iso} relative />;
}
