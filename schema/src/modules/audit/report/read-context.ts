import { sql } from 'kysely';
import { concerns } from '../../approvals/request-rows.ts';
import { eventsWithin } from '../story-columns.ts';
import { matchedEvents, type ReportQuery } from './matched-events.ts';
import { type PolicyParts, policyParts } from './policy-parts.ts';

/** A policy under which events of the report happened. */
export interface ReportPolicy {
  readonly hash: string;
  /** When a gateway first stood under it; null where its text is not kept. */
  readonly firstSeenAt: string | null;
  readonly events: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly parts: PolicyParts;
}

interface PolicyRow extends Omit<ReportPolicy, 'parts'> {
  readonly actions: readonly string[];
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  readonly body: unknown;
}

export async function readPolicies(query: ReportQuery, length: number): Promise<readonly ReportPolicy[]> {
  const { rows } = await sql<PolicyRow>`
    ${matchedEvents(query, 'time', 'policy_version', 'action', 'permission', 'role')},
    used as (
      select policy_version as hash, count(*)::int as events, min(time) as first_at, max(time) as last_at,
        coalesce(array_agg(distinct action) filter (where action is not null), '{}') as actions,
        coalesce(array_agg(distinct permission) filter (where permission is not null), '{}') as permissions,
        coalesce(array_agg(distinct role) filter (where role is not null), '{}') as roles
      from matched group by policy_version order by min(time), policy_version limit ${length})
    select used.hash, used.events, used.first_at as "firstAt", used.last_at as "lastAt", used.actions, used.permissions, used.roles,
      kept.first_seen_at as "firstSeenAt", kept.body
    from used left join gateway.policy_version kept on kept.hash = used.hash order by used.first_at, used.hash`.execute(query.db);
  return rows.map(({ body, actions, permissions, roles, ...policy }) => ({ ...policy, parts: policyParts(body, { actions, permissions, roles }) }));
}

/** What one person said to a request. */
export interface ReportDecision {
  readonly reviewerId: string;
  readonly reviewerName: string | null;
  readonly decision: 'approve' | 'deny';
  readonly comment: string | null;
  readonly reviewedAt: string;
  /** SHA-256, hex, over what they were shown. */
  readonly shownDigest: string;
}

/** A request for a second person that events of the report belong to. */
export interface ReportApproval {
  readonly id: string;
  readonly state: string;
  readonly action: string;
  readonly permission: string;
  readonly tenantId: string | null;
  readonly targetType: string;
  readonly targetId: string | null;
  readonly reason: string;
  readonly ticket: string | null;
  readonly requesterId: string;
  readonly requesterName: string | null;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly endedAt: string | null;
  readonly auditEventId: string | null;
  readonly correlationId: string;
  readonly policyVersion: string;
  readonly argumentDigest: string;
  readonly shownDigest: string;
  readonly rule: unknown;
  readonly decisions: readonly ReportDecision[];
}

/** Requests whose events are in the report: those that concern the viewer, within their reach over the log. */
export async function readApprovals(query: ReportQuery, length: number): Promise<readonly ReportApproval[]> {
  const { rows } = await sql<ReportApproval>`
    ${matchedEvents(query, 'approval_id')}
    select request.id::text, coalesce(ending.state, case when request.expires_at <= clock_timestamp() then 'expired' else 'pending' end) as state,
      request.action, request.permission, request.tenant_id as "tenantId", request.target_type as "targetType", request.target_id as "targetId", request.reason, request.ticket,
      request.requester_id::text as "requesterId", requester.display_name as "requesterName", request.requested_at as "requestedAt", request.expires_at as "expiresAt",
      ending.ended_at as "endedAt", ending.audit_event_id::text as "auditEventId", request.correlation_id::text as "correlationId",
      request.policy_version as "policyVersion", request.argument_digest as "argumentDigest", request.shown_digest as "shownDigest", request.rule,
      coalesce((
        select json_agg(json_build_object('reviewerId', review.reviewer_id, 'reviewerName', reviewer.display_name, 'decision', review.decision, 'comment', review.comment,
          'reviewedAt', to_char(review.reviewed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'shownDigest', review.shown_digest) order by review.reviewed_at, review.id)
        from gateway.approval_review review left join gateway.staff reviewer on reviewer.id = review.reviewer_id where review.request_id = request.id), '[]') as decisions
    from gateway.approval_request request
    left join gateway.approval_ending ending on ending.request_id = request.id
    left join gateway.staff requester on requester.id = request.requester_id
    where request.id = any(array(select distinct approval_id::uuid from matched where approval_id is not null))
      and ${eventsWithin('request', query.reach)} and ${concerns('request', query.viewer)}
      ${query.selection.tenantId ? sql`and request.tenant_id = ${query.selection.tenantId}` : sql``}
    order by request.requested_at, request.id limit ${length}`.execute(query.db);
  return rows;
}

