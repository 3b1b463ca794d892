import { definePermission } from '../../vocabulary/permission.ts';

/** Everybody's own mails, and nobody else's: the rows say whose they are. */
export const READ_MAIL = definePermission('mailbox.mail.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'Read your own mails', id: 'Membaca surel sendiri' },
});
