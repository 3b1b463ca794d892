import { GatewayError } from '@sallyport/schema/errors.ts';
import { defineAction } from '@sallyport/schema/vocabulary/define-action.ts';
import { billingAddressCorrected } from './events.ts';
import { invoice } from './invoice.resource.ts';
import { correctBillingAddresses } from './permissions.ts';
import type { ChinookTables } from './tables.ts';

/**
 * Corrects where one invoice is billed to; the customer's own address stays. The address is written whole: half of a new one and
 * half of the old would be nobody's, and who corrects it need not have seen the old.
 */
export const correctBillingAddress = defineAction({
  name: 'correctBillingAddress',
  on: invoice,
  permission: correctBillingAddresses,
  label: { en: 'Correct billing address', id: 'Perbaiki alamat penagihan' },
  description: {
    en: "Writes the address on this invoice anew, as a whole: parts left blank are removed. The customer's own address stays.",
    id: 'Menulis ulang alamat pada tagihan ini secara utuh: bagian yang dikosongkan dihapus. Alamat pelanggan sendiri tetap.',
  },
  confirm: { en: 'Correct the address of invoice {title}', id: 'Perbaiki alamat tagihan {title}' },
  done: { en: 'The address of invoice {title} is corrected.', id: 'Alamat tagihan {title} telah diperbaiki.' },
  sensitive: 'never',
  justification: 'reason',
  input: {
    address: { type: 'text', maxLength: 70, class: 'personal', prefill: 'billingAddress', label: { en: 'Street', id: 'Jalan' } },
    city: { type: 'text', maxLength: 40, class: 'personal', prefill: 'billingCity', label: { en: 'City', id: 'Kota' } },
    state: { type: 'text', maxLength: 40, class: 'personal', prefill: 'billingState', optional: true, label: { en: 'State', id: 'Negara bagian' } },
    postalCode: { type: 'text', maxLength: 10, class: 'personal', prefill: 'billingPostalCode', optional: true, label: { en: 'Postal code', id: 'Kode pos' } },
    country: { type: 'text', maxLength: 40, prefill: 'billingCountry', label: { en: 'Country', id: 'Negara' } },
  },
  event: billingAddressCorrected,
  async run(tx, { target, tenantId, input }) {
    const corrected = await tx
      .withTables<ChinookTables>()
      .updateTable('chinook.Invoice')
      .set({
        BillingAddress: input.address,
        BillingCity: input.city,
        BillingCountry: input.country,
        BillingState: input.state || null,
        BillingPostalCode: input.postalCode || null,
      })
      .where('InvoiceId', '=', Number(target.id))
      .where('CustomerId', '=', Number(tenantId))
      .returning('InvoiceId')
      .executeTakeFirst();
    if (!corrected) throw new GatewayError('CONFLICT');
    return {};
  },
});
