import { randomUUID } from 'node:crypto';
import { logClockJumped } from '@sallyport/schema/modules/log/log-surroundings.event.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog } from '../../kernel/seams.ts';
import { MOST_BACK_SECONDS } from '../../transparency/entry-time.ts';

/** Seconds by which two clocks may differ before somebody is told. Clocks that are kept by a time server differ by far less than one. */
export const MOST_APART_SECONDS = 5;
/** The last moment that a date has, in milliseconds since the Unix epoch. Whoever writes to the queue can write `infinity`, by which nothing can be said. */
const MOST_MS = 8.64e15;
/** Gateways that notice one setting of the clock do so within this many seconds of each other. */
const SAME_SETTING_SECONDS = 60;

export interface ClockJump {
  readonly cause: 'order' | 'ahead' | 'set';
  /** Of the entry that shows it; null for `set`. */
  readonly index: number | null;
  /** Negative for back. */
  readonly seconds: number;
}

export interface Edge {
  readonly index: number;
  readonly ms: number;
}

/**
 * Looks at the times of entries that were just sealed, in the transaction that sealed them. A round is in the order of time within itself, so that a jump shows where
 * it begins, against the entry before it, and at its end, against the clock of who seals. A clock that stays ahead is told of where it begins.
 * @param first index of the round's first entry
 * @param size of the tree with it
 * @param now the clock of this process, in milliseconds since the Unix epoch
 */
export async function noticeJumps(tx: Tx, audit: Pick<AuditLog, 'append'>, first: number, size: number, now: number): Promise<void> {
  const { rows } = await sql<Edge>`
    select log_index as index, least(greatest(extract(epoch from time)::float8 * 1000, ${-MOST_MS}::float8), ${MOST_MS}::float8) as ms from audit.leaf where log_index = any(${[first - 1, first, size - 1]}::bigint[])`.execute(
    tx,
  );
  const at = (index: number): Edge | undefined => rows.find((row) => row.index === index);
  for (const jump of jumpsIn(at(first - 1), at(first), at(size - 1), now)) await noteJump(tx, audit, jump);
}

/** What the edges of a round say: the entry before it, its first and its last one. */
export function jumpsIn(before: Edge | undefined, first: Edge | undefined, last: Edge | undefined, now: number): readonly ClockJump[] {
  const jumps: ClockJump[] = [];
  if (before && first && before.ms - first.ms > MOST_BACK_SECONDS * 1000) jumps.push({ cause: 'order', index: first.index, seconds: (first.ms - before.ms) / 1000 });
  const latest = now + MOST_APART_SECONDS * 1000;
  if (last && last.ms > latest && !(before && before.ms > latest)) jumps.push({ cause: 'ahead', index: last.index, seconds: (last.ms - now) / 1000 });
  return jumps;
}

/** Books a jump and puts it on the log, once. Of several gateways that saw the clock being set, one does. */
export async function noteJump(tx: Tx, audit: Pick<AuditLog, 'append'>, { cause, index, seconds }: ClockJump): Promise<void> {
  if (cause === 'set') await sql`select pg_advisory_xact_lock(hashtextextended('gateway.log_clock_jump', 0))`.execute(tx);
  const { rows } = await sql`
    insert into gateway.log_clock_jump (cause, log_index, seconds)
    select ${cause}, ${index}::bigint, ${seconds}::float8
    where ${cause} <> 'set' or not exists (
      select from gateway.log_clock_jump known where abs(extract(epoch from clock_timestamp() - known.noticed_at)) < ${SAME_SETTING_SECONDS}::float8)
    on conflict do nothing returning 1`.execute(tx);
  if (rows.length === 0) return;
  await audit.append(tx, {
    kind: logClockJumped.kind,
    outcome: 'failed',
    correlationId: randomUUID(),
    surface: 'job',
    ip: null,
    viewer: null,
    actorId: 'gateway',
    actorName: 'Gateway process',
    detail: { cause, seconds: Math.round(seconds * 10) / 10, ...(index === null ? {} : { logIndex: index }) },
  });
}
