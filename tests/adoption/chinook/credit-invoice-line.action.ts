import { GatewayError } from '@sallyport/schema/errors.ts';
import { defineAction } from '@sallyport/schema/vocabulary/define-action.ts';
import { sql } from 'kysely';
import { invoiceLineCredited } from './events.ts';
import { invoice } from './invoice.resource.ts';
import { invoiceLine } from './invoice-line.resource.ts';
import { creditInvoiceLines } from './permissions.ts';
import type { ChinookTables } from './tables.ts';

/** Takes pieces off an invoice as the shop's own books would: a line below nothing, and a lower total. */
export const creditInvoiceLine = defineAction({
  name: 'creditInvoiceLine',
  on: invoiceLine,
  permission: creditInvoiceLines,
  label: { en: 'Credit', id: 'Kredit' },
  description: {
    en: 'Takes this track off its invoice with a credit line; the total falls by as much.',
    id: 'Mengurangi lagu ini dari tagihan dengan baris kredit; totalnya turun sebesar itu.',
  },
  confirm: { en: 'Credit {title} to customer {tenant}', id: 'Kredit {title} kepada pelanggan {tenant}' },
  done: { en: '{title} is credited.', id: '{title} telah dikredit.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  allowedIn: {
    field: 'state',
    values: ['sold', 'partly_credited'],
    otherwise: { en: 'This line is credited already, or is itself a credit.', id: 'Rincian ini sudah dikredit, atau memang baris kredit.' },
  },
  input: {
    quantity: { type: 'integer', min: 1, max: 10_000, prefill: 'quantity', label: { en: 'Quantity', id: 'Jumlah' } },
  },
  event: invoiceLineCredited,
  async run(transaction, { target, input }) {
    const tx = transaction.withTables<ChinookTables>();
    const sold = await tx.selectFrom('chinook.InvoiceLine').select(['InvoiceId', 'TrackId', 'UnitPrice']).where('InvoiceLineId', '=', Number(target.id)).executeTakeFirstOrThrow();
    // One credit of an invoice at a time. No key lock: the shop's own inserts of lines refer to this row and must not wait for us while we wait for them.
    const before = await tx.selectFrom('chinook.Invoice').select('Total').where('InvoiceId', '=', sold.InvoiceId).forNoKeyUpdate().executeTakeFirstOrThrow();
    // The table has no sequence: the next number is safe only while nobody else inserts, the shop itself included. Taken last, so that whoever holds it waits for nobody.
    await sql`lock table chinook."InvoiceLine" in share row exclusive mode`.execute(tx);
    const { left } = await tx
      .selectFrom('chinook.InvoiceLine')
      .select(sql<number>`coalesce(sum("Quantity"), 0)::int`.as('left'))
      .where('InvoiceId', '=', sold.InvoiceId)
      .where('TrackId', '=', sold.TrackId)
      .where('UnitPrice', '=', sold.UnitPrice)
      .executeTakeFirstOrThrow();
    if (left <= 0) throw new GatewayError('CONFLICT', 'This line is credited already.');
    if (input.quantity > left) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'input.quantity', message: 'more than is left to credit' }] });
    const credit = await tx
      .insertInto('chinook.InvoiceLine')
      .values({ ...sold, Quantity: -input.quantity, InvoiceLineId: sql<number>`(select max("InvoiceLineId") + 1 from chinook."InvoiceLine")` })
      .returning(['InvoiceLineId', sql<string>`"UnitPrice" * "Quantity"`.as('amount')])
      .executeTakeFirstOrThrow();
    const lowered = await tx
      .updateTable('chinook.Invoice')
      .set({ Total: sql`"Total" + ${credit.amount}::numeric` })
      .where('InvoiceId', '=', sold.InvoiceId)
      .where(sql<boolean>`"Total" + ${credit.amount}::numeric >= 0`)
      .returning('Total')
      .executeTakeFirst();
    if (!lowered) throw new GatewayError('CONFLICT', "The invoice's total is lower than this credit.");
    return {
      changes: [
        { resource: invoice, id: String(sold.InvoiceId), before: { total: before.Total }, after: { total: lowered.Total } },
        {
          resource: invoiceLine,
          id: String(credit.InvoiceLineId),
          before: null,
          after: { track: target.track, state: 'credit', quantity: -input.quantity, unitPrice: sold.UnitPrice, amount: credit.amount },
        },
      ],
    };
  },
});
