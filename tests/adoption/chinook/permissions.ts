import { definePermission } from '@sallyport/schema/vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | task role           | reads                                                    | acts                     |
 * |---------------------|----------------------------------------------------------|--------------------------|
 * | Support Viewer      | customers, invoices, amounts, lines, employees           | -                        |
 * | Support Operator    | the same, contacts, billing addresses                    | corrects addresses       |
 * | Billing Operator    | the same, people over all customers with step-up         | corrects, credits lines  |
 * | Security Operator   | customers, contacts, search over all customers, employees | -                       |
 * | Production Engineer | customers                                                | -                        |
 * | Platform Admin      | customers, employees with their private data             | -                        |
 * | Customer Success    | customers, invoices without amounts, employees           | -                        |
 * | Compliance Auditor  | customers, invoices, amounts, lines, employees           | -                        |
 */
export const readCustomers = definePermission('chinook.customer.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See customers', id: 'Melihat pelanggan' },
});

export const readCustomerContacts = definePermission('chinook.customer.read-contact', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: "See customers' names and addresses", id: 'Melihat nama dan alamat pelanggan' },
});

export const searchAllCustomers = definePermission('chinook.customer.search-all', {
  effect: 'read',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Find people among all customers', id: 'Mencari orang di antara semua pelanggan' },
});

export const readInvoices = definePermission('chinook.invoice.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See invoices', id: 'Melihat tagihan' },
});

export const readInvoiceAmounts = definePermission('chinook.invoice.read-amounts', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See what invoices amount to', id: 'Melihat jumlah tagihan' },
});

export const readBillingAddresses = definePermission('chinook.invoice.read-address', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See billing addresses', id: 'Melihat alamat penagihan' },
});

export const searchAllAddresses = definePermission('chinook.invoice.search-addresses', {
  effect: 'read',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Find invoices by address among all customers', id: 'Mencari tagihan menurut alamat di antara semua pelanggan' },
});

export const readInvoiceLines = definePermission('chinook.invoice-line.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See the lines of invoices', id: 'Melihat rincian tagihan' },
});

export const readEmployees = definePermission('chinook.employee.read', {
  effect: 'read',
  reach: 'global',
  tier: 'routine',
  label: { en: 'See employees', id: 'Melihat karyawan' },
});

export const readEmployeesPrivately = definePermission('chinook.employee.read-private', {
  effect: 'read',
  reach: 'global',
  tier: 'privileged',
  label: { en: "See employees' private data", id: 'Melihat data pribadi karyawan' },
});

export const correctBillingAddresses = definePermission('chinook.invoice.correct-address', {
  effect: 'write',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'Correct billing addresses', id: 'Memperbaiki alamat penagihan' },
});

export const creditInvoiceLines = definePermission('chinook.invoice-line.credit', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Credit lines of invoices', id: 'Mengkredit rincian tagihan' },
});
