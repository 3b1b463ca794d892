import { type RawBuilder, sql } from 'kysely';
import type { TenantReach } from '../../viewer.ts';

/** Rows of the log within a reach; what belongs to no tenant lies within global reach only. */
export const eventsWithin = (row: string, reach: TenantReach): RawBuilder<unknown> =>
  reach === 'global' ? sql`true` : sql`coalesce(${sql.id(row, 'tenant_id')} = any(${[...reach]}::text[]), false)`;

/** Where an event stands in the Merkle tree; null while it waits to be sealed, and where there is no tree yet. */
const logIndex = (row: string): RawBuilder<unknown> => sql`(select leaf.log_index from audit.leaf leaf where leaf.event_id = ${sql.id(row, 'id')} order by leaf.log_index limit 1)`;

/** Entries that the newest signed checkpoint of the log's present name covers. */
export const COVERED_SIZE = sql`(select coalesce(max(signed.size), 0) from audit.checkpoint signed where signed.origin = (select head.origin from audit.log_head head))`;

/** What a `StoryEvent` is made of, from rows of `audit.event`. */
export const storyColumns = (row: string): RawBuilder<unknown> => {
  const column = (name: string): RawBuilder<unknown> => sql.id(row, name);
  return sql`${column('id')}, ${column('time')}, ${column('kind')}, ${column('outcome')}, ${column('reason_code')} as "reasonCode", ${column('surface')},
    ${column('correlation_id')} as "correlationId", ${column('actor_id')} as "actorId", ${column('actor_name')} as "actorName",
    ${column('subject_id')} as "subjectId", ${column('subject_name')} as "subjectName", ${column('role')}, ${column('grant_id')} as "grantId",
    ${column('session_id')} as "sessionId", ${column('token_id')} as "tokenId", ${column('break_glass_id')} as "breakGlassId",
    ${column('second_factor')} as "secondFactor", ${column('action')}, ${column('permission')}, ${column('effect')}, ${column('tenant_id')} as "tenantId",
    ${column('target_type')} as "targetType", ${column('target_id')} as "targetId", ${column('reason')}, ${column('ticket')},
    ${column('approval_id')} as "approvalId", ${column('step_up_id')} as "stepUpId", ${column('policy_version')} as "policyVersion",
    ${column('before')}, ${column('after')}, ${column('fields_read')} as "fieldsRead", ${logIndex(row)} as "logIndex",
    coalesce(${logIndex(row)} < ${COVERED_SIZE}, false) as covered`;
};

/**
 * Which events of a story stay when it is longer than can be told: what was done, then what failed; refusals, previews and readings are
 * what whoever knows a correlation ID can add to it.
 */
export const byWeight = (row: string): RawBuilder<unknown> => sql`
  case when ${sql.id(row, 'outcome')} = 'ok' and ${sql.id(row, 'effect')} = 'write' then 0 when ${sql.id(row, 'outcome')} = 'ok' and ${sql.id(row, 'effect')} is null then 1
    when ${sql.id(row, 'outcome')} = 'failed' then 2 else 3 end, ${sql.id(row, 'sequence')}`;
