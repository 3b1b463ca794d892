import { isFailure } from '../gateway/gateway-failure.ts';
import { sessionGate } from '../gateway/gates.ts';
import { concerns, onNews } from '../live/live.ts';
import { loadViewer } from './load-model.ts';
import type { ConsoleViewer } from './viewer.ts';

/** At most this often, in milliseconds. */
const INTERVAL = 60_000;
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'visibilitychange'] as const;

/**
 * Asks again who this is, so that an ended grant or session shows without a reload: when the gateway says that something
 * changed, and else when the person has done something since. Asking by itself would keep an idle session alive for ever.
 * @returns what ends it.
 */
export function keepViewerFresh(known: ConsoleViewer, onChange: (viewer: ConsoleViewer) => void): () => void {
  let asked = Date.now();
  const askNow = (): void => {
    asked = Date.now();
    loadViewer().then(
      (viewer) => {
        // Another tab signed in somebody else: nothing of the first person may stay here (THREATS J11).
        if (viewer.id !== known.id) window.location.replace('/');
        else if (JSON.stringify(viewer) !== JSON.stringify(known)) onChange(viewer);
      },
      // The sign-in dialog covers the page; other failures show where the person acts.
      (error: unknown) => void (isFailure(error) && error.code === 'UNAUTHENTICATED' ? sessionGate.ask({ since: asked }).catch(() => undefined) : undefined),
    );
  };
  const ask = (): void => {
    if (document.visibilityState === 'visible' && Date.now() - asked >= INTERVAL) askNow();
  };
  const stopHearing = onNews((topics) => concerns(topics, 'viewer') && askNow());
  for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, ask, { passive: true });
  return () => {
    stopHearing();
    for (const sign of SIGNS_OF_LIFE) document.removeEventListener(sign, ask);
  };
}
