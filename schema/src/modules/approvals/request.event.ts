import { defineEvent } from '../../vocabulary/define-event.ts';

export const requestFiled = defineEvent('approvals.request.filed', {
  label: { en: 'Approval asked for', id: 'Persetujuan diminta' },
  description: { en: 'An act needs a second person; it is kept and waits for them.', id: 'Sebuah tindakan memerlukan orang kedua; disimpan dan menunggu persetujuan.' },
});

export const requestApproved = defineEvent('approvals.request.approved', {
  label: { en: 'Request approved', id: 'Permintaan disetujui' },
  description: {
    en: 'A second person approved. With the last approval that it takes, the act is done in the same commit; the detail says how the request stands.',
    id: 'Orang kedua menyetujui. Dengan persetujuan terakhir yang diperlukan, tindakan dijalankan dalam commit yang sama; rinciannya menyebut keadaan permintaan.',
  },
});

export const requestDenied = defineEvent('approvals.request.denied', {
  label: { en: 'Request denied', id: 'Permintaan ditolak' },
  description: { en: 'A second person said no, with a reason.', id: 'Orang kedua menolak, dengan alasan.' },
});

export const requestCancelled = defineEvent('approvals.request.cancelled', {
  label: { en: 'Request cancelled', id: 'Permintaan dibatalkan' },
  description: {
    en: 'A request was withdrawn by the person who had filed it, or ended with their access.',
    id: 'Permintaan ditarik oleh orang yang mengajukannya, atau berakhir bersama aksesnya.',
  },
});

export const requestExpired = defineEvent('approvals.request.expired', {
  label: { en: 'Request expired', id: 'Permintaan kedaluwarsa' },
  description: { en: 'Nobody decided on a request in time.', id: 'Tidak ada yang memutuskan permintaan tepat waktu.' },
});
