import type { ComposedEvent } from './compose-event.ts';
import type { EventRecord } from './event-record.ts';

/** A statement as `pg` takes it; the name lets a connection prepare it once. */
export interface AppendStatement {
  readonly name: string;
  readonly text: string;
  readonly values: [string, string | null];
  /** IDs of the events, in the order given. */
  readonly ids: readonly string[];
}

/** Member of the record → column of `audit.event`. */
export const COLUMNS = {
  id: 'id',
  formatVersion: 'format_version',
  correlationId: 'correlation_id',
  kind: 'kind',
  outcome: 'outcome',
  reasonCode: 'reason_code',
  surface: 'surface',
  environment: 'environment',
  policyVersion: 'policy_version',
  actorId: 'actor_id',
  actorName: 'actor_name',
  subjectId: 'subject_id',
  subjectName: 'subject_name',
  role: 'role',
  grantId: 'grant_id',
  sessionId: 'session_id',
  tokenId: 'token_id',
  breakGlassId: 'break_glass_id',
  secondFactor: 'second_factor',
  ip: 'ip',
  userAgent: 'user_agent',
  action: 'action',
  permission: 'permission',
  effect: 'effect',
  reach: 'reach',
  tier: 'tier',
  tenantId: 'tenant_id',
  targetType: 'target_type',
  targetId: 'target_id',
  reason: 'reason',
  ticket: 'ticket',
  approvalId: 'approval_id',
  stepUpId: 'step_up_id',
  before: 'before',
  after: 'after',
  fieldsRead: 'fields_read',
  detail: 'detail',
} as const satisfies Record<Exclude<keyof EventRecord, 'time'>, string>;

/** How an event's time stands in its canonical form. */
export const timeText = (expression: string): string => `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * The one statement that appends events, with the values behind their commitments: `audit.append` of migration 0014.
 * Crash point: none inside, the statement commits with its transaction or is not there.
 */
export function appendStatement(events: readonly ComposedEvent[]): AppendStatement {
  const personal = events.flatMap((event) => event.personal.map((value) => ({ eventId: event.record.id, ...value })));
  return {
    name: 'audit-append',
    text: 'select audit.append($1::json, $2::json)',
    values: [JSON.stringify(events.map(({ record, head, tail }) => ({ ...record, head, tail }))), personal.length > 0 ? JSON.stringify(personal) : null],
    ids: events.map(({ record }) => record.id),
  };
}
