import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/** Uses up a half-session; true for exactly one caller. */
export async function endHalfSession(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await sql`
    update gateway.session set ended_at = clock_timestamp(), end_reason = 'completed'
    where id = ${id} and stage = 'half' and ended_at is null and expires_at > clock_timestamp()
    returning id`.execute(tx);
  return rows.length > 0;
}
