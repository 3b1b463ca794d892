import type { AuditEventDraft, Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog } from '../kernel/seams.ts';
import type { JobEnvelope } from './queue.ts';

/** A message as it is handed to whoever carries it to the customer. */
export interface OutgoingMessage {
  /** Stays the same when the job runs again: the carrier's idempotency key. */
  readonly id: string;
  readonly correlationId: string;
  readonly tenantId: string | null;
  readonly template: string;
  readonly payload: JobEnvelope['payload'];
}

/** Carries a message out of the house. Must be safe to call again with the same ID; throws when it could not. */
export type Deliver = (message: OutgoingMessage) => Promise<void>;

/** The worker is no person: it names itself and acts for the correlation that the message came from. */
const WORKER = { actorId: 'worker', actorName: 'Background worker' } as const;

const draftOf = (message: OutgoingMessage, attempt: number): Omit<AuditEventDraft, 'kind' | 'outcome'> => ({
  ...WORKER,
  correlationId: message.correlationId,
  surface: 'job',
  ip: null,
  viewer: null,
  tenantId: message.tenantId,
  target: { type: 'outgoingMessage', id: message.id },
  detail: { template: message.template, attempt },
});

/**
 * Delivers one message. Crash points: before `deliver`, the job runs again and nothing was sent; between `deliver` and
 * the commit of mark and event, it runs again and the carrier knows the ID; after the commit, a second run finds the mark.
 */
export async function deliverMessage(db: Db, audit: AuditLog, deliver: Deliver, envelope: JobEnvelope, attempt: number): Promise<void> {
  const { messageId, correlationId, tenantId, payload } = envelope;
  const message: OutgoingMessage = { id: messageId, correlationId, tenantId, template: String(payload['template'] ?? 'message'), payload };
  await sql`
    insert into gateway.outgoing_message (id, correlation_id, tenant_id, template, payload)
    values (${message.id}, ${correlationId}, ${tenantId}, ${message.template}, ${JSON.stringify(payload)}::jsonb)
    on conflict (id) do nothing`.execute(db);
  const { rows } = await sql<{ delivered: boolean }>`select delivered_at is not null as delivered from gateway.outgoing_message where id = ${message.id}`.execute(db);
  if (rows[0]?.delivered) return;
  try {
    await deliver(message);
  } catch (fault) {
    await audit.record({ ...draftOf(message, attempt), kind: 'jobs.message.delivery-failed', outcome: 'failed', reasonCode: 'UNAVAILABLE' });
    throw fault;
  }
  await db.transaction().execute(async (tx) => {
    const { rows: marked } = await sql`
      update gateway.outgoing_message set delivered_at = clock_timestamp()
      where id = ${message.id} and delivered_at is null returning id`.execute(tx);
    if (marked.length > 0) await audit.append(tx, { ...draftOf(message, attempt), kind: 'jobs.message.delivered', outcome: 'ok' });
  });
}
