import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { accountsOfHumans } from '../access/same-person.ts';
import { breakGlassReviewed } from './break-glass.event.ts';
import { breakGlassUse } from './break-glass-use.resource.ts';
import { reviewUses } from './permissions.ts';

/** Somebody else's judgement of an emergency, which pays its debt. The reason given is the comment that stays with it. */
export const reviewBreakGlass = defineAction({
  name: 'reviewBreakGlass',
  on: breakGlassUse,
  permission: reviewUses,
  label: { en: 'Review', id: 'Tinjau' },
  description: {
    en: 'Says whether this emergency was justified, after a look at what was done in it. What you write stays with it.',
    id: 'Menyatakan apakah keadaan darurat ini beralasan, setelah melihat yang dilakukan. Yang Anda tulis tersimpan bersamanya.',
  },
  confirm: { en: 'Sign the review of {title}', id: 'Tanda tangani tinjauan {title}' },
  done: { en: 'The review of {title} is signed.', id: 'Tinjauan {title} telah ditandatangani.' },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  onRows: (row, viewer) => sql`
    ${sql.id(row, 'person_id')} <> ${viewer.actor.personId}::uuid and ${sql.id(row, 'staff_id')} not in (${accountsOfHumans([viewer.actor.id])})`,
  allowedIn: {
    field: 'state',
    values: ['awaiting-review'],
    otherwise: { en: 'It is still in force, or has been reviewed.', id: 'Masih berlaku, atau sudah ditinjau.' },
  },
  joins: 'correlationId',
  input: {
    verdict: {
      type: 'enum',
      label: { en: 'Verdict', id: 'Penilaian' },
      values: {
        justified: { label: { en: 'Justified', id: 'Beralasan' }, tone: 'good' },
        'not-justified': { label: { en: 'Not justified', id: 'Tidak beralasan' }, tone: 'bad' },
        'needs-follow-up': { label: { en: 'Needs follow-up', id: 'Perlu tindak lanjut' }, tone: 'warning' },
      },
    },
  },
  event: breakGlassReviewed,
  async run(tx, { target, viewer, input, reason }) {
    const { rows } = await sql`
      update gateway.break_glass set reviewed_by = ${viewer.actor.id}, reviewed_at = clock_timestamp(), verdict = ${input.verdict}, review_comment = coalesce(${reason}::text, '-')
      where id = ${target.id} and reviewed_at is null returning id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('CONFLICT');
    return { detail: { verdict: input.verdict } };
  },
});
