import { defineResource } from '@sallyport/schema/vocabulary/define-resource.ts';
import { readBillingAddresses, readInvoiceAmounts, readInvoices, searchAllAddresses } from './permissions.ts';

const billing = { en: 'Billing address', id: 'Alamat penagihan' };
const personal = { access: readBillingAddresses, class: 'personal', group: billing } as const;

export const invoice = defineResource({
  name: 'invoice',
  plural: 'invoices',
  label: { en: 'Invoice', id: 'Tagihan' },
  labelPlural: { en: 'Invoices', id: 'Tagihan' },
  description: { en: 'What a customer bought at one time.', id: 'Yang dibeli pelanggan pada satu waktu.' },
  table: { schema: 'chinook', name: 'Invoice' },
  key: { column: 'InvoiceId', type: 'integer' },
  tenant: { column: 'CustomerId' },
  read: readInvoices,
  title: 'number',
  defaultSort: { field: 'invoiceDate', direction: 'desc' },
  version: { column: 'xmin' },
  crossTenantSearch: searchAllAddresses,
  fields: {
    number: { type: 'id', column: 'InvoiceId', access: readInvoices, class: 'public', label: { en: 'Number', id: 'Nomor' }, filter: true, sort: true, search: true, inList: true },
    // A day, though the column could hold a time: all of them are midnight of no zone.
    invoiceDate: { type: 'date', column: 'InvoiceDate', access: readInvoices, class: 'internal', label: { en: 'Date', id: 'Tanggal' }, filter: true, sort: true, inList: true },
    total: {
      type: 'money',
      column: 'Total',
      currency: { code: 'USD' },
      access: readInvoiceAmounts,
      class: 'internal',
      label: { en: 'Total', id: 'Total' },
      filter: true,
      sort: true,
      inList: true,
    },
    billingCountry: {
      type: 'text',
      column: 'BillingCountry',
      access: readInvoices,
      class: 'internal',
      label: { en: 'Country', id: 'Negara' },
      filter: true,
      sort: true,
      inList: true,
      group: billing,
    },
    billingAddress: { ...personal, type: 'text', column: 'BillingAddress', label: { en: 'Street', id: 'Jalan' }, filter: true },
    billingCity: { ...personal, type: 'text', column: 'BillingCity', label: { en: 'City', id: 'Kota' }, filter: true, sort: true },
    billingState: { ...personal, type: 'text', column: 'BillingState', label: { en: 'State', id: 'Negara bagian' } },
    billingPostalCode: { ...personal, type: 'text', column: 'BillingPostalCode', label: { en: 'Postal code', id: 'Kode pos' } },
  },
  relations: {
    customer: { kind: 'one', resource: 'customer', column: 'CustomerId', label: { en: 'Customer', id: 'Pelanggan' } },
    lines: { kind: 'many', resource: 'invoiceLine', column: 'InvoiceId', label: { en: 'Lines', id: 'Rincian' } },
    lineCount: { kind: 'count', resource: 'invoiceLine', column: 'InvoiceId', label: { en: 'Number of lines', id: 'Jumlah rincian' } },
  },
});
