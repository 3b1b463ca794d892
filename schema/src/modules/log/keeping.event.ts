import { defineEvent } from '../../vocabulary/define-event.ts';

export const segmentPruned = defineEvent('log.segment.pruned', {
  label: { en: 'Log segment pruned', id: 'Segmen log dipangkas' },
  description: {
    en: 'The events of a month and class that had served their time were deleted. Their hashes stay, and so does every proof.',
    id: 'Peristiwa satu bulan dan kelas yang masa simpannya habis dihapus. Hash-nya tetap ada, begitu pula setiap bukti.',
  },
});
export const retentionPeriodSet = defineEvent('log.retention.set', {
  label: { en: 'Retention period set', id: 'Masa simpan ditetapkan' },
  description: { en: 'How many years events of a class are kept was changed.', id: 'Lama penyimpanan peristiwa suatu kelas diubah.' },
});
export const legalHoldPlaced = defineEvent('log.hold.placed', {
  label: { en: 'Legal hold placed', id: 'Penahanan hukum ditetapkan' },
  description: { en: 'What it concerns is neither pruned nor erased until it is released.', id: 'Yang dicakupnya tidak dipangkas atau dihapus sampai dilepas.' },
});
export const legalHoldReleased = defineEvent('log.hold.released', {
  label: { en: 'Legal hold released', id: 'Penahanan hukum dilepas' },
  description: { en: 'It keeps nothing any more.', id: 'Tidak lagi menahan apa pun.' },
});
export const erasureRepeated = defineEvent('log.erasure.repeated', {
  label: { en: 'Erasure done again', id: 'Penghapusan diulang' },
  description: {
    en: 'Values that two people had erased were back, as after restoring a backup. They were erased again, from what the log says of the erasure.',
    id: 'Nilai yang telah dihapus oleh dua orang muncul kembali, misalnya setelah cadangan dipulihkan. Nilai itu dihapus lagi berdasarkan catatan log tentang penghapusannya.',
  },
});
export const subjectErased = defineEvent('log.subject.erased', {
  label: { en: 'Personal values erased', id: 'Nilai pribadi dihapus' },
  description: {
    en: 'The personal values of a record that stood beside the log were erased. Events and proofs stay.',
    id: 'Nilai pribadi suatu rekaman di samping log dihapus. Peristiwa dan bukti tetap ada.',
  },
});