/** A message that went out because of an act. */
export interface ReportDelivery {
  readonly id: string;
  readonly correlationId: string;
  readonly tenantId: string | null;
  readonly template: string;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  readonly failedAttempts: number;
}

export async function readDeliveries(query: ReportQuery, length: number): Promise<readonly ReportDelivery[]> {
  const { rows } = await sql<ReportDelivery>`
    ${matchedEvents(query, 'correlation_id')}
    select message.id::text, message.correlation_id::text as "correlationId", message.tenant_id as "tenantId", message.template,
      message.created_at as "createdAt", message.delivered_at as "deliveredAt",
      (select count(*)::int from audit.event event where event.target_id = message.id::text and event.target_type = 'outgoingMessage'
        and event.outcome = 'failed' and event.time >= message.created_at) as "failedAttempts"
    from gateway.outgoing_message message
    where message.correlation_id = any(array(select distinct correlation_id::uuid from matched)) and ${eventsWithin('message', query.reach)}
      ${query.selection.tenantId ? sql`and message.tenant_id = ${query.selection.tenantId}` : sql``}
    order by message.created_at, message.id limit ${length}`.execute(query.db);
  return rows;
}

/** Personal fields that somebody was shown. */
export interface ReportReading {
  readonly eventId: string;
  readonly time: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly tenantId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly fields: readonly string[];
  readonly correlationId: string;
}

export async function readReadings(query: ReportQuery, length: number): Promise<readonly ReportReading[]> {
  const { rows } = await sql<ReportReading>`
    ${matchedEvents(query, 'id', 'time', 'actor_id', 'actor_name', 'tenant_id', 'target_type', 'target_id', 'fields_read', 'correlation_id')}
    select event.id::text as "eventId", event.time, event.actor_id as "actorId", event.actor_name as "actorName", event.tenant_id as "tenantId",
      event.target_type as "targetType", event.target_id as "targetId", event.fields_read as fields, event.correlation_id as "correlationId"
    from matched event where event.fields_read <> '{}' order by event.time, event.id limit ${length}`.execute(query.db);
  return rows;
}

/** An attempt that was refused or failed. */
export interface ReportRefusal {
  readonly eventId: string;
  readonly time: string;
  readonly kind: string;
  readonly outcome: string;
  readonly reasonCode: string | null;
  readonly action: string | null;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly tenantId: string | null;
  readonly correlationId: string;
}

/** In the order of time. Where the list has to be cut, questions for a code are left out first: else anybody could hide a refusal behind them. */
export async function readRefusals(query: ReportQuery, length: number): Promise<readonly ReportRefusal[]> {
  const { rows } = await sql<ReportRefusal>`
    ${matchedEvents(query, 'id', 'time', 'kind', 'outcome', 'reason_code', 'action', 'actor_id', 'actor_name', 'tenant_id', 'correlation_id')}
    select event.id::text as "eventId", event.time, event.kind, event.outcome, event.reason_code as "reasonCode", event.action, event.actor_id as "actorId",
      event.actor_name as "actorName", event.tenant_id as "tenantId", event.correlation_id as "correlationId"
    from (
      select refused.* from matched refused where refused.outcome in ('denied', 'failed')
      order by coalesce(refused.reason_code = 'STEP_UP_REQUIRED', false), refused.time, refused.id limit ${length}) event
    order by event.time, event.id`.execute(query.db);
  return rows;
}
