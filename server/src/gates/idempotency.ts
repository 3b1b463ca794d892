import { GatewayError } from '@sallyport/schema/errors.ts';
import type { ActionResult, Tx } from '@sallyport/schema/ports.ts';
import { CompiledQuery, sql } from 'kysely';

/** What is kept of an answer; values shown once are never among it. */
export type StoredAnswer = Omit<ActionResult, 'once'>;

/**
 * Claims a key for this request inside the act's transaction. A second caller with the same key waits here
 * for the first to commit or roll back. Returns the stored answer where the act was done before; null where
 * the claim is ours. Keys are a person's own and are forgotten after 24 hours.
 * @throws {GatewayError} IDEMPOTENCY_MISMATCH where the key stands for another request.
 */
export async function claimKey(tx: Tx, personId: string, key: string, requestHash: string): Promise<StoredAnswer | null> {
  const claimed = await sql`
    insert into gateway.idempotency as known (person_id, key, request_hash) values (${personId}, ${key}, decode(${requestHash}, 'hex'))
    on conflict (person_id, key) do update set request_hash = excluded.request_hash, answer = null, created_at = clock_timestamp()
    where known.created_at < clock_timestamp() - interval '24 hours'
    returning 1`.execute(tx);
  if (claimed.rows.length > 0) return null;
  const known = await sql<{ same: boolean; answer: StoredAnswer | null }>`
    select request_hash = decode(${requestHash}, 'hex') as same, answer from gateway.idempotency where person_id = ${personId} and key = ${key}`.execute(tx);
  const [row] = known.rows;
  if (!row?.same) throw new GatewayError('IDEMPOTENCY_MISMATCH');
  if (!row.answer) throw new GatewayError('CONFLICT');
  return row.answer;
}

/** The statement that stores the answer under the claimed key; it travels with the commit of the act. */
export const storeAnswer = (personId: string, key: string, answer: StoredAnswer): CompiledQuery =>
  CompiledQuery.raw('update gateway.idempotency set answer = $1::jsonb where person_id = $2 and key = $3', [JSON.stringify(answer), personId, key]);
