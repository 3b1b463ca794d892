import { GatewayError } from '@sallyport/schema/errors.ts';
import { requestCancelled, requestExpired } from '@sallyport/schema/modules/approvals/request.event.ts';
import type { AuditEventDraft, Db, RequestContext, Tx } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { OutboxMessage } from '@sallyport/schema/vocabulary/define-action.ts';
import { sql } from 'kysely';
import type { AuditLog } from '../../kernel/seams.ts';
import type { DoorParts } from '../attempt.ts';
import type { Ending } from './fold.ts';

/** Tells the requester how their request ended. */
export const decided = (approvalId: string): OutboxMessage => ({ job: 'deliver-message', payload: { template: 'approval-decided', approvalId } });

export interface NewEnding {
  readonly requestId: string;
  readonly state: Exclude<Ending, 'expired'>;
  readonly endedBy: string | null;
  readonly cause: string | null;
  readonly auditEventId: string | null;
}

/**
 * Ends a request, once: what is lapsed by the database's clock at this instant, or ended by somebody else, ends nothing here.
 * Whoever else is about to end it is waited for.
 * @throws {GatewayError} APPROVAL_EXPIRED, APPROVAL_STATE.
 */
export async function endRequest(tx: Tx, { requestId, state, endedBy, cause, auditEventId }: NewEnding): Promise<void> {
  const { rows } = await sql`
    insert into gateway.approval_ending (request_id, state, ended_by, cause, audit_event_id)
    select id, ${state}, ${endedBy}::uuid, ${cause}, ${auditEventId}::uuid from gateway.approval_request where id = ${requestId} and expires_at > clock_timestamp()
    on conflict (request_id) do nothing returning request_id`.execute(tx);
  if (rows.length > 0) return;
  const known = await sql`select from gateway.approval_ending where request_id = ${requestId}`.execute(tx);
  throw new GatewayError(known.rows.length > 0 ? 'APPROVAL_STATE' : 'APPROVAL_EXPIRED');
}

interface Ended {
  readonly id: string;
  readonly correlationId: string;
  readonly tenantId: string | null;
}

const ENDED = sql`request.id::text, request.correlation_id::text as "correlationId", request.tenant_id as "tenantId"`;

const endedEvent = (kind: string, { id, correlationId, tenantId }: Ended): Pick<AuditEventDraft, 'kind' | 'outcome' | 'correlationId' | 'approvalId' | 'tenantId' | 'target'> => ({
  kind,
  outcome: 'ok',
  correlationId,
  approvalId: id,
  tenantId,
  target: { type: 'approvalRequest', id },
});

/** Ends every open request of a person whose access ends, in the act's transaction; an event for each. */
export async function endRequestsOf(tx: Tx, staffId: string, viewer: Viewer, context: RequestContext): Promise<readonly AuditEventDraft[]> {
  const { rows } = await sql<Ended>`
    with ended as (
      insert into gateway.approval_ending (request_id, state, ended_by, cause)
      select id, 'cancelled', ${viewer.actor.id}::uuid, 'requester-disabled' from gateway.approval_request
      where requester_id = ${staffId}::uuid and expires_at > clock_timestamp()
      order by id
      on conflict (request_id) do nothing returning request_id)
    select ${ENDED} from gateway.approval_request request join ended on ended.request_id = request.id order by request.id`.execute(tx);
  return rows.map((ended) => ({
    ...endedEvent(requestCancelled.kind, ended),
    surface: context.surface,
    ip: context.ip,
    viewer,
    detail: { cause: 'requester-disabled', requestCorrelationId: context.correlationId },
  }));
}

/** Requests ended in one transaction. */
const BATCH = 200;

/**
 * Writes the ending of every request whose time is over, each with its event and a word to the requester. What is lapsed can't be
 * executed whether this runs or not. Any number of gateways may run it at once; one that dies leaves the rest to the next.
 */
export const endLapsedApprovals =
  (prepareMessage: DoorParts['prepareMessage']) =>
  async (db: Db, audit: AuditLog): Promise<void> => {
    for (;;) {
      const ended = await db.transaction().execute(async (tx) => {
        const { rows } = await sql<Ended>`
          with lapsed as (
            select id from gateway.approval_request request
            where expires_at <= clock_timestamp() and not exists (select from gateway.approval_ending ending where ending.request_id = request.id)
            order by id limit ${BATCH}),
          ended as (
            insert into gateway.approval_ending (request_id, state) select id, 'expired' from lapsed on conflict (request_id) do nothing returning request_id)
          select ${ENDED} from gateway.approval_request request join ended on ended.request_id = request.id order by request.id`.execute(tx);
        for (const request of rows) {
          const draft = { ...endedEvent(requestExpired.kind, request), surface: 'job', ip: null, viewer: null, actorId: 'worker', actorName: 'Background worker' } as const;
          await audit.append(tx, draft);
          await tx.executeQuery(prepareMessage(decided(request.id), request.correlationId, request.tenantId));
        }
        return rows.length;
      });
      if (ended < BATCH) return;
    }
  };
