import { defineEvent } from '../../vocabulary/define-event.ts';

export const dataExportOrdered = defineEvent('data-exports.export.ordered', {
  label: { en: 'Data export ordered', id: 'Ekspor data dipesan' },
  description: { en: "An export of a customer's data was ordered from the product.", id: 'Ekspor data seorang pelanggan dipesan dari produk.' },
});

export const dataExportWithdrawn = defineEvent('data-exports.export.withdrawn', {
  label: { en: 'Data export withdrawn', id: 'Ekspor data ditarik' },
  description: { en: 'An export that had not been delivered yet was withdrawn.', id: 'Ekspor yang belum diserahkan ditarik kembali.' },
});
