import { defineResource } from '../../vocabulary/define-resource.ts';
import { nameOf } from '../access/names.ts';
import { READ_KEEPING } from './keeping-permissions.ts';

const plain = { access: READ_KEEPING, class: 'internal' } as const;

/** That values were erased, whose and by whom; never what they were. */
export const logErasure = defineResource({
  name: 'logErasure',
  plural: 'logErasures',
  label: { en: 'Erasure', id: 'Penghapusan' },
  labelPlural: { en: 'Erasures', id: 'Penghapusan' },
  description: { en: 'Whose personal values were erased, when and why.', id: 'Nilai pribadi siapa yang dihapus, kapan, dan mengapa.' },
  table: { schema: 'audit', name: 'erasure' },
  key: { column: 'id', type: 'uuid' },
  tenant: { none: true },
  read: READ_KEEPING,
  title: 'recordId',
  defaultSort: { field: 'erasedAt', direction: 'desc' },
  fields: {
    recordType: { ...plain, type: 'text', filter: true, inList: true, label: { en: 'Kind of record', id: 'Jenis rekaman' } },
    recordId: { ...plain, type: 'id', filter: true, search: true, inList: true, label: { en: 'Record', id: 'Rekaman' } },
    tenantId: { ...plain, type: 'id', filter: true, label: { en: 'Tenant', id: 'Tenant' } },
    valuesErased: {
      ...plain,
      type: 'integer',
      inList: true,
      label: { en: 'Values', id: 'Nilai' },
      help: { en: 'That stood beside events of the log and requests.', id: 'Yang ada di samping peristiwa log dan permintaan.' },
    },
    logEntries: { ...plain, type: 'integer', label: { en: 'Events that had them', id: 'Peristiwa yang memuatnya' } },
    requests: { ...plain, type: 'integer', label: { en: 'Requests that had them', id: 'Permintaan yang memuatnya' } },
    reason: { ...plain, type: 'text', label: { en: 'Reason', id: 'Alasan' } },
    ticket: { ...plain, type: 'text', filter: true, search: true, inList: true, label: { en: 'Ticket', id: 'Tiket' } },
    erasedBy: { ...plain, type: 'text', column: nameOf('erased_by'), inList: true, label: { en: 'Asked for by', id: 'Diminta oleh' } },
    erasedAt: { ...plain, type: 'timestamp', filter: true, sort: true, inList: true, label: { en: 'Erased', id: 'Dihapus' } },
    correlationId: { ...plain, type: 'id', filter: true, label: { en: 'Correlation ID', id: 'ID korelasi' } },
  },
});
