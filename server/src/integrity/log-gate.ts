import type { StandingBook } from './standing.ts';
import type { StoreWatch } from './store/watch-store.ts';

/** What an act says of itself; nothing unless it is there to put right what is refused. */
export interface ActAtTheGate {
  readonly whileLogIsBehind?: true;
  readonly whileLogIsFull?: true;
}

/** Whether the log, as this process knows it, can take acts at this moment. */
export interface LogGate {
  /** @throws {GatewayError} AUDIT_UNAVAILABLE, with the reason and what to do. */
  require(act: ActAtTheGate): void;
  /** For what is done by nobody, in the background: it can wait. */
  isOpen(): boolean;
}

export const createLogGate = (standing: Pick<StandingBook, 'requireSound' | 'mayChange'>, store: Pick<StoreWatch, 'requireRoom' | 'hasRoom'>): LogGate => ({
  require: ({ whileLogIsBehind, whileLogIsFull }) => {
    // Acknowledging a loss, and deciding on it, are the way out of both.
    if (whileLogIsBehind) return;
    standing.requireSound();
    if (!whileLogIsFull) store.requireRoom();
  },
  isOpen: () => standing.mayChange() && store.hasRoom(),
});
