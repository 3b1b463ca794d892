import { defineEvent } from '../../vocabulary/define-event.ts';

export const logStreamStarted = defineEvent('log.stream.started', {
  label: { en: 'Log stream begun', id: 'Aliran log dimulai' },
  description: {
    en: 'The log is streamed to a further receiver, from its first entry on.',
    id: 'Log dialirkan ke penerima tambahan, sejak entri pertamanya.',
  },
});
export const logStreamFailing = defineEvent('log.stream.failing', {
  label: { en: 'Log stream failing', id: 'Aliran log gagal' },
  description: {
    en: 'For minutes a receiver has taken no entries of the log, or no gateway has sent any. Nothing is skipped: they are sent when it answers again.',
    id: 'Selama beberapa menit penerima tidak menerima entri log, atau tidak ada gerbang yang mengirim. Tidak ada yang dilewati: entri dikirim begitu penerima menjawab lagi.',
  },
});
export const logStreamRecovered = defineEvent('log.stream.recovered', {
  label: { en: 'Log stream goes on', id: 'Aliran log berlanjut' },
  description: { en: 'A receiver takes entries of the log again.', id: 'Penerima kembali menerima entri log.' },
});
