import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../ports.ts';

/** What of a name people tell apart: neither case nor spaces. */
const told = (name: RawBuilder<unknown>): RawBuilder<unknown> => sql`lower(regexp_replace(btrim(${name}), '\\s+', ' ', 'g'))`;

/** From here to the end of the transaction nobody else gives a name out. */
export const lockNames = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('gateway.staff names', 0))`.execute(tx);
};

/** Whether an account that is not disabled bears the name: an approver who reads it twice could not tell who is who (THREATS D02). */
export async function isNameTaken(tx: Tx, displayName: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from gateway.staff named where named.state <> 'disabled' and ${told(sql`named.display_name`)} = ${told(sql`${displayName}::text`)} limit 1`.execute(tx);
  return rows.length > 0;
}
