import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import { invoiceResent } from './invoice.event.ts';
import { invoice } from './invoice.resource.ts';
import { resendInvoices } from './permissions.ts';
import type { BillingTables, InvoiceTable } from './tables.ts';

const SENDABLE = ['open', 'paid', 'past_due', 'partially_refunded', 'refunded'] as const satisfies readonly InvoiceTable['status'][];

/** Goes to the billing contact on record; whoever resends does not choose the address. */
export const resendInvoice = defineAction({
  name: 'resendInvoice',
  on: invoice,
  permission: resendInvoices,
  label: { en: 'Resend', id: 'Kirim ulang' },
  description: { en: 'Sends this invoice to its billing contact again.', id: 'Mengirim ulang tagihan ini ke kontak penagihannya.' },
  confirm: { en: 'Resend {title}', id: 'Kirim ulang {title}' },
  done: { en: '{title} is on its way again.', id: '{title} sedang dikirim ulang.' },
  sensitive: 'never',
  justification: 'none',
  allowedIn: {
    field: 'status',
    values: SENDABLE,
    otherwise: { en: 'A draft or void invoice is not sent.', id: 'Tagihan draf atau batal tidak dikirim.' },
  },
  input: {},
  event: invoiceResent,
  async run(tx, { target, now }) {
    const sent = await tx
      .withTables<BillingTables>()
      .updateTable('product.invoice')
      .set({ last_sent_at: now, times_sent: sql`times_sent + 1` })
      .where('id', '=', target.id)
      .where('status', 'in', [...SENDABLE])
      .returning('id')
      .executeTakeFirst();
    if (!sent) throw new GatewayError('CONFLICT');
    return { outbox: [{ job: 'deliver-message', payload: { template: 'invoice', invoiceId: target.id } }] };
  },
});
