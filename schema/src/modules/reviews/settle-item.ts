import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { AuditEventDraft, Tx } from '../../ports.ts';
import { endGrant } from '../access/end-grant.ts';
import { accessGuarded, accessRevoked } from './review.event.ts';
import { grantNotOver, tokenNotOver } from './subjects.ts';

/** What an item is about. */
export interface ReviewedSubject {
  readonly itemId: string;
  readonly reviewId: string;
  readonly subjectType: 'grant' | 'token' | 'break-glass';
  readonly subjectId: string;
}

export type Outcome = 'kept' | 'revoked' | 'revoked-at-deadline' | 'already-ended' | 'guarded';

const TARGETS = { grant: 'accessGrant', token: 'accessToken', 'break-glass': 'breakGlassUse' } as const;

/** Whether it still holds, or may still come to hold. */
export async function isInForce(tx: Tx, { subjectType, subjectId }: ReviewedSubject): Promise<boolean> {
  const { rows } = await (subjectType === 'token'
    ? sql`select 1 from gateway.access_token made where made.id = ${subjectId} and ${tokenNotOver('made')}`
    : sql`select 1 from gateway.access_grant held where held.id = ${subjectId} and ${grantNotOver('held')}`
  ).execute(tx);
  return rows.length > 0;
}

export interface Revocation {
  /** Null where nobody answered. */
  readonly by: string | null;
  readonly reason: string;
}

/**
 * Takes it away: whoever acts with it holds its row FOR SHARE and comes before, or reads it revoked.
 * @returns false where it was over already.
 * @throws {GatewayError} LAST_OWNER where nobody could administer access without it (F11).
 */
export async function revokeSubject(tx: Tx, { subjectType, subjectId }: ReviewedSubject, { by, reason }: Revocation): Promise<boolean> {
  if (subjectType === 'token') {
    const { rows } = await sql`
      update gateway.access_token made set revoked_at = clock_timestamp(), revoked_by = ${by} where made.id = ${subjectId} and ${tokenNotOver('made')} returning id`.execute(tx);
    return rows.length > 0;
  }
  if (!(await endGrant(tx, subjectId, { by, reason }))) return false;
  if (subjectType === 'break-glass')
    await sql`update gateway.break_glass set ended_at = clock_timestamp(), end_reason = 'revoked' where id = ${subjectId} and ended_at is null`.execute(tx);
  return true;
}

/** Notes what became of an item that nobody answered. The item's row is locked by the caller and has no outcome yet. */
export async function settleUnanswered(tx: Tx, subject: ReviewedSubject): Promise<Outcome> {
  const outcome = await outcomeUnanswered(tx, subject);
  await sql`update gateway.access_review_item set outcome = ${outcome}, outcome_at = clock_timestamp() where id = ${subject.itemId}`.execute(tx);
  return outcome;
}

async function outcomeUnanswered(tx: Tx, subject: ReviewedSubject): Promise<Outcome> {
  await sql`savepoint before_revocation`.execute(tx);
  try {
    const revoked = await revokeSubject(tx, subject, { by: null, reason: 'access-review-unanswered' });
    await sql`release savepoint before_revocation`.execute(tx);
    return revoked ? 'revoked-at-deadline' : 'already-ended';
  } catch (error) {
    if (!(error instanceof GatewayError && error.code === 'LAST_OWNER')) throw error;
    await sql`rollback to savepoint before_revocation`.execute(tx);
    return 'guarded';
  }
}

/** What the log says of the subject itself, so that its own history tells it; null where nothing was done to it. */
export function eventOfOutcome(
  outcome: Outcome,
  subject: ReviewedSubject,
  because: 'decided' | 'unanswered',
): Pick<AuditEventDraft, 'kind' | 'outcome' | 'reasonCode' | 'target' | 'detail'> | null {
  const target = { type: TARGETS[subject.subjectType], id: subject.subjectId };
  const detail = { reviewId: subject.reviewId, itemId: subject.itemId, because };
  if (outcome === 'revoked' || outcome === 'revoked-at-deadline') return { kind: accessRevoked.kind, outcome: 'ok', target, detail };
  if (outcome === 'guarded') return { kind: accessGuarded.kind, outcome: 'denied', reasonCode: 'LAST_OWNER', target, detail };
  return null;
}
