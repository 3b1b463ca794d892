import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { Tx } from '../../ports.ts';
import type { ActionEffect, Facts, InputMap } from '../../vocabulary/define-action.ts';
import type { AccessReviewItemFields } from './access-review-item.resource.ts';
import { eventOfOutcome, isInForce, type ReviewedSubject, revokeSubject } from './settle-item.ts';

type ItemFacts = Facts<AccessReviewItemFields, InputMap>;

export const subjectOf = ({ target }: ItemFacts): ReviewedSubject => ({
  itemId: target.id,
  reviewId: String(target.reviewId),
  // The column's check names these three.
  subjectType: target.subjectType as ReviewedSubject['subjectType'],
  subjectId: String(target.subjectId),
});

/** An answer counts until the deadline, by the database's clock. @throws {GatewayError} CONFLICT. */
export async function requireInTime(tx: Tx, { target }: ItemFacts): Promise<void> {
  const { rows } = await sql`
    select 1 from gateway.access_review where id = ${target.reviewId} and closed_at is null and deadline > clock_timestamp()`.execute(tx);
  if (rows.length === 0) throw new GatewayError('CONFLICT', 'The deadline has passed. What was unanswered is being revoked.');
}

/**
 * Gives one item its answer; the item's row is locked. A revocation holds from the commit on.
 * @throws {GatewayError} CONFLICT after the deadline; LAST_OWNER.
 */
export async function decideItem(tx: Tx, facts: ItemFacts, decision: 'keep' | 'revoke'): Promise<ActionEffect> {
  const { viewer, reason, correlationId } = facts;
  const subject = subjectOf(facts);
  const by = viewer.actor.id;
  const inForce = decision === 'keep' ? await isInForce(tx, subject) : await revokeSubject(tx, subject, { by, reason: reason ?? '-' });
  const outcome = !inForce ? 'already-ended' : decision === 'keep' ? 'kept' : 'revoked';
  // A lock may have been waited for: the deadline is asked for again by the statement that writes the answer.
  const { rows } = await sql`
    update gateway.access_review_item item set decision = ${decision}, decided_by = ${by}, decided_at = clock_timestamp(), reason = ${reason ?? '-'},
      outcome = ${outcome}, outcome_at = clock_timestamp()
    from gateway.access_review review
    where item.id = ${subject.itemId} and item.outcome is null and review.id = item.review_id and review.closed_at is null and review.deadline > clock_timestamp()
    returning item.id`.execute(tx);
  if (rows.length === 0) throw new GatewayError('CONFLICT');
  const drafted = eventOfOutcome(outcome, subject, 'decided');
  const events = drafted ? [{ ...drafted, correlationId, viewer, ...(reason === null ? {} : { reason }) }] : [];
  return { events, detail: { reviewId: subject.reviewId, subjectType: subject.subjectType, subjectId: subject.subjectId, outcome } };
}
