import { defineEvent } from '../../vocabulary/define-event.ts';

export const invoiceResent = defineEvent('billing.invoice.resent', {
  label: { en: 'Invoice resent', id: 'Tagihan dikirim ulang' },
  description: { en: 'An invoice was sent to its billing contact again.', id: 'Tagihan dikirim ulang ke kontak penagihannya.' },
});

export const invoiceRefunded = defineEvent('billing.invoice.refunded', {
  label: { en: 'Invoice refunded', id: 'Tagihan dikembalikan' },
  description: { en: 'What was paid on an invoice was given back as credit, wholly or in part.', id: 'Pembayaran tagihan dikembalikan sebagai kredit, seluruhnya atau sebagian.' },
});
