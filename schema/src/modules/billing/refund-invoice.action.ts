import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { bookCredit } from './book-credit.ts';
import { invoiceRefunded } from './invoice.event.ts';
import { invoice } from './invoice.resource.ts';
import { exceeds, hundredths } from './money.ts';
import { approveRefunds, refundInvoices } from './permissions.ts';
import { billingSettings } from './settings.ts';
import type { BillingTables, InvoiceTable } from './tables.ts';

/**
 * Gives back what was paid, as credit on the customer's account. Step-up looks at this refund; approval
 * looks at all that has been refunded of the invoice, so that slices of a large refund add up to one.
 */
export const refundInvoice = defineAction({
  name: 'refundInvoice',
  on: invoice,
  permission: refundInvoices,
  label: { en: 'Refund', id: 'Kembalikan' },
  description: {
    en: "Gives back what was paid on this invoice, as credit on the customer's account.",
    id: 'Mengembalikan pembayaran tagihan ini sebagai kredit pada akun pelanggan.',
  },
  confirm: { en: 'Refund {input.amount} to {tenant}', id: 'Kembalikan {input.amount} ke {tenant}' },
  done: { en: '{input.amount} of {title} is refunded to {tenant}.', id: '{input.amount} dari {title} telah dikembalikan ke {tenant}.' },
  sensitive: {
    stated: { en: 'above IDR 1,000,000', id: 'di atas Rp1.000.000' },
    when: ({ input }) => exceeds(hundredths(input.amount), billingSettings.refundStepUpAbove),
  },
  justification: 'reason-and-ticket',
  approval: [
    {
      alternatives: [{ approver: approveRefunds, quorum: 2 }],
      stated: { en: 'above IDR 1,250,000,000 refunded of one invoice', id: 'di atas Rp1.250.000.000 yang dikembalikan dari satu tagihan' },
      when: ({ input, target }) => exceeds(hundredths(input.amount) + hundredths(target.amountRefunded ?? '0'), billingSettings.refundTwoApprovalsAbove),
    },
    {
      alternatives: [{ approver: approveRefunds, quorum: 1 }],
      stated: { en: 'above IDR 250,000,000 refunded of one invoice', id: 'di atas Rp250.000.000 yang dikembalikan dari satu tagihan' },
      when: ({ input, target }) => exceeds(hundredths(input.amount) + hundredths(target.amountRefunded ?? '0'), billingSettings.refundApprovalAbove),
    },
  ],
  allowedIn: {
    field: 'status',
    values: ['paid', 'partially_refunded'],
    otherwise: { en: 'Only an invoice that was paid can be refunded.', id: 'Hanya tagihan yang sudah dibayar yang dapat dikembalikan.' },
  },
  input: {
    amount: { type: 'money', min: '0.01', max: '9999999999999.99', currency: { field: 'currency' }, label: { en: 'Amount', id: 'Jumlah' } },
  },
  event: invoiceRefunded,
  async run(transaction, { target, tenantId, input, correlationId, now }) {
    if (hundredths(input.amount) <= 0n) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'input.amount', message: 'must be more than nothing' }] });
    const tx = transaction.withTables<BillingTables>();
    const refunded = await tx
      .updateTable('product.invoice')
      .set({
        amount_refunded: sql`amount_refunded + ${input.amount}::numeric`,
        status: sql<InvoiceTable['status']>`case when amount_refunded + ${input.amount}::numeric = amount_paid then 'refunded' else 'partially_refunded' end`,
      })
      .where('id', '=', target.id)
      .where('tenant_id', '=', tenantId ?? '')
      .where('status', 'in', ['paid', 'partially_refunded'])
      .where(sql<boolean>`amount_refunded + ${input.amount}::numeric <= amount_paid`)
      .returning('tenant_id')
      .executeTakeFirst();
    if (!refunded) {
      // The row is locked by this transaction, so what it says now is why nothing was updated.
      const refundable = await tx.selectFrom('product.invoice').select('id').where('id', '=', target.id).where('status', 'in', ['paid', 'partially_refunded']).executeTakeFirst();
      if (!refundable) throw new GatewayError('CONFLICT', 'This invoice can no longer be refunded.');
      throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'input.amount', message: 'more than is left to refund' }] });
    }
    const { tenantChange, entryChange } = await bookCredit(transaction, {
      tenantId: refunded.tenant_id,
      kind: 'refund',
      amount: input.amount,
      memo: null,
      invoiceId: target.id,
      correlationId,
      now,
    });
    return {
      changes: [tenantChange, entryChange],
      outbox: [{ job: 'deliver-message', payload: { template: 'invoice-refunded', invoiceId: target.id, creditEntryId: entryChange.id } }],
    };
  },
});
