import { defineResource } from '@sallyport/schema/vocabulary/define-resource.ts';
import { sql } from 'kysely';
import { readCustomerContacts, readCustomers, searchAllCustomers } from './permissions.ts';

const contact = { en: 'Contact', id: 'Kontak' };
const address = { en: 'Address', id: 'Alamat' };
const personal = { access: readCustomerContacts, class: 'personal' } as const;

export const customer = defineResource({
  name: 'customer',
  plural: 'customers',
  label: { en: 'Customer', id: 'Pelanggan' },
  labelPlural: { en: 'Customers', id: 'Pelanggan' },
  description: { en: 'Someone who buys music here.', id: 'Seseorang yang membeli musik di sini.' },
  table: { schema: 'chinook', name: 'Customer' },
  key: { column: 'CustomerId', type: 'integer' },
  tenant: { self: true },
  read: readCustomers,
  // All else that could name a customer names a person.
  title: 'number',
  defaultSort: { field: 'number', direction: 'asc' },
  version: { column: 'xmin' },
  crossTenantSearch: searchAllCustomers,
  fields: {
    number: {
      type: 'id',
      column: 'CustomerId',
      access: readCustomers,
      class: 'public',
      label: { en: 'Number', id: 'Nomor' },
      filter: true,
      sort: true,
      search: true,
      inList: true,
    },
    company: {
      type: 'text',
      column: 'Company',
      access: readCustomers,
      class: 'internal',
      label: { en: 'Company', id: 'Perusahaan' },
      filter: true,
      sort: true,
      search: true,
      inList: true,
    },
    country: { type: 'text', column: 'Country', access: readCustomers, class: 'internal', label: { en: 'Country', id: 'Negara' }, filter: true, sort: true, inList: true },
    supportRepId: {
      type: 'id',
      column: 'SupportRepId',
      access: readCustomers,
      class: 'internal',
      label: { en: "Support representative's number", id: 'Nomor petugas dukungan' },
      filter: true,
    },
    name: {
      ...personal,
      type: 'text',
      column: (row) => sql`${sql.id(row, 'FirstName')} || ' ' || ${sql.id(row, 'LastName')}`,
      label: { en: 'Name', id: 'Nama' },
      filter: true,
      sort: true,
      search: true,
      inList: true,
      group: contact,
    },
    email: { ...personal, type: 'email', column: 'Email', label: { en: 'Email', id: 'Email' }, filter: true, sort: true, search: true, inList: true, group: contact },
    phone: { ...personal, type: 'text', column: 'Phone', label: { en: 'Phone', id: 'Telepon' }, filter: true, group: contact },
    fax: { ...personal, type: 'text', column: 'Fax', label: { en: 'Fax', id: 'Faks' }, group: contact },
    address: { ...personal, type: 'text', column: 'Address', label: { en: 'Street', id: 'Jalan' }, group: address },
    city: { ...personal, type: 'text', column: 'City', label: { en: 'City', id: 'Kota' }, filter: true, group: address },
    state: { ...personal, type: 'text', column: 'State', label: { en: 'State', id: 'Negara bagian' }, group: address },
    postalCode: { ...personal, type: 'text', column: 'PostalCode', label: { en: 'Postal code', id: 'Kode pos' }, group: address },
  },
  relations: {
    invoices: { kind: 'many', resource: 'invoice', column: 'CustomerId', orderBy: 'invoiceDate', label: { en: 'Invoices', id: 'Tagihan' } },
    invoiceCount: { kind: 'count', resource: 'invoice', column: 'CustomerId', label: { en: 'Number of invoices', id: 'Jumlah tagihan' } },
    supportRep: { kind: 'one', resource: 'employee', column: 'SupportRepId', label: { en: 'Support representative', id: 'Petugas dukungan' } },
  },
});
