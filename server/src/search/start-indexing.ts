import type { Db } from '@sallyport/schema/ports.ts';
import { describeError, type Log } from '../kernel/log.ts';
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
/** Where another gateway is at it, the wait for its round. */
const YIELD_MS = 20;

/** Keeps the search up with the log, in the background. Several gateways on one database take turns. */
export function startIndexing(db: Db, log: Log): Indexing {
  let stopped = false;
  let failing = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  const catchUp = async (waitsForOthers: boolean): Promise<void> => {
    while (!stopped || waitsForOthers) {
      const moved = await indexEvents(db, MOST_A_ROUND);
      if (moved === null && waitsForOthers) await new Promise((resolve) => setTimeout(resolve, YIELD_MS));
      else if (moved === null || moved < MOST_A_ROUND) return;
    }
  };
  /** One turn at a time: rounds of one process would only wait for each other's lock. */
  const queue = (waitsForOthers: boolean): Promise<void> => {
    const next = round.then(() => catchUp(waitsForOthers));
    round = next.catch(() => undefined);
    return next;
  };
  const look = (): void => {
    if (stopped) return;
    void queue(false)
      .then(
        () => {
          failing = false;
        },
        (fault: unknown) => {
          // Once for a row of failures: the log keeps what waits, and the lag shows.
          if (!failing) log.error({ failure: describeError(fault) }, 'events could not be made searchable; it is tried again');
          failing = true;
        },
      )
      .finally(() => {
        if (stopped) return;
        timer = setTimeout(look, EVERY_MS);
        timer.unref();
      });
  };
  look();

  return {
    indexNow: () => queue(true),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}
