import { type Kysely, sql } from 'kysely';

/** Deletes the personal values of a record beside events and requests, as the owner may without anybody's request. @returns how many. */
export async function deleteValuesAsOwner(owner: Kysely<unknown>, type: string, id: string): Promise<number> {
  const { rows } = await sql<{
    erased: number;
  }>`select audit.delete_values(jsonb_build_object('erased', jsonb_build_object(${type}::text, jsonb_build_array(${id}::text))), '{}') as erased`.execute(owner);
  return Number(rows[0]?.erased);
}
