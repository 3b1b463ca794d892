import { defineEvent } from '../../vocabulary/define-event.ts';

export const logKeyAdded = defineEvent('log.key.added', {
  label: { en: 'Log key added', id: 'Kunci log ditambahkan' },
  description: { en: 'Another key signs checkpoints of the log from this size on.', id: 'Kunci lain menandatangani checkpoint log mulai dari ukuran ini.' },
});
export const logKeyRetired = defineEvent('log.key.retired', {
  label: { en: 'Log key retired', id: 'Kunci log dipensiunkan' },
  description: { en: 'A key signs no checkpoint beyond this size.', id: 'Kunci tidak lagi menandatangani checkpoint melewati ukuran ini.' },
});
export const logVerificationAsked = defineEvent('log.verification.asked', {
  label: { en: 'Verification of the log asked for', id: 'Verifikasi log diminta' },
  description: { en: 'Someone had the whole log verified.', id: 'Seseorang meminta seluruh log diverifikasi.' },
});
export const logVerified = defineEvent('log.verification.ended', {
  label: { en: 'Log verified', id: 'Log diverifikasi' },
  description: {
    en: 'Every event was compared with its bytes, every leaf with its event, the root with the head; failed where something did not fit.',
    id: 'Setiap peristiwa dibandingkan dengan byte-nya, setiap daun dengan peristiwanya, akar dengan kepala log; gagal bila ada yang tidak cocok.',
  },
});
export const logGapFound = defineEvent('log.gap.found', {
  label: { en: 'The log lacks events', id: 'Log kehilangan peristiwa' },
  description: {
    en: 'Others have seen more of the log, or another history of it, than the database holds. Changes are refused from here on.',
    id: 'Pihak luar telah melihat log yang lebih panjang atau riwayat lain daripada isi basis data. Perubahan ditolak sejak saat ini.',
  },
});
export const logGapAcknowledged = defineEvent('log.gap.acknowledged', {
  label: { en: 'Loss of events acknowledged', id: 'Kehilangan peristiwa diakui' },
  description: { en: 'Two people let the log go on, under a name of its own.', id: 'Dua orang mengizinkan log berlanjut, dengan nama tersendiri.' },
});
export const logEntriesRead = defineEvent('log.entries.read', {
  label: { en: 'Log entries fetched', id: 'Entri log diambil' },
  description: {
    en: 'Someone fetched a bundle of whole entries, to verify or mirror the log.',
    id: 'Seseorang mengambil satu bundel entri utuh, untuk memverifikasi atau mencerminkan log.',
  },
});
