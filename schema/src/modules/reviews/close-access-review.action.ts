import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { type ActionEffect, defineAction } from '../../vocabulary/define-action.ts';
import { accessReview } from './access-review.resource.ts';
import { closeReview, readUnanswered } from './close-review.ts';
import { approveClosings, closeCampaigns } from './permissions.ts';
import { reviewClosed } from './review.event.ts';
import { eventOfOutcome, settleUnanswered } from './settle-item.ts';

/** Ends a campaign before its deadline, with the same consequence: what is unanswered is revoked. */
export const closeAccessReview = defineAction({
  name: 'closeAccessReview',
  on: accessReview,
  permission: closeCampaigns,
  label: { en: 'Close now', id: 'Tutup sekarang' },
  description: { en: 'Ends the review before its deadline. What is unanswered is revoked now.', id: 'Mengakhiri tinjauan sebelum tenggat. Yang belum dijawab dicabut sekarang.' },
  confirm: { en: 'Close {title} and revoke what is unanswered', id: 'Tutup {title} dan cabut yang belum dijawab' },
  done: { en: '{title} is closed.', id: '{title} telah ditutup.' },
  sensitive: 'always',
  justification: 'reason',
  // Starting a review and closing it at once would otherwise be one person's way to take everybody's access.
  approval: [
    {
      stated: { en: 'while something is unanswered', id: 'selama masih ada yang belum dijawab' },
      when: ({ target }) => (target.unanswered ?? 0) > 0,
      alternatives: [{ approver: approveClosings, quorum: 1 }],
    },
  ],
  refusedUnder: ['token', 'break-glass'],
  onRows: (row, viewer) => sql`${sql.id(row, 'owner_id')} = ${viewer.actor.id}::uuid`,
  allowedIn: { field: 'state', values: ['open', 'overdue'], otherwise: { en: 'This review is closed.', id: 'Tinjauan ini sudah ditutup.' } },
  joins: 'correlationId',
  input: {
    endsSeries: {
      type: 'boolean',
      optional: true,
      label: { en: 'Do not repeat it', id: 'Jangan diulang' },
      help: { en: 'No other review follows this one.', id: 'Tidak ada tinjauan lain setelah ini.' },
    },
  },
  event: reviewClosed,
  async run(tx, { target, viewer, input, reason, correlationId }) {
    const events: NonNullable<ActionEffect['events']>[number][] = [];
    for (const subject of await readUnanswered(tx, target.id, sql`for update`)) {
      const drafted = eventOfOutcome(await settleUnanswered(tx, subject), subject, 'unanswered');
      if (drafted) events.push({ ...drafted, correlationId, viewer, ...(reason === null ? {} : { reason }) });
    }
    const counts = await closeReview(tx, target.id, viewer.actor.id, input.endsSeries ?? false);
    if (!counts) throw new GatewayError('CONFLICT');
    return { events, detail: { outcomes: counts } };
  },
});
