import { defineResource } from '../../vocabulary/define-resource.ts';
import { readCredit } from './permissions.ts';

export const creditEntry = defineResource({
  name: 'creditEntry',
  plural: 'creditEntries',
  label: { en: 'Credit entry', id: 'Catatan kredit' },
  labelPlural: { en: 'Credit entries', id: 'Catatan kredit' },
  description: {
    en: "A booking on a tenant's credit ledger. Bookings are added, never changed.",
    id: 'Pembukuan pada buku kredit tenant. Pembukuan hanya ditambah, tidak pernah diubah.',
  },
  table: { schema: 'product', name: 'credit_entry' },
  key: { column: 'id', type: 'uuid' },
  tenant: { column: 'tenant_id' },
  read: readCredit,
  title: 'reference',
  state: 'kind',
  defaultSort: { field: 'bookedAt', direction: 'desc' },
  fields: {
    reference: { type: 'text', access: readCredit, class: 'public', label: { en: 'Reference', id: 'Referensi' }, filter: true, sort: true, search: true, inList: true },
    kind: {
      type: 'enum',
      access: readCredit,
      class: 'internal',
      label: { en: 'Kind', id: 'Jenis' },
      filter: true,
      inList: true,
      values: {
        opening: { label: { en: 'Opening balance', id: 'Saldo awal' } },
        adjustment: { label: { en: 'Adjustment', id: 'Penyesuaian' }, tone: 'warning' },
        refund: { label: { en: 'Refund', id: 'Pengembalian' }, tone: 'warning' },
        applied: { label: { en: 'Applied to an invoice', id: 'Dipakai untuk tagihan' } },
      },
    },
    amount: { type: 'money', currency: { field: 'currency' }, access: readCredit, class: 'internal', label: { en: 'Amount', id: 'Nilai' }, filter: true, sort: true, inList: true },
    balanceAfter: { type: 'money', currency: { field: 'currency' }, access: readCredit, class: 'internal', label: { en: 'Balance after', id: 'Saldo sesudahnya' }, inList: true },
    currency: { type: 'text', access: readCredit, class: 'public', label: { en: 'Currency', id: 'Mata uang' } },
    memo: { type: 'text', access: readCredit, class: 'internal', label: { en: 'Memo', id: 'Memo' }, filter: true, search: true },
    correlationId: {
      type: 'id',
      access: readCredit,
      class: 'internal',
      label: { en: 'Correlation ID', id: 'ID korelasi' },
      help: { en: 'Leads to the audit trail of the act that booked this.', id: 'Menuju jejak audit tindakan yang membukukan ini.' },
      filter: true,
    },
    bookedAt: { type: 'timestamp', access: readCredit, class: 'internal', label: { en: 'Booked', id: 'Dibukukan' }, filter: true, sort: true, inList: true },
  },
  relations: {
    tenant: { kind: 'one', resource: 'tenant', column: 'tenant_id', label: { en: 'Tenant', id: 'Tenant' } },
    invoice: { kind: 'one', resource: 'invoice', column: 'invoice_id', label: { en: 'Invoice', id: 'Tagihan' } },
  },
});
