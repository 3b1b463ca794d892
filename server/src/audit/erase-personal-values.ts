import type { Db, TargetReference, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/**
 * Erases the personal values of records that events and requests hold beside themselves (H16), through `audit.erase_values`: the serving role may not delete
 * here. Events, requests, canonical bytes and commitments stay as they were.
 * @param tenantIds tenants that the records belong to, whose legal holds keep them too.
 * @returns how many values are gone. Rejects with SQLSTATE 23001 under a legal hold, 55P03 while one is being placed.
 */
export async function erasePersonalValues(db: Db | Tx, subjects: readonly TargetReference[], tenantIds: readonly string[] = []): Promise<number> {
  const [types, ids] = [subjects.map(({ type }) => type), subjects.map(({ id }) => id)];
  const { rows } = await sql<{ erased: number }>`select audit.erase_values(${types}::text[], ${ids}::text[], ${[...tenantIds]}::text[]) as erased`.execute(db);
  return Number(rows[0]?.erased ?? 0);
}
