import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/**
 * Forgets what can no longer matter: budgets whose windows are over (a row of failures is kept), half-sessions, challenges that were never
 * answered, links and marks of browsers that have expired. Sessions stay for 90 days, since the log names them. Safe at any time, by any number of gateways.
 */
export async function purgeExpiredAccess(db: Db): Promise<void> {
  await sql`delete from gateway.attempt_budget where long_started_at < clock_timestamp() - interval '2 days' and (scope <> 'second-factor' or consecutive = 0)`.execute(db);
  await sql`delete from gateway.step_up where consumed_at is null and expires_at < clock_timestamp() - interval '1 day'`.execute(db);
  await sql`delete from gateway.enrolment_link where expires_at < clock_timestamp() - interval '30 days'`.execute(db);
  await sql`delete from gateway.known_device where expires_at < clock_timestamp()`.execute(db);
  await sql`delete from gateway.session where (stage = 'half' and expires_at < clock_timestamp() - interval '1 day') or expires_at < clock_timestamp() - interval '90 days'`.execute(
    db,
  );
}
