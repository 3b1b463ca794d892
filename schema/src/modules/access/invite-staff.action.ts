import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { badInput } from './bad-input.ts';
import { isNameTaken, lockNames } from './distinct-names.ts';
import { STAFF_INVITED } from './events.ts';
import { inviteToStaff } from './permissions.ts';
import { staffMember } from './staff-member.resource.ts';

/** An account without any access, and the one-time link by which its person sets password and authenticator. */
export const inviteStaff = defineAction({
  name: 'inviteStaff',
  on: staffMember,
  creates: true,
  permission: inviteToStaff,
  label: { en: 'Invite somebody', id: 'Undang seseorang' },
  description: {
    en: 'Makes an account and a link with which its person sets password and authenticator. It opens nothing until a role is given.',
    id: 'Membuat akun dan tautan untuk menetapkan kata sandi serta autentikator. Belum membuka apa pun sebelum peran diberikan.',
  },
  confirm: { en: 'Invite {input.displayName}', id: 'Undang {input.displayName}' },
  done: { en: 'The invitation is made. Hand the link over now; it is shown once.', id: 'Undangan dibuat. Serahkan tautannya sekarang; hanya ditampilkan sekali.' },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  input: {
    displayName: { type: 'text', maxLength: 200, label: { en: 'Name', id: 'Nama' } },
    email: { type: 'email', maxLength: 320, class: 'personal', label: { en: 'E-mail', id: 'Surel' } },
  },
  reveals: { enrolmentLink: { en: 'Enrolment link', id: 'Tautan pendaftaran' } },
  event: STAFF_INVITED,
  async run(tx, { viewer, input }, { staff }) {
    const id = randomUUID();
    await lockNames(tx);
    if (await isNameTaken(tx, input.displayName)) throw badInput('displayName', 'somebody here is called that already: add what tells them apart');
    // One answer for every address that is taken, whatever became of its account.
    const { rows } = await sql`
      insert into gateway.staff (id, email, display_name, invited_by) values (${id}, ${staff.normaliseEmail(input.email)}, ${input.displayName.trim()}, ${viewer.actor.id})
      on conflict (email) do nothing returning id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('CONFLICT', 'There is an account with this address already.');
    const link = await staff.makeEnrolmentLink(tx, id);
    return {
      created: id,
      once: { enrolmentLink: link.url },
      outbox: [{ job: 'deliver-message', payload: { template: 'staff-invited', staffId: id } }],
      detail: { linkExpiresAt: link.expiresAt },
    };
  },
});
