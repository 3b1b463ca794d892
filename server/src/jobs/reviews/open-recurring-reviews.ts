import { randomUUID } from 'node:crypto';
import type { Cadence, ReviewKind } from '@sallyport/schema/modules/reviews/access-review.resource.ts';
import { openedMessage, openReview } from '@sallyport/schema/modules/reviews/open-review.ts';
import { reviewStarted } from '@sallyport/schema/modules/reviews/review.event.ts';
import type { ReviewScope } from '@sallyport/schema/modules/reviews/subjects.ts';
import type { RoleTable } from '@sallyport/schema/policy/rights.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog } from '../../kernel/seams.ts';
import { enqueue } from '../enqueue.ts';
import { BY_THE_CLOCK } from './close-overdue-reviews.ts';

interface DueReview {
  readonly id: string;
  readonly title: string;
  readonly kind: ReviewKind;
  readonly scope: ReviewScope;
  readonly ownerId: string;
  readonly days: number;
  readonly cadence: Exclude<Cadence, 'once'>;
}

/**
 * Opens the campaigns whose turn has come: a month, or three, after the one before was started, and not before it is closed.
 * To run by any number of processes: the successor's reference to its predecessor is unique, and event and message commit with it.
 */
export async function openRecurringReviews(db: Db, audit: AuditLog, roles: RoleTable): Promise<void> {
  const { rows: due } = await sql<DueReview>`
    select before.id, before.title, before.kind, before.scope, before.owner_id as "ownerId", before.days, before.cadence from gateway.access_review before
    where before.closed_at is not null and before.series_ended_at is null
      and clock_timestamp() >= before.created_at + case before.cadence when 'monthly' then interval '1 month' when 'quarterly' then interval '3 months' end
      and not exists (select from gateway.access_review after where after.previous_id = before.id)
    order by before.created_at, before.id`.execute(db);
  for (const { id: previousId, ...plan } of due) {
    const correlationId = randomUUID();
    await db.transaction().execute(async (tx) => {
      const opened = await openReview(tx, { ...plan, startedBy: null, previousId, correlationId }, roles);
      if (!opened) return;
      await enqueue(tx, openedMessage(opened.id), correlationId);
      const detail = { items: opened.items, previousId };
      await audit.append(tx, { ...BY_THE_CLOCK, kind: reviewStarted.kind, outcome: 'ok', correlationId, target: { type: 'accessReview', id: opened.id }, detail });
    });
  }
}
