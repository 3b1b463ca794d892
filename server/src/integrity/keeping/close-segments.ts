import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/** Milliseconds in which every event of a segment is read and hashed: a million of them take some seconds. */
export const SEGMENT_TIMEOUT_MS = 30 * 60_000;

/** Gives the statements of this transaction the time that a whole segment takes. @returns the bound before, as PostgreSQL writes it. */
export async function allowTimeForSegment(tx: Tx): Promise<string> {
  const { rows } = await sql<{ before: string; now: string }>`
    select before.setting as before, set_config('statement_timeout', ${String(SEGMENT_TIMEOUT_MS)}, true) as now
    from (select current_setting('statement_timeout') as setting offset 0) before`.execute(tx);
  return rows[0]?.before ?? '0';
}

/**
 * Books every segment whose month is over and whose events are all signed for, each in a transaction of its own; several gateways may be at it.
 * @returns how many.
 */
export async function closeSegments(db: Db): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from audit.segment where sealed_at is null and (month + interval '1 month') at time zone 'UTC' <= clock_timestamp() order by month, retention`.execute(db);
  let closed = 0;
  for (const { id } of rows) {
    const done = await db.transaction().execute(async (tx) => {
      await allowTimeForSegment(tx);
      return sql<{ closed: boolean }>`select audit.close_segment(${id}) as closed`.execute(tx);
    });
    if (done.rows[0]?.closed) closed += 1;
  }
  return closed;
}
