import type { Db, Tx } from '@sallyport/schema/ports.ts';
import type { OutboxMessage } from '@sallyport/schema/vocabulary/define-action.ts';
import { CompiledQuery } from 'kysely';
import { v7 as makeUuid } from 'uuid';
import { type JobEnvelope, QUEUE_SCHEMA } from './queue.ts';

const MOST_ATTEMPTS = 25;

/**
 * Puts a message into the queue inside the business transaction: it leaves if and only if the change commits.
 * @returns the message's ID, under which it is delivered once however often its job runs.
 */
export async function enqueue(tx: Tx | Db, message: OutboxMessage, correlationId: string, tenantId: string | null = null): Promise<{ readonly messageId: string }> {
  const { messageId, query } = prepareEnqueue(message, correlationId, tenantId);
  await tx.executeQuery(query);
  return { messageId };
}

/** The same as a bare statement, for an act whose last statements travel together. Nothing is written by this call. */
export function prepareEnqueue(message: OutboxMessage, correlationId: string, tenantId: string | null): { readonly messageId: string; readonly query: CompiledQuery } {
  const messageId = makeUuid();
  const envelope: JobEnvelope = { messageId, correlationId, tenantId, payload: message.payload };
  return { messageId, query: CompiledQuery.raw(`select ${QUEUE_SCHEMA}.add_job($1, $2::json, max_attempts := $3)`, [message.job, JSON.stringify(envelope), MOST_ATTEMPTS]) };
}
