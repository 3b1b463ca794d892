import { randomUUID } from 'node:crypto';
import { logClocksAgree, logClocksDiffer } from '@sallyport/schema/modules/log/log-surroundings.event.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { Log } from '../../kernel/log.ts';
import { repeatInTurns } from '../../kernel/repeat-in-turns.ts';
import type { AuditLog } from '../../kernel/seams.ts';
import { MOST_APART_SECONDS, noteJump } from './notice-jumps.ts';

/** The clocks of this process, in milliseconds. */
export interface ProcessClocks {
  /** Since the Unix epoch; whoever owns the machine can set it. */
  readonly wall: () => number;
  /** Since some moment; never set. It may stand still while the machine sleeps. */
  readonly steady: () => number;
}

export interface ClockWatchOptions {
  readonly db: Db;
  readonly audit: Pick<AuditLog, 'append' | 'record'>;
  readonly log: Log;
  readonly clocks?: ProcessClocks;
}

export interface ClockWatch {
  /** Seconds that the database's clock is ahead of this machine's; negative for behind, null before the first look. */
  difference(): number | null;
  /** Looks now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 10_000;
/** An answer that took longer says too little of the moment that it is about. */
const MOST_WAIT_MS = 2_000;

interface Reading {
  /** Milliseconds since the Unix epoch by the database. */
  readonly database: number;
  readonly wall: number;
  readonly steady: number;
  /** Half of how long the answer took, in milliseconds: what the comparison may be wrong by. */
  readonly unsure: number;
}

/**
 * Compares the database's clock with this machine's, and with the time that has really passed since the last look. Nothing is decided by what is found: the log is
 * ordered by arrival, and expiries go by the database alone; people are told.
 */
export function startClockWatch({ db, audit, log, clocks = { wall: () => Date.now(), steady: () => performance.now() } }: ClockWatchOptions): ClockWatch {
  let before: Reading | null = null;
  let difference: number | null = null;
  let isApart = false;

  async function look(): Promise<void> {
    const reading = await read(db, clocks);
    if (reading === null) return;
    difference = (reading.database - reading.wall) / 1000;
    await tellDifference(Math.abs(reading.database - reading.wall) - reading.unsure > MOST_APART_SECONDS * 1000);
    const earlier = before;
    if (earlier !== null) {
      const jumped = reading.database - earlier.database - (reading.steady - earlier.steady);
      if (Math.abs(jumped) - reading.unsure - earlier.unsure > MOST_APART_SECONDS * 1000)
        await db.transaction().execute((tx) => noteJump(tx, audit, { cause: 'set', index: null, seconds: jumped / 1000 }));
    }
    // After it is on the log: what could not be written is found again at the next look.
    before = reading;
  }

  async function tellDifference(apart: boolean): Promise<void> {
    if (apart === isApart) return;
    const seconds = Math.round((difference ?? 0) * 10) / 10;
    await audit.record({
      kind: (apart ? logClocksDiffer : logClocksAgree).kind,
      outcome: apart ? 'failed' : 'ok',
      correlationId: randomUUID(),
      surface: 'job',
      ip: null,
      viewer: null,
      actorId: 'gateway',
      actorName: 'Gateway process',
      detail: { differenceSeconds: seconds },
    });
    isApart = apart;
    if (apart) log.warn({ differenceSeconds: seconds }, "The database's clock and this machine's differ.");
  }

  const turns = repeatInTurns({ run: look, everyMs: EVERY_MS, log, failed: "the database's clock could not be compared" });
  return { difference: () => difference, look: turns.now, stop: turns.stop };
}

async function read(db: Db, { wall, steady }: ProcessClocks): Promise<Reading | null> {
  const [wallBefore, begun] = [wall(), steady()];
  const { rows } = await sql<{ ms: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`.execute(db);
  const unsure = (steady() - begun) / 2;
  const [row] = rows;
  return row === undefined || unsure * 2 > MOST_WAIT_MS ? null : { database: row.ms, wall: wallBefore + unsure, steady: begun + unsure, unsure };
}
