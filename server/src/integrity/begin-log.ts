import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import { StartRefusal } from '../start-refusal.ts';
import { addLogKey } from './log-keys.ts';
import { bornAs, gapsOf } from './log-name.ts';

export interface LogNaming {
  /** As configured; null where the log may choose. */
  readonly configured: string | null;
  readonly invented: string;
}

/**
 * Names the log and makes its first key, once for a database. Safe to repeat and to race. A name after a gap got its key from the two people who
 * acknowledged the gap, in their commit: the database alone can give the log such a name, but no key for it. Sees to it that this month and the next ones have their segments, so that an append finds one.
 * @throws {StartRefusal} where another name is configured than the log has, and where it has the name of a gap that nobody acknowledged.
 */
export async function beginLog(db: Db, secrets: SecretKeys, { configured, invented }: LogNaming): Promise<string> {
  await makeSegmentsAhead(db);
  return db.transaction().execute(async (tx) => {
    await sql`select audit.begin_log(${configured ?? invented})`.execute(tx);
    const { rows } = await sql<{ origin: string; size: number }>`select origin, size from audit.hold_head(false) where origin is not null`.execute(tx);
    const [head] = rows;
    if (!head) throw new Error('The log has no head');
    if (configured !== null && bornAs(head.origin) !== configured)
      throw new StartRefusal(
        `LOG_ORIGIN is ${configured}, but the log of this database was born as ${bornAs(head.origin)}. A log keeps its name: leave LOG_ORIGIN out, or set it to that.`,
      );
    await sql`select pg_advisory_xact_lock(hashtextextended('audit.log_key', 0))`.execute(tx);
    const keys = await sql`select from audit.log_key where starts_with(verifier, ${`${head.origin}+`}) and last_size is null`.execute(tx);
    if (keys.rows.length === 0 && gapsOf(head.origin) > 0)
      throw new StartRefusal(`The log has gone on as ${head.origin}, and there is no key for that name: nobody has acknowledged a gap. Restore the database from before that.`);
    if (keys.rows.length === 0) await addLogKey(tx, secrets, head.origin, head.size);
    return head.origin;
  });
}

/** Segments for this month and three more. Without one an append is refused, and every act with it: done at each start and daily. */
export async function makeSegmentsAhead(db: Db): Promise<void> {
  await sql`select audit.make_segments((clock_timestamp() at time zone 'UTC')::date, ((clock_timestamp() at time zone 'UTC') + interval '3 months')::date)`.execute(db);
}
