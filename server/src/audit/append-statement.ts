import type { ComposedEvent } from './compose-event.ts';
import type { EventRecord } from './event-record.ts';

/** A statement as `pg` takes it; the name lets a connection prepare it once. */
export interface AppendStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
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

/** Members in the order of the columns. */
const MEMBERS = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
const TYPES: Readonly<Partial<Record<keyof typeof COLUMNS, string>>> = {
  id: 'uuid',
  formatVersion: 'smallint',
  before: 'jsonb',
  after: 'jsonb',
  fieldsRead: 'text[]',
  detail: 'jsonb',
};
const isJson = (member: keyof typeof COLUMNS): boolean => TYPES[member] === 'jsonb';
const place = (member: keyof typeof COLUMNS): string => `$${MEMBERS.indexOf(member) + 1}`;

/** What `audit.append` does for one event without personal values, from parameters in place of JSON: half the work for the database. */
const APPEND_ONE = `
  with written as (
    insert into audit.event (${MEMBERS.map((member) => `"${COLUMNS[member]}"`).join(', ')}, time, canonical, retention)
    select ${MEMBERS.map((member) => `${place(member)}::${TYPES[member] ?? 'text'}`).join(', ')}, now,
      convert_to($${MEMBERS.length + 1}::text || ${timeText('now')} || $${MEMBERS.length + 2}::text, 'UTF8'), audit.retention_class(${place('outcome')}, ${place('effect')})
    from (select clock_timestamp() as now offset 0) as clock
    returning id, time, retention, canonical
  )
  insert into audit.unsealed (event_id, time, retention, leaf_hash)
  select id, time, retention, sha256('\\x00'::bytea || canonical) from written`;

/**
 * The one statement that appends events, with the values behind their commitments. Written alone or with others, an event comes to the same
 * row, bytes and leaf hash. Crash point: none inside, the statement commits with its transaction or is not there.
 */
export function appendStatement(events: readonly ComposedEvent[]): AppendStatement {
  const ids = events.map(({ record }) => record.id);
  const [only, ...others] = events;
  if (only && others.length === 0 && only.personal.length === 0) {
    const values = MEMBERS.map((member) => (isJson(member) && only.record[member] !== undefined ? JSON.stringify(only.record[member]) : (only.record[member] ?? null)));
    return { name: 'audit-append-one', text: APPEND_ONE, values: [...values, only.head, only.tail], ids };
  }
  const personal = events.flatMap((event) => event.personal.map((value) => ({ eventId: event.record.id, ...value })));
  return {
    name: 'audit-append',
    text: 'select audit.append($1::json, $2::json)',
    values: [JSON.stringify(events.map(({ record, head, tail }) => ({ ...record, head, tail }))), personal.length > 0 ? JSON.stringify(personal) : null],
    ids,
  };
}
