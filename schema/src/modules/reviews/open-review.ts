import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { RoleTable } from '../../policy/rights.ts';
import type { Tx } from '../../ports.ts';
import type { OutboxMessage } from '../../vocabulary/define-action.ts';
import type { Cadence, ReviewKind } from './access-review.resource.ts';
import { policyRows, type ReviewScope, subjectsFrom } from './subjects.ts';
import { USE_BY_THE_LOG } from './use-by-the-log.ts';

export interface ReviewPlan {
  readonly title: string;
  readonly kind: ReviewKind;
  readonly scope: ReviewScope;
  readonly ownerId: string;
  /** Null where the clock opens it. */
  readonly startedBy: string | null;
  readonly days: number;
  readonly cadence: Cadence;
  readonly previousId: string | null;
  readonly correlationId: string;
}

export interface OpenedReview {
  readonly id: string;
  readonly items: number;
}

/**
 * Opens a campaign and asks for every grant, token or emergency in its scope, with its use by the log, all as of this transaction.
 * @returns null where the campaign before has its successor already.
 */
export async function openReview(tx: Tx, plan: ReviewPlan, roles: RoleTable): Promise<OpenedReview | null> {
  const id = randomUUID();
  // Half past the minute: see the migration.
  const { rows: opened } = await sql`
    insert into gateway.access_review (id, title, kind, scope, owner_id, started_by, created_at, days, deadline, cadence, previous_id, correlation_id)
    select ${id}, ${plan.title}, ${plan.kind}, ${JSON.stringify(plan.scope)}::jsonb, ${plan.ownerId}, ${plan.startedBy}, clock.now, ${plan.days}::int,
      date_trunc('minute', clock.now + make_interval(days => ${plan.days}::int)) + interval '30 seconds', ${plan.cadence}, ${plan.previousId}, ${plan.correlationId}
    from (select clock_timestamp() as now offset 0) clock
    on conflict (previous_id) do nothing returning id`.execute(tx);
  if (opened.length === 0) return null;
  const { from, snapshot } = subjectsFrom(plan.kind, plan.scope, plan.cadence);
  const { rows: items } = await sql`
    with policy as materialized (
      select * from jsonb_to_recordset(${policyRows(roles)}::jsonb) as rule(role text, permission text, effect text, reach text)
    )
    insert into gateway.access_review_item (id, review_id, subject_type, subject_id, staff_id, title, snapshot, last_used_at, used_permissions, unused_permissions)
    select gen_random_uuid(), ${id}, found.subject_type, found.subject_id, found.staff_id, holder.display_name || ' · ' || found.label, ${snapshot},
      use.last_used_at, use.used, use.unused
    from ${from} cross join lateral (${USE_BY_THE_LOG}) use
    returning id`.execute(tx);
  return { id, items: items.length };
}

/** Tells those who are to answer; leaves with the commit. */
export const openedMessage = (reviewId: string): OutboxMessage => ({ job: 'deliver-message', payload: { template: 'access-review-opened', reviewId } });
