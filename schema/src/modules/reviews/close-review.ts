import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../ports.ts';
import type { Outcome, ReviewedSubject } from './settle-item.ts';

/** Items of a campaign by what became of them. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

/**
 * Items that nobody answered, those about what was used least and longest ago first: where the last administrator has to be spared,
 * it is the one who is there.
 */
export async function readUnanswered(tx: Tx, reviewId: string, lock: RawBuilder<unknown> = sql``): Promise<readonly ReviewedSubject[]> {
  const { rows } = await sql<ReviewedSubject>`
    select id as "itemId", review_id as "reviewId", subject_type as "subjectType", subject_id as "subjectId" from gateway.access_review_item
    where review_id = ${reviewId} and outcome is null order by last_used_at nulls first, id ${lock}`.execute(tx);
  return rows;
}

/**
 * Closes a campaign whose items all have an outcome.
 * @param by null at the deadline.
 * @returns null where it is closed already, or an item is still without an outcome.
 */
export async function closeReview(tx: Tx, reviewId: string, by: string | null, endsSeries: boolean): Promise<OutcomeCounts | null> {
  const { rows } = await sql`
    update gateway.access_review review set closed_at = clock_timestamp(), closed_by = ${by}, series_ended_at = case when ${endsSeries} then clock_timestamp() end
    where review.id = ${reviewId} and review.closed_at is null
      and not exists (select from gateway.access_review_item item where item.review_id = review.id and item.outcome is null) returning id`.execute(tx);
  if (rows.length === 0) return null;
  const { rows: counted } = await sql<{ outcome: Outcome; items: number }>`
    select outcome, count(*)::int as items from gateway.access_review_item where review_id = ${reviewId} group by outcome`.execute(tx);
  const none = { kept: 0, revoked: 0, 'revoked-at-deadline': 0, 'already-ended': 0, guarded: 0 };
  return { ...none, ...Object.fromEntries(counted.map(({ outcome, items }) => [outcome, items])) };
}
