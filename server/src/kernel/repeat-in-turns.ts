import { describeError, type Log } from './log.ts';

export interface TurnOptions {
  /**
   * One turn. `waitsForOthers`: somebody waits for everything that is there by now, also for what another gateway is at.
   * A turn that fails is tried again at the next look.
   */
  readonly run: (waitsForOthers: boolean) => Promise<void>;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  readonly log: Log;
  /** What is logged, once for a row of failures. */
  readonly failed: string;
  /** What is logged when it works again; nothing unless said. */
  readonly recovered?: string;
}

export interface Turns {
  /** A turn that leaves nothing of what was there when it was asked for. */
  now(): Promise<void>;
  /** Ends after the turn in hand. */
  stop(): Promise<void>;
}

/** Does something again and again in the background, one turn at a time: turns of one process would only wait for each other's lock. Begins at once. */
export function repeatInTurns({ run, everyMs, log, failed, recovered }: TurnOptions): Turns {
  let stopped = false;
  let failing = false;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

  const queue = (waitsForOthers: boolean): Promise<void> => {
    const next = current.then(() => run(waitsForOthers));
    current = next.catch(() => undefined);
    return next;
  };
  const look = (): void => {
    if (stopped) return;
    void queue(false)
      .then(
        () => {
          if (failing && recovered !== undefined) log.info(recovered);
          failing = false;
        },
        (fault: unknown) => {
          if (!failing) log.error({ failure: describeError(fault) }, failed);
          failing = true;
        },
      )
      .finally(() => {
        if (stopped) return;
        timer = setTimeout(look, everyMs);
        timer.unref();
      });
  };
  look();

  return {
    now: () => queue(true),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

/** Where another gateway has the lock, the wait for its turn, in milliseconds. */
const YIELD_MS = 20;

/**
 * Takes rounds of at most `most` until a short one has taken what was there when it began.
 * @param round how many it took; null where another gateway is at it, which is waited for only if somebody waits
 */
export async function catchUp(round: () => Promise<number | null>, most: number, waitsForOthers: boolean): Promise<void> {
  for (;;) {
    const taken = await round();
    if (taken === null && waitsForOthers) await new Promise((resolve) => setTimeout(resolve, YIELD_MS));
    else if (taken === null || taken < most) return;
  }
}
