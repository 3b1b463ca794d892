import { GatewayError } from '@sallyport/schema/errors.ts';
import type { QueryResult } from 'kysely';

const RESTRICT_VIOLATION = '23001';
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Asks the database to let go of something, and turns its refusal into ours. The sentences of `audit.prune_segment` and its like are
 * written for people.
 * @throws {GatewayError} CONFLICT with the reason; UNAVAILABLE where a lock is not to be had: the same again succeeds when the other is done.
 */
export async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    const state = fault instanceof Error ? (fault as { code?: unknown }).code : null;
    if (state === RESTRICT_VIOLATION) throw new GatewayError('CONFLICT', (fault as Error).message);
    if (state === LOCK_NOT_AVAILABLE) throw new GatewayError('UNAVAILABLE', 'Somebody is reading or changing this at this moment. Try again shortly.');
    throw fault;
  }
}

/** The first row of a statement that always answers with one. */
export function only<T>({ rows }: Pick<QueryResult<T>, 'rows'>): T {
  const [row] = rows;
  if (row === undefined) throw new TypeError('The database answered nothing');
  return row;
}
