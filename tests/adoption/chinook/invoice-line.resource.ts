import { defineResource } from '@sallyport/schema/vocabulary/define-resource.ts';
import { type RawBuilder, sql } from 'kysely';
import { readInvoiceLines } from './permissions.ts';

const common = { access: readInvoiceLines, class: 'internal' } as const;
const money = { ...common, type: 'money', currency: { code: 'USD' } } as const;

/** What of a sale has not been credited, in pieces: a credit is a line of the same track and price, below nothing. */
const left = (row: string): RawBuilder<unknown> => sql`(
  select sum(other."Quantity")::int from chinook."InvoiceLine" other
  where other."InvoiceId" = ${sql.id(row, 'InvoiceId')} and other."TrackId" = ${sql.id(row, 'TrackId')} and other."UnitPrice" = ${sql.id(row, 'UnitPrice')})`;

const ofTrack = (row: string, named: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select ${named} from chinook."Track" t left join chinook."Album" a on a."AlbumId" = t."AlbumId" where t."TrackId" = ${sql.id(row, 'TrackId')})`;

export const invoiceLine = defineResource({
  name: 'invoiceLine',
  plural: 'invoiceLines',
  label: { en: 'Invoice line', id: 'Rincian tagihan' },
  labelPlural: { en: 'Invoice lines', id: 'Rincian tagihan' },
  description: { en: 'One track on an invoice, or its credit.', id: 'Satu lagu pada tagihan, atau kreditnya.' },
  table: { schema: 'chinook', name: 'InvoiceLine' },
  key: { column: 'InvoiceLineId', type: 'integer' },
  tenant: { through: 'invoice', column: 'InvoiceId' },
  read: readInvoiceLines,
  title: 'track',
  state: 'state',
  defaultSort: { field: 'number', direction: 'asc' },
  // A credit leaves the sold line as it was and writes the invoice: the two together tell what has changed.
  version: {
    column: (row) => sql`${sql.id(row, 'xmin')}::text || '.' || (select i.xmin::text from chinook."Invoice" i where i."InvoiceId" = ${sql.id(row, 'InvoiceId')})`,
  },
  fields: {
    number: { ...common, type: 'id', column: 'InvoiceLineId', class: 'public', label: { en: 'Number', id: 'Nomor' }, filter: true, sort: true, search: true },
    invoiceId: { ...common, type: 'id', column: 'InvoiceId', label: { en: 'Invoice number', id: 'Nomor tagihan' }, filter: true, inList: true },
    track: { ...common, type: 'text', column: (row) => ofTrack(row, sql`t."Name"`), label: { en: 'Track', id: 'Lagu' }, filter: true, search: true, inList: true },
    album: { ...common, type: 'text', column: (row) => ofTrack(row, sql`a."Title"`), label: { en: 'Album', id: 'Album' }, filter: true, search: true },
    state: {
      ...common,
      type: 'enum',
      column: (row) =>
        sql`case when ${sql.id(row, 'Quantity')} < 0 then 'credit' when ${left(row)} <= 0 then 'credited' when ${left(row)} < ${sql.id(row, 'Quantity')} then 'partly_credited' else 'sold' end`,
      label: { en: 'State', id: 'Status' },
      filter: true,
      inList: true,
      values: {
        sold: { label: { en: 'Sold', id: 'Terjual' }, tone: 'good' },
        partly_credited: { label: { en: 'Partly credited', id: 'Dikredit sebagian' }, tone: 'warning' },
        credited: { label: { en: 'Credited', id: 'Dikredit' }, tone: 'warning' },
        credit: { label: { en: 'Credit', id: 'Kredit' } },
      },
    },
    quantity: { ...common, type: 'integer', column: 'Quantity', label: { en: 'Quantity', id: 'Jumlah' }, filter: true, inList: true },
    unitPrice: { ...money, column: 'UnitPrice', label: { en: 'Unit price', id: 'Harga satuan' }, filter: true, inList: true },
    amount: {
      ...money,
      column: (row) => sql`${sql.id(row, 'UnitPrice')} * ${sql.id(row, 'Quantity')}`,
      label: { en: 'Amount', id: 'Nilai' },
      filter: true,
      sort: true,
      inList: true,
    },
  },
  relations: {
    invoice: { kind: 'one', resource: 'invoice', column: 'InvoiceId', label: { en: 'Invoice', id: 'Tagihan' } },
    customer: {
      kind: 'one',
      resource: 'customer',
      column: (row) => sql`(select i."CustomerId" from chinook."Invoice" i where i."InvoiceId" = ${sql.id(row, 'InvoiceId')})`,
      label: { en: 'Customer', id: 'Pelanggan' },
    },
  },
});
