import { randomUUID } from 'node:crypto';
import { sealEvents } from '@sallyport/server/integrity/seal-events.ts';
import type { StreamTimes } from '@sallyport/server/streaming/run-stream.ts';
import { type Kysely, sql } from 'kysely';
import { openLog, refund } from '../audit/log-fixture.ts';

/** Waits in milliseconds: as short as a test needs. */
export const SHORT_TIMES: StreamTimes = { look: 20, soon: [20, 100], slowly: [150, 300], sign: 50 };

export const ORIGIN = 'test.example/log';

/** Writes so many events, all at once. */
export async function writeEvents(db: Kysely<unknown>, count: number): Promise<void> {
  const log = openLog(db);
  await Promise.all(Array.from({ length: count }, (_, place) => log.record(refund({ correlationId: randomUUID(), ticket: `SUP-${place}` }))));
}

/** Seals everything that waits and covers it with a checkpoint; the streams read none of its note. @returns the size of the log. */
export async function coverLog(db: Kysely<unknown>, origin = ORIGIN): Promise<number> {
  await sealLog(db, origin);
  const { rows } = await sql<{ size: number }>`
    with head as (select * from audit.log_head)
    select head.size, audit.keep_checkpoint(head.origin, head.size, head.root, 'a note') from head`.execute(db);
  return rows[0]?.size ?? 0;
}

/** Seals everything that waits, and covers none of it. */
export async function sealLog(db: Kysely<unknown>, origin = ORIGIN): Promise<void> {
  await sql`select audit.begin_log(${origin})`.execute(db);
  while (((await sealEvents(db, 4096)) ?? 1) > 0);
}
