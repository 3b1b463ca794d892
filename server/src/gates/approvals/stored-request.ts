import { createHash } from 'node:crypto';
import type { Db, Surface, Tx } from '@sallyport/schema/ports.ts';
import type { ViewerSession } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import { canonicalJson } from '../../audit/canonical-json.ts';
import type { Json } from '../../audit/plain-json.ts';
import { actionDigest } from '../action-digest.ts';
import type { Arguments, KeptValue, StoredChange } from './concealed-values.ts';
import type { Ending, StoredRule } from './fold.ts';
import type { Oddity } from './oddities.ts';

/** What is asked, by whom and why: everything that an approver judges. Written once. */
export interface AskedFor {
  readonly id: string;
  readonly requesterId: string;
  readonly correlationId: string;
  readonly action: string;
  readonly permission: string;
  readonly targetType: string;
  /** Null where the act makes a record. */
  readonly targetId: string | null;
  readonly targetTitle: string | null;
  readonly targetVersion: string | null;
  readonly tenantId: string | null;
  readonly reason: string;
  readonly ticket: string | null;
  readonly arguments: Arguments;
  readonly argumentDigest: string;
  readonly policyVersion: string;
  readonly rule: StoredRule;
  readonly changes: readonly StoredChange[];
  readonly oddities: readonly Oddity[];
}

/** A request as the rows have it. */
export interface StoredRequest extends AskedFor {
  readonly sessionId: string;
  readonly secondFactor: ViewerSession['secondFactor'];
  readonly surface: Surface;
  readonly ip: string;
  readonly stepUpId: string | null;
  readonly shownDigest: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly ending: Ending | null;
  /** Time of reading by the database's clock. */
  readonly now: string;
  readonly reviews: readonly { readonly reviewerId: string; readonly decision: 'approve' | 'deny' }[];
}

/** SHA-256, hex, of RFC 8785 JSON over action, target, arguments as they are kept, and justification. */
export const argumentDigestOf = ({ action, targetType, targetId, arguments: values, reason, ticket }: Omit<AskedFor, 'argumentDigest'>): string =>
  actionDigest(action, { type: targetType, id: targetId }, { ...values, justification: { reason, ticket } });

/** SHA-256, hex, of RFC 8785 JSON over everything that an approver judges (D06). Its times follow from the rule. */
export function shownDigestOf(asked: AskedFor): string {
  const { id, requesterId, correlationId, action, permission, targetType, targetId, targetTitle, targetVersion, tenantId } = asked;
  const { reason, ticket, argumentDigest, policyVersion, rule, changes, oddities } = asked;
  const what = { id, requesterId, correlationId, action, permission, targetType, targetId, targetTitle, targetVersion, tenantId };
  const shown = { ...what, reason, ticket, arguments: asked.arguments, argumentDigest, policyVersion, rule, changes, oddities };
  return createHash('sha256')
    .update(canonicalJson(shown as unknown as Json))
    .digest('hex');
}

/** Whether the row still says what was filed: both digests anew. */
export const isUnaltered = (request: StoredRequest): boolean => argumentDigestOf(request) === request.argumentDigest && shownDigestOf(request) === request.shownDigest;

/** Null where there is no such request. The caller holds its lock where it is to be decided on. */
export async function readRequest(db: Tx | Db, id: string): Promise<StoredRequest | null> {
  const { rows } = await sql<StoredRequest>`
    select id::text, requester_id::text as "requesterId", correlation_id::text as "correlationId", action, permission, target_type as "targetType",
      target_id as "targetId", target_title as "targetTitle", target_version as "targetVersion", tenant_id as "tenantId", reason, ticket, arguments,
      argument_digest as "argumentDigest", policy_version as "policyVersion", rule, changes, oddities, session_id::text as "sessionId",
      second_factor as "secondFactor", surface, ip, step_up_id::text as "stepUpId", shown_digest as "shownDigest", requested_at as "requestedAt",
      expires_at as "expiresAt", (select state from gateway.approval_ending ending where ending.request_id = request.id) as ending, clock_timestamp() as now,
      coalesce((select json_agg(json_build_object('reviewerId', review.reviewer_id, 'decision', review.decision) order by review.reviewed_at, review.id)
        from gateway.approval_review review where review.request_id = request.id), '[]') as reviews
    from gateway.approval_request request where id = ${id}::uuid`.execute(db);
  return rows[0] ?? null;
}

export type NewRequest = AskedFor & Pick<StoredRequest, 'sessionId' | 'secondFactor' | 'surface' | 'ip' | 'stepUpId'>;

/** Writes a request with the values kept beside it. It can be decided on from now, by the database's clock, for as long as its rule says. */
export async function insertRequest(tx: Tx, request: NewRequest, kept: readonly KeptValue[]): Promise<void> {
  const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;
  await sql`
    insert into gateway.approval_request (
      id, requested_at, requester_id, session_id, second_factor, surface, ip, step_up_id, correlation_id, action, permission, target_type, target_id, target_title,
      target_version, tenant_id, reason, ticket, arguments, argument_digest, policy_version, rule, changes, oddities, shown_digest, expires_at)
    select ${request.id}, clock.now, ${request.requesterId}, ${request.sessionId}, ${request.secondFactor}, ${request.surface}, ${request.ip}, ${request.stepUpId},
      ${request.correlationId}, ${request.action}, ${request.permission}, ${request.targetType}, ${request.targetId}, ${request.targetTitle}, ${request.targetVersion},
      ${request.tenantId}, ${request.reason}, ${request.ticket}, ${json(request.arguments)}, ${request.argumentDigest}, ${request.policyVersion}, ${json(request.rule)},
      ${json(request.changes)}, ${json(request.oddities)}, ${shownDigestOf(request)}, clock.now + make_interval(mins => ${request.rule.expiresAfterMinutes}::int)
    from (select clock_timestamp() as now offset 0) clock`.execute(tx);
  for (const { name, salt, value, targetType, targetId } of kept)
    await sql`
      insert into gateway.approval_value (request_id, name, salt, value, target_type, target_id)
      values (${request.id}, ${name}, ${salt}, ${json(value)}, ${targetType}, ${targetId})`.execute(tx);
}
