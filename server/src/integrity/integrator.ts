import type { Db } from '@sallyport/schema/ports.ts';
import type { Log } from '../kernel/log.ts';
import { catchUp, repeatInTurns } from '../kernel/repeat-in-turns.ts';
import type { LogSigner } from './log-keys.ts';
import { isAnythingUnsealed, type SealedNotice, sealEvents } from './seal-events.ts';
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
  /** Told of what each round sealed, in its transaction. */
  readonly onSealed?: SealedNotice;
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

/** Seals and signs in the background, round after round. Several gateways on one database take turns by the lock of the head. */
export function startIntegrator({ db, signer, standing, log, everyMs = EVERY_MS, onSealed, onCheckpoint, onContradiction }: IntegratorOptions): Integrator {
  let last: SignedHead | null = null;

  const turn = async (waitsForOthers: boolean): Promise<void> => {
    // What has been looked for is cheaper than a round that takes the head's lock.
    await catchUp(async () => ((await isAnythingUnsealed(db)) ? sealEvents(db, MOST_A_ROUND, onSealed) : 0), MOST_A_ROUND, waitsForOthers);
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

  const turns = repeatInTurns({
    run: turn,
    everyMs,
    log,
    // The queue of events keeps, and the integrity panel shows the lag.
    failed: 'the audit log could not be sealed; it is tried again',
    recovered: 'The audit log is sealed and signed again.',
  });
  return { sealNow: turns.now, stop: turns.stop };
}
