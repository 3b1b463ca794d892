import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

const NAME = sql.id('sallyport_trial');

/** Does work within the transaction and undoes it whatever comes of it; what it found out stays. Its failure is the caller's. */
export async function tryOut<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await sql`savepoint ${NAME}`.execute(tx);
  const found = await work();
  await sql`rollback to savepoint ${NAME}`.execute(tx);
  await sql`release savepoint ${NAME}`.execute(tx);
  return found;
}

/**
 * Does work within the transaction; where the rows refuse it, undoes what it had done and says so. Every other failure is the
 * caller's: a lost connection or a lost race takes the whole transaction with it.
 */
export async function attemptWithin<T>(tx: Tx, work: () => Promise<T>): Promise<{ readonly done: T } | { readonly refusal: GatewayError }> {
  await sql`savepoint ${NAME}`.execute(tx);
  try {
    const done = await work();
    await sql`release savepoint ${NAME}`.execute(tx);
    return { done };
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    await sql`rollback to savepoint ${NAME}`.execute(tx);
    await sql`release savepoint ${NAME}`.execute(tx);
    return { refusal };
  }
}

/** Faults of the house, and what another try may mend, are no refusals. */
const NOT_REFUSALS = new Set(['AUDIT_UNAVAILABLE', 'UNAVAILABLE', 'OUTCOME_UNKNOWN', 'INTERNAL']);

function refusalIn(error: unknown): GatewayError | null {
  if (error instanceof GatewayError) return NOT_REFUSALS.has(error.code) ? null : error;
  const state = error instanceof Error ? (error as { code?: unknown }).code : null;
  // Class 23 is a constraint; its name and the colliding value stay inside (C23).
  return typeof state === 'string' && /^23[0-9A-Z]{3}$/.test(state) ? new GatewayError('CONFLICT') : null;
}
