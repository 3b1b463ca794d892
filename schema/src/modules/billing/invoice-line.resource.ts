import { sql } from 'kysely';
import { defineResource } from '../../vocabulary/define-resource.ts';
import { readInvoiceLines } from './permissions.ts';

export const invoiceLine = defineResource({
  name: 'invoiceLine',
  plural: 'invoiceLines',
  label: { en: 'Invoice line', id: 'Rincian tagihan' },
  labelPlural: { en: 'Invoice lines', id: 'Rincian tagihan' },
  description: { en: 'One item on an invoice.', id: 'Satu butir pada tagihan.' },
  table: { schema: 'product', name: 'invoice_line' },
  key: { column: 'id', type: 'uuid' },
  tenant: { through: 'invoice', column: 'invoice_id' },
  read: readInvoiceLines,
  title: 'description',
  defaultSort: { field: 'position', direction: 'asc' },
  fields: {
    position: { type: 'integer', access: readInvoiceLines, class: 'internal', label: { en: 'Position', id: 'Urutan' }, sort: true, inList: true },
    description: { type: 'text', access: readInvoiceLines, class: 'internal', label: { en: 'Description', id: 'Keterangan' }, filter: true, search: true, inList: true },
    quantity: { type: 'integer', access: readInvoiceLines, class: 'internal', label: { en: 'Quantity', id: 'Jumlah' }, filter: true, inList: true },
    unitPrice: {
      type: 'money',
      currency: { field: 'currency' },
      access: readInvoiceLines,
      class: 'internal',
      label: { en: 'Unit price', id: 'Harga satuan' },
      filter: true,
      inList: true,
    },
    amount: {
      type: 'money',
      currency: { field: 'currency' },
      access: readInvoiceLines,
      class: 'internal',
      label: { en: 'Amount', id: 'Nilai' },
      filter: true,
      sort: true,
      inList: true,
    },
    currency: {
      type: 'text',
      column: (row) => sql`(select i.currency from product.invoice i where i.id = ${sql.id(row, 'invoice_id')})`,
      access: readInvoiceLines,
      class: 'public',
      label: { en: 'Currency', id: 'Mata uang' },
    },
  },
  relations: {
    invoice: { kind: 'one', resource: 'invoice', column: 'invoice_id', label: { en: 'Invoice', id: 'Tagihan' } },
  },
});
