import { defineModule } from '../../vocabulary/define-module.ts';
import { outgoingMail } from './outgoing-mail.resource.ts';
import { READ_MAIL } from './permissions.ts';

/** Mails to our own staff, each seen by the person it was written to. */
export const mailbox = defineModule({
  name: 'mailbox',
  label: { en: 'Mailbox', id: 'Kotak surel' },
  description: { en: 'What the gateway wrote to you.', id: 'Yang ditulis gerbang kepada Anda.' },
  icon: 'MailOutline',
  permissions: [READ_MAIL],
  resources: [outgoingMail],
  actions: [],
  events: [],
  roles: {},
  everyone: [READ_MAIL],
});
