import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import type { CompiledQuery } from 'kysely';
import type { OpenTransaction } from '../db/pipelined-transaction.ts';

/** What a piece of work wants of its transaction. */
export interface Work<T> {
  readonly value: T;
  /** What goes into the same commit and travels with it; null undoes everything: a preview, a repeated request. */
  readonly last: readonly LastStatement[] | null;
}

/** A statement of which nothing is awaited but that it succeeded. */
export interface LastStatement {
  readonly query: CompiledQuery;
  /** Its failure as the caller is to hear it. */
  readonly refusal?: (fault: unknown) => GatewayError;
}

const TRIES = 3;
const RETRYABLE = new Set(['40001', '40P01']);
/** A state holds a digit, which tells it from the codes of a socket (EPIPE). */
const sqlState = (error: unknown): string | null => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : null;
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : null;
};

/**
 * Runs work in one transaction, the only place that begins and commits for an act. A serialization failure or
 * deadlock repeats the whole work, rights and all (K04). A lost answer to COMMIT is OUTCOME_UNKNOWN, never "failed" (K03).
 * @throws {GatewayError} CONFLICT for rows that collide or a work that keeps losing; OUTCOME_UNKNOWN; whatever the work throws.
 */
export async function actInTransaction<T>(open: OpenTransaction, work: (tx: Tx) => Promise<Work<T>>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(open, work);
    } catch (error) {
      const state = sqlState(error);
      if (state !== null && RETRYABLE.has(state) && attempt < TRIES) continue;
      // Class 23 is a constraint; its name and the colliding value stay inside (C23).
      if (state !== null && (RETRYABLE.has(state) || state.startsWith('23'))) throw new GatewayError('CONFLICT');
      throw error;
    }
  }
}

async function once<T>(open: OpenTransaction, work: (tx: Tx) => Promise<Work<T>>): Promise<T> {
  const transaction = await open();
  let finished: Work<T>;
  try {
    finished = await work(transaction.tx);
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
  const { value, last } = finished;
  if (last === null) {
    await transaction.rollback();
    return value;
  }
  // Before here a crash leaves neither change nor event; from the server's COMMIT on, both.
  const results = await transaction.commit(last.map(({ query }) => query));
  const failed = results.findIndex(({ status }) => status === 'rejected');
  if (failed < 0) return value;
  const { reason: fault } = results[failed] as PromiseRejectedResult;
  const state = sqlState(fault);
  const statement = last[failed];
  // Refused by the server before COMMIT: it has rolled back, whatever became of the connection afterwards.
  if (statement && state !== null) throw statement.refusal?.(fault) ?? fault;
  if (state !== null && !state.startsWith('57P') && !state.startsWith('08')) throw fault;
  // COMMIT was sent and its answer is lost.
  throw new GatewayError('OUTCOME_UNKNOWN');
}

/**
 * Awaits statements of one transaction that were sent together. Of several that fail, the first in this order is
 * told: the ones behind it mostly failed because of it (25P02), and which refusal the caller hears must not depend on luck.
 */
export async function inOrder<T extends readonly unknown[]>(...sent: T): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  await Promise.allSettled(sent);
  return Promise.all(sent);
}
