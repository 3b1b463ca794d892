import { defineEvent } from '../../vocabulary/define-event.ts';
import { defineModule } from '../../vocabulary/define-module.ts';

export const requestRefused = defineEvent('gateway.request.refused', {
  label: { en: 'Request refused', id: 'Permintaan ditolak' },
  description: {
    en: 'A request was refused before anything of it ran: bad session, foreign origin, unreadable or oversized document, too many requests.',
    id: 'Permintaan ditolak sebelum apa pun dijalankan: sesi tidak sah, asal asing, dokumen tidak terbaca atau terlalu besar, terlalu banyak permintaan.',
  },
});

export const requestsRefusedOften = defineEvent('gateway.request.refused-often', {
  label: { en: 'Many requests refused', id: 'Banyak permintaan ditolak' },
  description: {
    en: 'More requests of one address were refused within a minute than are recorded one by one; this event holds their number by reason.',
    id: 'Dalam satu menit, permintaan dari satu alamat yang ditolak melebihi jumlah yang dicatat satu per satu; peristiwa ini memuat jumlahnya per alasan.',
  },
});

export const processStarted = defineEvent('gateway.process.started', {
  label: { en: 'Gateway started', id: 'Gerbang dimulai' },
  description: { en: 'The gateway began to answer requests.', id: 'Gerbang mulai menjawab permintaan.' },
});

export const processStopped = defineEvent('gateway.process.stopped', {
  label: { en: 'Gateway stopped', id: 'Gerbang dihentikan' },
  description: { en: 'The gateway stopped in good order: what was in flight had finished.', id: 'Gerbang berhenti dengan tertib: yang sedang berjalan telah selesai.' },
});

export const recordsSearched = defineEvent('gateway.records.searched-across-tenants', {
  label: { en: 'Searched across tenants', id: 'Pencarian lintas tenant' },
  description: {
    en: 'Personal fields were searched, filtered or ordered by over more than one tenant; names of the conditions, never their values.',
    id: 'Kolom pribadi dicari, disaring, atau diurutkan lintas tenant; hanya nama syaratnya, tidak pernah nilainya.',
  },
});

export const jobFailed = defineEvent('gateway.job.failed', {
  label: { en: 'Background job failed', id: 'Tugas latar gagal' },
  description: { en: 'A job of the gateway could not be finished; it is tried again later.', id: 'Tugas gerbang tidak dapat diselesaikan; akan dicoba lagi nanti.' },
});

/** What the gateway itself does, apart from any product. */
export const gatewayModule = defineModule({
  name: 'gateway',
  label: { en: 'Gateway', id: 'Gerbang' },
  description: { en: 'The gateway itself: refused requests, start and stop.', id: 'Gerbang itu sendiri: permintaan yang ditolak, mulai, dan berhenti.' },
  icon: 'Security',
  permissions: [],
  resources: [],
  actions: [],
  events: [requestRefused, requestsRefusedOften, processStarted, processStopped, recordsSearched, jobFailed],
  roles: {},
});
