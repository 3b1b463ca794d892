import type { Db } from '@sallyport/schema/ports.ts';
import { describeError, type Log } from '../kernel/log.ts';
import type { LogSigner } from './log-keys.ts';
import { isAnythingUnsealed, sealEvents } from './seal-events.ts';
import { LogContradiction, type SignedHead, signHead } from './sign-checkpoint.ts';
import type { StandingBook } from './standing.ts';

export interface IntegratorOptions {
  /** On connections of its own: a gateway that is busy to its last connection still seals. */
  readonly db: Db;
  readonly signer: LogSigner;
  readonly standing: StandingBook;
  readonly log: Log;
  /** Milliseconds between two looks. Default 200. */
  readonly everyMs?: number;
  /** Told of each checkpoint that this process signed. */
  readonly onCheckpoint?: (signed: SignedHead) => void;
  /** Told that the log does not continue this, which this process has signed. */
  readonly onContradiction?: (signed: SignedHead) => Promise<void>;
}

export interface Integrator {
  /** Seals and signs everything that waits by now. For tests and evidence; while nothing may be signed, it only seals. */
  sealNow(): Promise<void>;
  /** Ends after the round in hand. */
  stop(): Promise<void>;
}

/** Events taken in one round. A round of this many takes some tens of milliseconds. */
const MOST_A_ROUND = 4096;
const EVERY_MS = 200;
/** Where another gateway is sealing, the wait for its round. */
const YIELD_MS = 20;

/** Seals and signs in the background, round after round. Several gateways on one database take turns by the lock of the head. */
export function startIntegrator({ db, signer, standing, log, everyMs = EVERY_MS, onCheckpoint, onContradiction }: IntegratorOptions): Integrator {
  let stopped = false;
  let failing = false;
  let last: SignedHead | null = null;
  let round: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const sealAll = async (waitsForOthers: boolean): Promise<void> => {
    while (await isAnythingUnsealed(db)) {
      const sealed = await sealEvents(db, MOST_A_ROUND);
      if (sealed === null && waitsForOthers) await new Promise((resolve) => setTimeout(resolve, YIELD_MS));
      // What a full round left goes at once. A short one has taken what had been committed when it began.
      else if (sealed === null || sealed < MOST_A_ROUND) return;
    }
  };

  const turn = async (waitsForOthers: boolean): Promise<void> => {
    await sealAll(waitsForOthers);
    if (!standing.maySign()) return;
    try {
      const signed = await signHead(db, signer, last);
      if (!signed) return;
      last = signed;
      onCheckpoint?.(signed);
    } catch (fault) {
      if (fault instanceof LogContradiction && last) await onContradiction?.(last);
      throw fault;
    }
  };

  /** One turn at a time: rounds of one process would only wait for each other's lock. */
  const queue = (waitsForOthers: boolean): Promise<void> => {
    const next = round.then(() => turn(waitsForOthers));
    round = next.catch(() => undefined);
    return next;
  };

  const look = (): void => {
    if (stopped) return;
    void queue(false)
      .then(
        () => {
          if (failing) log.info('The audit log is sealed and signed again.');
          failing = false;
        },
        (fault: unknown) => {
          // Once for a row of failures: the queue of events keeps, and the integrity panel shows the lag.
          if (!failing) log.error({ failure: describeError(fault) }, 'the audit log could not be sealed; it is tried again');
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
    sealNow: () => queue(true),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}
