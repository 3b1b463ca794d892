import { defineModule } from '@sallyport/schema/vocabulary/define-module.ts';
import { correctBillingAddress } from './correct-billing-address.action.ts';
import { creditInvoiceLine } from './credit-invoice-line.action.ts';
import { customer } from './customer.resource.ts';
import { employee } from './employee.resource.ts';
import { billingAddressCorrected, invoiceLineCredited } from './events.ts';
import { invoice } from './invoice.resource.ts';
import { invoiceLine } from './invoice-line.resource.ts';
import { loadChinook } from './load-chinook.ts';
import {
  correctBillingAddresses,
  creditInvoiceLines,
  readBillingAddresses,
  readCustomerContacts,
  readCustomers,
  readEmployees,
  readEmployeesPrivately,
  readInvoiceAmounts,
  readInvoiceLines,
  readInvoices,
  searchAllAddresses,
  searchAllCustomers,
} from './permissions.ts';

const withoutPeople = [readCustomers, readInvoices, readInvoiceAmounts, readInvoiceLines, readEmployees];

const chinook = defineModule({
  name: 'chinook',
  label: { en: 'Music shop', id: 'Toko musik' },
  description: { en: 'Customers of a music shop and what they bought.', id: 'Pelanggan toko musik dan yang mereka beli.' },
  icon: 'LibraryMusic',
  permissions: [
    readCustomers,
    readCustomerContacts,
    searchAllCustomers,
    readInvoices,
    readInvoiceAmounts,
    readBillingAddresses,
    searchAllAddresses,
    readInvoiceLines,
    readEmployees,
    readEmployeesPrivately,
    correctBillingAddresses,
    creditInvoiceLines,
  ],
  resources: [customer, invoice, invoiceLine, employee],
  actions: [correctBillingAddress, creditInvoiceLine],
  events: [billingAddressCorrected, invoiceLineCredited],
  roles: {
    'support-viewer': withoutPeople,
    'support-operator': [...withoutPeople, readCustomerContacts, readBillingAddresses, correctBillingAddresses],
    'billing-operator': [...withoutPeople, readCustomerContacts, searchAllCustomers, readBillingAddresses, searchAllAddresses, correctBillingAddresses, creditInvoiceLines],
    'security-operator': [readCustomers, readCustomerContacts, searchAllCustomers, readEmployees],
    'production-engineer': [readCustomers],
    'platform-admin': [readCustomers, readEmployees, readEmployeesPrivately],
    'customer-success': [readCustomers, readInvoices, readEmployees],
    'compliance-auditor': withoutPeople,
  },
  seed: loadChinook,
});

export const modules = [chinook];
