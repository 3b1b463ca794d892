import { defineEvent } from '../../vocabulary/define-event.ts';

export const EVENTS_READ = defineEvent('audit.events.read', {
  label: { en: 'Audit log read', id: 'Log audit dibaca' },
  description: { en: 'Someone read the log; the names of the fields filtered on are kept.', id: 'Seseorang membaca log; nama kolom yang disaring dicatat.' },
});
export const EVENTS_EXPORTED = defineEvent('audit.events.exported', {
  label: { en: 'Audit log exported', id: 'Log audit diekspor' },
  description: { en: 'Someone began to download events, or was refused.', id: 'Seseorang mulai mengunduh peristiwa, atau ditolak.' },
});
export const EXPORT_ENDED = defineEvent('audit.export.ended', {
  label: { en: 'Audit export ended', id: 'Ekspor audit berakhir' },
  description: { en: 'A download of events ended; how many went out is kept.', id: 'Unduhan peristiwa berakhir; jumlah yang keluar dicatat.' },
});
export const REPORT_READ = defineEvent('audit.report.read', {
  label: { en: 'Audit report read', id: 'Laporan audit dibaca' },
  description: {
    en: 'Someone read a report of the log; what it was chosen by is kept, not the values.',
    id: 'Seseorang membaca laporan dari log; dasar pemilihannya dicatat, tanpa nilainya.',
  },
});
export const EVIDENCE_BEGUN = defineEvent('audit.evidence.begun', {
  label: { en: 'Evidence pack begun', id: 'Paket bukti dimulai' },
  description: { en: 'Someone began to download an evidence pack, or was refused.', id: 'Seseorang mulai mengunduh paket bukti, atau ditolak.' },
});
export const EVIDENCE_ENDED = defineEvent('audit.evidence.ended', {
  label: { en: 'Evidence pack ended', id: 'Paket bukti berakhir' },
  description: {
    en: 'A download of an evidence pack ended; how many events went out, and in which tree, is kept.',
    id: 'Unduhan paket bukti berakhir; jumlah peristiwa yang keluar dan pohonnya dicatat.',
  },
});
export const PERSONAL_FIELDS_READ = defineEvent('access.personal-fields.read', {
  label: { en: 'Personal fields read', id: 'Data pribadi dibaca' },
  description: {
    en: 'A request was answered with personal fields; field names and records are kept, no values.',
    id: 'Permintaan dijawab dengan data pribadi; nama kolom dan catatan dicatat, tanpa nilai.',
  },
});
export const FIELD_REFUSED = defineEvent('access.field.refused', {
  label: { en: 'Field refused', id: 'Kolom ditolak' },
  description: { en: 'A field, filter or list was refused for want of a permission.', id: 'Kolom, saringan, atau daftar ditolak karena tidak ada izin.' },
});
export const MESSAGE_DELIVERED = defineEvent('jobs.message.delivered', {
  label: { en: 'Message delivered', id: 'Pesan terkirim' },
  description: { en: 'A message that an act had caused was handed over.', id: 'Pesan akibat suatu tindakan telah diserahkan.' },
});
export const MESSAGE_DELIVERY_FAILED = defineEvent('jobs.message.delivery-failed', {
  label: { en: 'Message delivery failed', id: 'Pengiriman pesan gagal' },
  description: { en: 'A message could not be handed over; it is tried again later.', id: 'Pesan tidak dapat diserahkan; akan dicoba lagi nanti.' },
});
