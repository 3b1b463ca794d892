import { defineResource } from '@sallyport/schema/vocabulary/define-resource.ts';
import { sql } from 'kysely';
import { readEmployees, readEmployeesPrivately } from './permissions.ts';

const home = { en: 'Private', id: 'Pribadi' };
const personal = { access: readEmployeesPrivately, class: 'personal', group: home } as const;
const atWork = { access: readEmployees, class: 'internal' } as const;

/** The shop's own staff: they belong to no customer. What they are called at work is everybody's there; where they live is not. */
export const employee = defineResource({
  name: 'employee',
  plural: 'employees',
  label: { en: 'Employee', id: 'Karyawan' },
  labelPlural: { en: 'Employees', id: 'Karyawan' },
  description: { en: 'Someone who works for the shop.', id: 'Seseorang yang bekerja untuk toko.' },
  table: { schema: 'chinook', name: 'Employee' },
  key: { column: 'EmployeeId', type: 'integer' },
  tenant: { none: true },
  read: readEmployees,
  title: 'name',
  defaultSort: { field: 'number', direction: 'asc' },
  version: { column: 'xmin' },
  fields: {
    number: { ...atWork, type: 'id', column: 'EmployeeId', class: 'public', label: { en: 'Number', id: 'Nomor' }, filter: true, sort: true, search: true, inList: true },
    name: {
      ...atWork,
      type: 'text',
      column: (row) => sql`${sql.id(row, 'FirstName')} || ' ' || ${sql.id(row, 'LastName')}`,
      label: { en: 'Name', id: 'Nama' },
      filter: true,
      sort: true,
      search: true,
      inList: true,
    },
    jobTitle: { ...atWork, type: 'text', column: 'Title', label: { en: 'Job', id: 'Jabatan' }, filter: true, sort: true, inList: true },
    email: { ...atWork, type: 'email', column: 'Email', label: { en: 'Email', id: 'Email' }, filter: true, inList: true },
    hireDate: { ...atWork, type: 'date', column: 'HireDate', label: { en: 'Hired', id: 'Mulai bekerja' }, filter: true, sort: true },
    reportsToId: { ...atWork, type: 'id', column: 'ReportsTo', label: { en: "Superior's number", id: 'Nomor atasan' }, filter: true },
    birthDate: { ...personal, type: 'date', column: 'BirthDate', label: { en: 'Born', id: 'Tanggal lahir' } },
    address: { ...personal, type: 'text', column: 'Address', label: { en: 'Street', id: 'Jalan' } },
    city: { ...personal, type: 'text', column: 'City', label: { en: 'City', id: 'Kota' } },
    state: { ...personal, type: 'text', column: 'State', label: { en: 'State', id: 'Negara bagian' } },
    country: { ...personal, type: 'text', column: 'Country', label: { en: 'Country', id: 'Negara' } },
    postalCode: { ...personal, type: 'text', column: 'PostalCode', label: { en: 'Postal code', id: 'Kode pos' } },
    phone: { ...personal, type: 'text', column: 'Phone', label: { en: 'Phone', id: 'Telepon' } },
    fax: { ...personal, type: 'text', column: 'Fax', label: { en: 'Fax', id: 'Faks' } },
  },
  relations: {
    reportsTo: { kind: 'one', resource: 'employee', column: 'ReportsTo', label: { en: 'Reports to', id: 'Atasan' } },
    reports: { kind: 'many', resource: 'employee', column: 'ReportsTo', label: { en: 'Reports', id: 'Bawahan' } },
    customers: { kind: 'many', resource: 'customer', column: 'SupportRepId', label: { en: 'Customers looked after', id: 'Pelanggan yang dilayani' } },
    customerCount: { kind: 'count', resource: 'customer', column: 'SupportRepId', label: { en: 'Number of customers', id: 'Jumlah pelanggan' } },
  },
});
