import { countNextDay } from '@sallyport/schema/modules/flows/counted-days.ts';
import { declaredFlows } from '@sallyport/schema/modules/flows/flows.query.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Log } from '../kernel/log.ts';
import { catchUp, repeatInTurns } from '../kernel/repeat-in-turns.ts';

export interface Counting {
  /** Counts every day that is over by now. */
  countNow(): Promise<void>;
  /** Ends after the day in hand. */
  stop(): Promise<void>;
}

const EVERY_MS = 600_000;

/** Counts how guarded acts went on each day that is over, in the background, the newest day first. Several gateways on one database take turns. */
export function startCounting(db: Db, registry: Pick<Registry, 'actions'>, log: Log): Counting {
  let stopped = false;
  const flows = declaredFlows(registry);
  const turns = repeatInTurns({
    // Once stopped, a long backlog is left to the next start.
    run: (waitsForOthers) => catchUp(async () => (stopped ? 0 : countNextDay(db, flows)), 1, waitsForOthers),
    everyMs: EVERY_MS,
    log,
    // Days that are not counted are read from the log.
    failed: 'flows of days that are over could not be counted; it is tried again',
  });
  return {
    countNow: turns.now,
    stop() {
      stopped = true;
      return turns.stop();
    },
  };
}
