import { definePermission } from '../../vocabulary/permission.ts';

/**
 * Who gets what follows from the consequence of a mistake:
 *
 * | task role           | reads                              | acts                            | because |
 * |---------------------|------------------------------------|---------------------------------|---------|
 * | Support Viewer      | invoices, amounts, lines, credit   | -                               | answers questions |
 * | Support Operator    | the same, billing contacts         | resend                          | repeats what was sent before |
 * | Billing Operator    | everything                         | resend, refund, adjust credit   | moves money, up to the approval limit (R3) |
 * | Security Operator   | -                                  | -                               | no task of theirs |
 * | Production Engineer | -                                  | -                               | no task of theirs |
 * | Platform Admin      | invoices, amounts, credit          | approves refunds and credit     | sees what is approved, never does it (R11, R13) |
 * | Customer Success    | invoices' states, no amounts       | -                               | knows who is behind (V1) |
 * | Compliance Auditor  | invoices, amounts, lines, credit   | -                               | evidence, not repair (C5) |
 */
export const readInvoices = definePermission('billing.invoice.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See invoices and their states', id: 'Melihat tagihan dan statusnya' },
});

export const readInvoiceAmounts = definePermission('billing.invoice.read-amounts', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See what invoices amount to', id: 'Melihat jumlah tagihan' },
});

export const readInvoiceContacts = definePermission('billing.invoice.read-contact', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See billing contacts', id: 'Melihat kontak penagihan' },
});

export const searchAllContacts = definePermission('billing.invoice.search-contacts', {
  effect: 'read',
  reach: 'global',
  tier: 'privileged',
  label: { en: 'Find invoices by billing contact across tenants', id: 'Mencari tagihan menurut kontak penagihan lintas tenant' },
});

export const readInvoiceLines = definePermission('billing.invoice-line.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See the lines of invoices', id: 'Melihat rincian tagihan' },
});

export const readCredit = definePermission('billing.credit.read', {
  effect: 'read',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'See the credit ledger', id: 'Melihat buku kredit' },
});

export const resendInvoices = definePermission('billing.invoice.resend', {
  effect: 'write',
  reach: 'tenant',
  tier: 'routine',
  label: { en: 'Resend invoices', id: 'Mengirim ulang tagihan' },
});

export const refundInvoices = definePermission('billing.invoice.refund', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Refund invoices', id: 'Mengembalikan pembayaran tagihan' },
});

export const approveRefunds = definePermission('billing.invoice.approve-refund', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Approve large refunds', id: 'Menyetujui pengembalian besar' },
});

export const adjustCredits = definePermission('billing.credit.adjust', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Adjust credit', id: 'Menyesuaikan kredit' },
});

export const approveCreditAdjustments = definePermission('billing.credit.approve-adjustment', {
  effect: 'write',
  reach: 'tenant',
  tier: 'privileged',
  label: { en: 'Approve large credit adjustments', id: 'Menyetujui penyesuaian kredit besar' },
});
