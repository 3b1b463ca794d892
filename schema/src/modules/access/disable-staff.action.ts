import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { endAccess } from './end-access.ts';
import { STAFF_DISABLED, STAFF_ENABLED } from './events.ts';
import { isAdministrator, lockAdministration, requireAnAdministratorLeft } from './last-administrator.ts';
import { approveGrants, disableStaffAccounts } from './permissions.ts';
import { requireApprovedByOthers } from './same-person.ts';
import { ofSomebodyElse, staffMember } from './staff-member.resource.ts';
import { lockSessionsOf } from './withdraw-factors.ts';

/**
 * Containment: no second person stands before it, but a reason and one code. The code because a stolen cookie would else suffice to shut
 * out everybody but the last administrator; more than one would cost time when it matters. From its commit on the person is refused everywhere.
 */
export const disableStaff = defineAction({
  name: 'disableStaff',
  on: staffMember,
  permission: disableStaffAccounts,
  label: { en: 'Disable', id: 'Nonaktifkan' },
  description: {
    en: 'Refuses this person from now on. Their sessions, tokens, elevations and open requests end at once.',
    id: 'Menolak orang ini mulai sekarang. Sesi, token, elevasi, dan permintaan terbukanya langsung berakhir.',
  },
  confirm: { en: 'Disable {title}', id: 'Nonaktifkan {title}' },
  done: { en: '{title} is disabled.', id: '{title} telah dinonaktifkan.' },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token'],
  onRows: ofSomebodyElse,
  locksFirst: lockSessionsOf,
  allowedIn: { field: 'state', values: ['invited', 'active'], otherwise: { en: 'This account is disabled already.', id: 'Akun ini sudah dinonaktifkan.' } },
  input: {},
  event: STAFF_DISABLED,
  async run(tx, { target, viewer }, services) {
    const administrator = target.state === 'active' && (await isAdministrator(tx, target.id));
    const { rows } = await sql`
      update gateway.staff set state = 'disabled', disabled_at = clock_timestamp(), disabled_by = ${viewer.actor.id}
      where id = ${target.id} and state <> 'disabled' returning id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('CONFLICT');
    const ended = await endAccess(tx, target.id, 'person-disabled', services);
    if (administrator) await requireAnAdministratorLeft(tx);
    return ended;
  },
});

/** Gives back what was standing and has not ended since; nothing of what was lent for a time. By two: whoever was disabled for cause comes back with all of it. */
export const enableStaff = defineAction({
  name: 'enableStaff',
  on: staffMember,
  permission: disableStaffAccounts,
  label: { en: 'Enable', id: 'Aktifkan kembali' },
  description: {
    en: 'Lets this person sign in again, with their standing access. Whoever never enrolled needs a new link.',
    id: 'Mengizinkan orang ini masuk lagi dengan akses tetapnya. Yang belum pernah mendaftar memerlukan tautan baru.',
  },
  confirm: { en: 'Enable {title}', id: 'Aktifkan kembali {title}' },
  done: { en: '{title} is enabled.', id: '{title} telah diaktifkan kembali.' },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  approval: [{ stated: { en: 'always', id: 'selalu' }, when: () => true, alternatives: [{ approver: approveGrants, quorum: 1 }] }],
  onRows: ofSomebodyElse,
  allowedIn: { field: 'state', values: ['disabled'], otherwise: { en: 'This account is not disabled.', id: 'Akun ini tidak dinonaktifkan.' } },
  input: {},
  event: STAFF_ENABLED,
  requires: (tx, { target, approval }) => requireApprovedByOthers(tx, target.id, approval),
  async run(tx, { target }) {
    await lockAdministration(tx);
    const { rows } = await sql`
      update gateway.staff set state = case when password_hash is null or totp_ciphertext is null then 'invited' else 'active' end, disabled_at = null, disabled_by = null
      where id = ${target.id} and state = 'disabled' returning id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('CONFLICT');
    return {};
  },
});
