import { defineModule } from '../../vocabulary/define-module.ts';
import { adjustCredit } from './adjust-credit.action.ts';
import { creditEntry } from './credit-entry.resource.ts';
import { creditAdjusted } from './credit.event.ts';
import { invoiceRefunded, invoiceResent } from './invoice.event.ts';
import { invoice } from './invoice.resource.ts';
import { invoiceLine } from './invoice-line.resource.ts';
import {
  adjustCredits,
  approveCreditAdjustments,
  approveRefunds,
  readCredit,
  readInvoiceAmounts,
  readInvoiceContacts,
  readInvoiceLines,
  readInvoices,
  refundInvoices,
  resendInvoices,
  searchAllContacts,
} from './permissions.ts';
import { refundInvoice } from './refund-invoice.action.ts';
import { resendInvoice } from './resend-invoice.action.ts';
import { billingSettings } from './settings.ts';

const books = [readInvoices, readInvoiceAmounts, readInvoiceLines, readCredit];

export const billing = defineModule({
  name: 'billing',
  label: { en: 'Billing', id: 'Penagihan' },
  description: { en: 'Invoices and credit of customers.', id: 'Tagihan dan kredit pelanggan.' },
  icon: 'ReceiptLong',
  permissions: [
    readInvoices,
    readInvoiceAmounts,
    readInvoiceContacts,
    searchAllContacts,
    readInvoiceLines,
    readCredit,
    resendInvoices,
    refundInvoices,
    approveRefunds,
    adjustCredits,
    approveCreditAdjustments,
  ],
  resources: [invoice, invoiceLine, creditEntry],
  actions: [resendInvoice, refundInvoice, adjustCredit],
  events: [invoiceResent, invoiceRefunded, creditAdjusted],
  roles: {
    'support-viewer': books,
    'support-operator': [...books, readInvoiceContacts, resendInvoices],
    'billing-operator': [...books, readInvoiceContacts, searchAllContacts, resendInvoices, refundInvoices, adjustCredits],
    'platform-admin': [readInvoices, readInvoiceAmounts, readCredit, approveRefunds, approveCreditAdjustments],
    'customer-success': [readInvoices],
    'compliance-auditor': books,
  },
  breakGlass: [readInvoices, readCredit],
  settings: billingSettings,
  // Loaded on demand: the generator's word lists are no part of a running gateway.
  seed: async (db, options) => (await import('./seed.ts')).seedBilling(db, options),
});
