import { sql } from 'kysely';
import type { Builder } from '../../builder.ts';
import { GatewayError } from '../../errors.ts';
import type { Db } from '../../ports.ts';
import { isKey } from '../../resources/columns.ts';
import { readItems } from './permissions.ts';

/** Version of the report's form; a change of any member's meaning makes a new one. */
const FORMAT = 'sallyport-access-review/1';

/**
 * Everything that a campaign asked, what was answered by whom, what came of it, and the events that prove it, as one JSON document.
 *
 * It is made of rows that the database lets nobody rewrite, and of the log. For an evidence pack: take this document as it is,
 * and for each ID in `events` the log's own entry with its proof of inclusion; `policyVersions` name the policies under which
 * it all happened (`policyVersion(hash)` answers the text). The IDs in `subjectId` are those of the grants themselves.
 */
async function readReport(db: Db, id: string): Promise<unknown> {
  const { rows } = await sql<{ report: unknown }>`
    select jsonb_build_object(
      'format', ${FORMAT}::text,
      'campaign', jsonb_build_object('id', review.id, 'title', review.title, 'kind', review.kind, 'scope', review.scope, 'cadence', review.cadence, 'days', review.days,
        'ownerId', review.owner_id, 'owner', owner.display_name, 'startedById', review.started_by, 'createdAt', review.created_at, 'deadline', review.deadline,
        'closedAt', review.closed_at, 'closedById', review.closed_by, 'seriesEndedAt', review.series_ended_at, 'previousId', review.previous_id),
      'correlationId', review.correlation_id,
      'counts', (select coalesce(jsonb_object_agg(state, items), '{}') from (
        select coalesce(item.outcome, 'open') as state, count(*) as items from gateway.access_review_item item where item.review_id = review.id group by 1) counted),
      'items', (select coalesce(jsonb_agg(jsonb_build_object('id', item.id, 'subjectType', item.subject_type, 'subjectId', item.subject_id, 'holderId', item.staff_id,
          'title', item.title, 'asShown', item.snapshot, 'lastUsedAt', item.last_used_at, 'usedPermissions', item.used_permissions,
          'unusedPermissions', item.unused_permissions, 'decision', item.decision, 'decidedById', item.decided_by, 'decidedBy', decider.display_name,
          'decidedAt', item.decided_at, 'reason', item.reason, 'outcome', item.outcome, 'outcomeAt', item.outcome_at) order by item.title, item.id), '[]')
        from gateway.access_review_item item left join gateway.staff decider on decider.id = item.decided_by where item.review_id = review.id),
      'policyVersions', (select coalesce(jsonb_agg(distinct event.policy_version), '[]') from audit.event event where event.correlation_id = review.correlation_id::text),
      'events', (select coalesce(jsonb_agg(jsonb_build_object('id', event.id, 'time', event.time, 'kind', event.kind, 'outcome', event.outcome,
          'targetType', event.target_type, 'targetId', event.target_id) order by event.time, event.id), '[]')
        from audit.event event where event.correlation_id = review.correlation_id::text and event.kind like 'reviews.%')
    ) as report
    from gateway.access_review review join gateway.staff owner on owner.id = review.owner_id where review.id = ${id}`.execute(db);
  if (!rows[0]) throw new GatewayError('NOT_FOUND');
  return rows[0].report;
}

/** `accessReviewReport(id)`: a campaign as evidence. */
export function addReviewReport(builder: Builder): void {
  builder.queryField('accessReviewReport', (t) =>
    t.field({
      type: 'Json',
      access: readItems,
      nullable: true,
      description: 'A campaign as evidence: what was asked, answered and done, with the IDs of the events that prove it.',
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_root, { id }, context) => {
        if (!isKey('uuid', id)) throw new GatewayError('NOT_FOUND');
        return readReport(context.db, id);
      },
    }),
  );
}
