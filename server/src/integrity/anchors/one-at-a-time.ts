import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/** Key of the advisory lock of whoever anchors. A database has one log. */
const LOCK = 7_251_004;

/**
 * Runs the work while this connection holds the lock of a log's anchoring; a process that dies loses it with its connection.
 * @returns false, with nothing done, while another process holds it
 */
export function oneAtATime(db: Db, work: () => Promise<void>): Promise<boolean> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{ held: boolean }>`select pg_try_advisory_lock(${LOCK}) as held`.execute(connection);
    if (rows[0]?.held !== true) return false;
    try {
      await work();
      return true;
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(connection);
    }
  });
}
