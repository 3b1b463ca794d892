import type { LogSurroundings } from '@sallyport/schema/ports.ts';
import { printVerifierKey } from '../transparency/note-key.ts';
import type { WitnessAddress } from './anchors/witness-anchor.ts';
import type { ClockWatch } from './clock/watch-clock.ts';
import type { StoreWatch } from './store/watch-store.ts';

export type LogSurroundingsReader = () => LogSurroundings;

export interface SurroundingsParts {
  readonly witness: WitnessAddress | null;
  readonly clock: Pick<ClockWatch, 'difference'>;
  readonly store: Pick<StoreWatch, 'state'>;
}

/** What this process knows at this moment of what the log rests on: whom it asks to witness, its clocks, its store. */
export const createSurroundings =
  ({ witness, clock, store }: SurroundingsParts): LogSurroundingsReader =>
  () => ({
    witnesses: witness === null ? [] : [{ name: witness.key.name, verifier: printVerifierKey(witness.key), failures: witness.failures?.() ?? null }],
    clockDifferenceSeconds: clock.difference(),
    store: store.state(),
  });
