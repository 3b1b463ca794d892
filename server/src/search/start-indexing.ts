import type { Db } from '@sallyport/schema/ports.ts';
import type { Log } from '../kernel/log.ts';
import { catchUp, repeatInTurns } from '../kernel/repeat-in-turns.ts';
import { indexEvents } from './index-events.ts';

export interface Indexing {
  /** Makes everything searchable that has been sealed by now. */
  indexNow(): Promise<void>;
  /** Ends after the round in hand. */
  stop(): Promise<void>;
}

/** Events a round: small, since a round's rows are held in memory and its transaction keeps dead rows alive. */
const MOST_A_ROUND = 500;
const EVERY_MS = 1_000;

/** Keeps the search up with the log, in the background. Several gateways on one database take turns. */
export function startIndexing(db: Db, log: Log): Indexing {
  let stopped = false;
  const turns = repeatInTurns({
    // Once stopped, a long backlog is left to the next start.
    run: (waitsForOthers) => catchUp(async () => (stopped && !waitsForOthers ? 0 : indexEvents(db, MOST_A_ROUND)), MOST_A_ROUND, waitsForOthers),
    everyMs: EVERY_MS,
    log,
    // The log keeps what waits, and the lag shows.
    failed: 'events could not be made searchable; it is tried again',
  });
  return {
    indexNow: turns.now,
    stop() {
      stopped = true;
      return turns.stop();
    },
  };
}
