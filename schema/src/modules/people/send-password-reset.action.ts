import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { sendPasswordResets } from './permissions.ts';
import { passwordResetSent } from './person.event.ts';
import { person } from './person.resource.ts';
import type { PeopleTables } from './tables.ts';

/** The link itself is made by the product when the message leaves: no staff ever holds it. */
export const sendPasswordReset = defineAction({
  name: 'sendPasswordReset',
  on: person,
  permission: sendPasswordResets,
  label: { en: 'Send password reset', id: 'Kirim pengaturan ulang kata sandi' },
  description: { en: 'Sends this person a link to set a new password.', id: 'Mengirim tautan untuk membuat kata sandi baru kepada orang ini.' },
  confirm: { en: 'Send password reset to {title}', id: 'Kirim pengaturan ulang kata sandi ke {title}' },
  done: { en: 'The password reset for {title} is on its way.', id: 'Pengaturan ulang kata sandi untuk {title} sedang dikirim.' },
  sensitive: 'never',
  justification: 'none',
  allowedIn: {
    field: 'state',
    values: ['active', 'locked'],
    otherwise: { en: 'Only someone who has signed up can get a password reset.', id: 'Hanya orang yang sudah mendaftar yang dapat menerima pengaturan ulang kata sandi.' },
  },
  input: {},
  event: passwordResetSent,
  async run(tx, { target, now }) {
    const sent = await tx
      .withTables<PeopleTables>()
      .updateTable('product.person')
      .set({ password_reset_required: true, password_reset_sent_at: now })
      .where('id', '=', target.id)
      .where('state', 'in', ['active', 'locked'])
      .returning('id')
      .executeTakeFirst();
    if (!sent) throw new GatewayError('CONFLICT');
    return { outbox: [{ job: 'deliver-message', payload: { template: 'password-reset', personId: target.id } }] };
  },
});
