import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { endAccess } from './end-access.ts';
import { ENROLMENT_RENEWED } from './events.ts';
import { isAdministrator, requireAnAdministratorLeft } from './last-administrator.ts';
import { approveGrants, renewEnrolments } from './permissions.ts';
import { requireApprovedByOthers } from './same-person.ts';
import { ofSomebodyElse, staffMember } from './staff-member.resource.ts';
import { lockSessionsOf, withdrawFactors } from './withdraw-factors.ts';

/**
 * For whoever lost their authenticator or is locked out: what they had is void, after somebody else has approved it (B17). It shows nothing;
 * the link is an act of its own (`makeEnrolmentLink`), and whoever saw it is taken for that person for a while where two are needed.
 */
export const renewEnrolment = defineAction({
  name: 'renewEnrolment',
  on: staffMember,
  permission: renewEnrolments,
  label: { en: 'Renew enrolment', id: 'Perbarui pendaftaran' },
  description: {
    en: "Withdraws this person's password and authenticator and signs them out everywhere. They get in again by a new enrolment link. Their standing access stays.",
    id: 'Menarik kata sandi dan autentikator orang ini serta mengeluarkannya dari semua perangkat. Ia masuk lagi melalui tautan pendaftaran baru. Akses tetapnya tidak berubah.',
  },
  confirm: { en: 'Renew the enrolment of {title}', id: 'Perbarui pendaftaran {title}' },
  done: {
    en: '{title} has to enrol anew. Make a link for them next.',
    id: '{title} harus mendaftar ulang. Buatkan tautannya setelah ini.',
  },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token', 'break-glass'],
  approval: [{ stated: { en: 'always', id: 'selalu' }, when: () => true, alternatives: [{ approver: approveGrants, quorum: 1 }] }],
  onRows: ofSomebodyElse,
  locksFirst: lockSessionsOf,
  allowedIn: { field: 'state', values: ['active'], otherwise: { en: 'There is no enrolment to withdraw.', id: 'Tidak ada pendaftaran yang dapat ditarik.' } },
  input: {},
  event: ENROLMENT_RENEWED,
  requires: (tx, { target, approval }) => requireApprovedByOthers(tx, target.id, approval),
  async run(tx, { target }, services) {
    const administrator = await isAdministrator(tx, target.id);
    const ended = await endAccess(tx, target.id, 'enrolment', services);
    if (!(await withdrawFactors(tx, target.id))) throw new GatewayError('CONFLICT');
    if (administrator) await requireAnAdministratorLeft(tx);
    return ended;
  },
});
