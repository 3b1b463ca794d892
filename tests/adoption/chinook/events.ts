import { defineEvent } from '@sallyport/schema/vocabulary/define-event.ts';

export const billingAddressCorrected = defineEvent('chinook.invoice.address-corrected', {
  label: { en: 'Billing address corrected', id: 'Alamat penagihan diperbaiki' },
  description: { en: 'The billing address of an invoice was corrected.', id: 'Alamat penagihan pada tagihan diperbaiki.' },
});

export const invoiceLineCredited = defineEvent('chinook.invoice-line.credited', {
  label: { en: 'Invoice line credited', id: 'Rincian tagihan dikredit' },
  description: { en: 'A line was taken off an invoice by a credit line, wholly or in part.', id: 'Rincian tagihan dikurangi dengan baris kredit, seluruhnya atau sebagian.' },
});
