import { defineEvent } from '../../vocabulary/define-event.ts';

export const logClockJumped = defineEvent('log.clock.jumped', {
  label: { en: 'Clock jumped', id: 'Jam melompat' },
  description: {
    en: 'The clock behind the times of the log jumped: an entry is earlier than the one before it, later than the clock of the gateway, or the clock was set. The order of the log is that of arrival and stays.',
    id: 'Jam yang memberi waktu pada log melompat: suatu entri lebih awal dari entri sebelumnya, lebih lambat dari jam gerbang, atau jamnya diatur ulang. Urutan log adalah urutan kedatangan dan tetap.',
  },
});
export const logClocksDiffer = defineEvent('log.clock.differs', {
  label: { en: 'Clocks differ', id: 'Jam berbeda' },
  description: {
    en: 'The clock of the database and the one of a gateway’s machine differ by more than five seconds from here on.',
    id: 'Mulai saat ini jam basis data dan jam mesin gerbang berbeda lebih dari lima detik.',
  },
});
export const logClocksAgree = defineEvent('log.clock.agrees', {
  label: { en: 'Clocks agree again', id: 'Jam kembali sama' },
  description: { en: 'The clock of the database and the one of a gateway’s machine agree again.', id: 'Jam basis data dan jam mesin gerbang kembali sama.' },
});
export const logStoreLevel = defineEvent('log.store.level', {
  label: { en: 'Room for the log changed', id: 'Ruang untuk log berubah' },
  description: {
    en: 'The store of the log has become fuller than a threshold, or has room again. Where it is full, changes are refused and reads go on.',
    id: 'Penyimpanan log melewati ambang, atau kembali longgar. Bila penuh, perubahan ditolak dan pembacaan tetap berjalan.',
  },
});
