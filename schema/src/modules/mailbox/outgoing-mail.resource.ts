import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { READ_MAIL } from './permissions.ts';

const own = { access: READ_MAIL, class: 'internal' } as const;

/** What the gateway wrote to the person who looks. Without a mail server, this is where mails arrive. */
export const outgoingMail = defineResource({
  name: 'outgoingMail',
  plural: 'outgoingMails',
  label: { en: 'Mail', id: 'Surel' },
  labelPlural: { en: 'Mailbox', id: 'Kotak surel' },
  description: { en: 'What the gateway wrote to you.', id: 'Yang ditulis gerbang kepada Anda.' },
  table: { schema: 'gateway', name: 'outgoing_mail' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: READ_MAIL,
  visibleTo: (row, viewer) => sql`${sql.id(row, 'staff_id')} = ${viewer.actor.id}::uuid`,
  title: 'subject',
  state: 'state',
  defaultSort: { field: 'createdAt', direction: 'desc' },
  fields: {
    subject: { ...own, type: 'text', filter: true, search: true, inList: true, label: { en: 'Subject', id: 'Perihal' } },
    createdAt: { ...own, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Written', id: 'Ditulis' } },
    state: {
      ...own,
      type: 'enum',
      column: (row) => sql`case when ${sql.id(row, 'sent_at')} is not null then 'sent' when ${sql.id(row, 'failure')} is not null then 'failing' else 'kept' end`,
      values: {
        kept: { label: { en: 'Here only', id: 'Hanya di sini' }, tone: 'neutral' },
        sent: { label: { en: 'Sent', id: 'Terkirim' }, tone: 'good' },
        failing: { label: { en: 'Not sent yet', id: 'Belum terkirim' }, tone: 'warning' },
      },
      inList: true,
      label: { en: 'State', id: 'Status' },
    },
    body: { ...own, type: 'text', label: { en: 'Text', id: 'Isi' } },
    sentAt: { ...own, type: 'timestamp', label: { en: 'Sent', id: 'Terkirim' } },
  },
});
