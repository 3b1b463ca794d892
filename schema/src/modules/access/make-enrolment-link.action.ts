import { defineAction } from '../../vocabulary/define-action.ts';
import { ENROLMENT_LINK_MADE } from './events.ts';
import { renewEnrolments } from './permissions.ts';
import { ofSomebodyElse, staffMember } from './staff-member.resource.ts';

/**
 * For whoever has no enrolment: it was withdrawn, or the invitation lapsed. Takes nothing away, so that one person suffices; but
 * whoever sees the link can become its person, and the link names them: for thirty days the two are one hand (THREATS D02).
 */
export const makeEnrolmentLink = defineAction({
  name: 'makeEnrolmentLink',
  on: staffMember,
  permission: renewEnrolments,
  label: { en: 'Make an enrolment link', id: 'Buat tautan pendaftaran' },
  description: {
    en: 'Makes a link with which this person sets password and authenticator. Earlier links are void.',
    id: 'Membuat tautan untuk menetapkan kata sandi dan autentikator. Tautan sebelumnya tidak berlaku lagi.',
  },
  confirm: { en: 'Make a link for {title}', id: 'Buat tautan untuk {title}' },
  done: {
    en: 'The link is made. Hand it over now, to nobody but {title}; it is shown once.',
    id: 'Tautan dibuat. Serahkan sekarang, hanya kepada {title}; ditampilkan sekali saja.',
  },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  onRows: ofSomebodyElse,
  allowedIn: {
    field: 'state',
    values: ['invited'],
    otherwise: { en: 'A link is for accounts that wait for their enrolment.', id: 'Tautan hanya untuk akun yang menunggu pendaftaran.' },
  },
  input: {},
  reveals: { enrolmentLink: { en: 'Enrolment link', id: 'Tautan pendaftaran' } },
  event: ENROLMENT_LINK_MADE,
  async run(tx, { target }, { staff }) {
    const link = await staff.makeEnrolmentLink(tx, target.id);
    return {
      once: { enrolmentLink: link.url },
      outbox: [{ job: 'deliver-message', payload: { template: 'staff-invited', staffId: target.id } }],
      detail: { linkExpiresAt: link.expiresAt },
    };
  },
});
