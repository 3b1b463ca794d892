import { closeReview, readUnanswered } from '@sallyport/schema/modules/reviews/close-review.ts';
import { reviewClosed } from '@sallyport/schema/modules/reviews/review.event.ts';
import { eventOfOutcome, type ReviewedSubject, settleUnanswered } from '@sallyport/schema/modules/reviews/settle-item.ts';
import type { AuditEventDraft, Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog } from '../../kernel/seams.ts';

/** Nobody acts at a deadline: the worker names itself, under the campaign's correlation. */
export const BY_THE_CLOCK = { actorId: 'worker', actorName: 'Background worker', surface: 'job', ip: null, viewer: null } as const satisfies Partial<AuditEventDraft>;

interface OverdueReview {
  readonly id: string;
  readonly correlationId: string;
}

const TRIES = 3;
const RETRYABLE = new Set(['40001', '40P01']);

/** Runs work in one transaction, again where the database let another go first. */
async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const code = error instanceof Error ? (error as { code?: unknown }).code : null;
      if (attempt >= TRIES || typeof code !== 'string' || !RETRYABLE.has(code)) throw error;
    }
  }
}

/**
 * Revokes what nobody answered for until the deadline and closes the campaign. To run every minute, by any number of processes.
 *
 * Crash points: each item commits with its revocation and its event, so a run that died goes on where it was; the campaign
 * is closed by the one statement that finds it open and every item settled. Whoever answers at the same moment holds the
 * item's row, or finds it settled.
 */
export async function closeOverdueReviews(db: Db, audit: AuditLog): Promise<void> {
  const { rows: overdue } = await sql<OverdueReview>`
    select id, correlation_id as "correlationId" from gateway.access_review where closed_at is null and deadline <= clock_timestamp() order by deadline, id`.execute(db);
  const faults: unknown[] = [];
  for (const review of overdue) {
    // What can't be revoked now keeps its campaign open, and nothing else waiting.
    for (const subject of await db.transaction().execute((tx) => readUnanswered(tx, review.id))) {
      await inTransaction(db, (tx) => settle(tx, audit, review, subject)).catch((fault: unknown) => faults.push(fault));
    }
    await inTransaction(db, (tx) => close(tx, audit, review)).catch((fault: unknown) => faults.push(fault));
  }
  if (faults.length > 0) throw faults[0];
}

async function settle(tx: Tx, audit: AuditLog, { correlationId }: OverdueReview, subject: ReviewedSubject): Promise<void> {
  const { rows } = await sql`select 1 from gateway.access_review_item where id = ${subject.itemId} and outcome is null for update`.execute(tx);
  if (rows.length === 0) return;
  const drafted = eventOfOutcome(await settleUnanswered(tx, subject), subject, 'unanswered');
  if (drafted) await audit.append(tx, { ...drafted, ...BY_THE_CLOCK, correlationId });
}

async function close(tx: Tx, audit: AuditLog, { id, correlationId }: OverdueReview): Promise<void> {
  const counts = await closeReview(tx, id, null, false);
  if (counts)
    await audit.append(tx, { ...BY_THE_CLOCK, kind: reviewClosed.kind, outcome: 'ok', correlationId, target: { type: 'accessReview', id }, detail: { outcomes: counts } });
}
