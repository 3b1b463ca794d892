import { defineEvent } from '../../vocabulary/define-event.ts';

export const breakGlassStarted = defineEvent('emergency.break-glass.started', {
  label: { en: 'Emergency access taken', id: 'Akses darurat diambil' },
  description: {
    en: 'A person took emergency access at once, for at most half an hour. A review is owed.',
    id: 'Seseorang langsung mengambil akses darurat, paling lama setengah jam. Wajib ditinjau.',
  },
});
export const breakGlassEnded = defineEvent('emergency.break-glass.ended', {
  label: { en: 'Emergency access ended', id: 'Akses darurat berakhir' },
  description: {
    en: 'Emergency access ended: by its owner, by time, with its session, or because it was revoked.',
    id: 'Akses darurat berakhir: oleh pemiliknya, oleh waktu, bersama sesinya, atau karena dicabut.',
  },
});
export const breakGlassReviewed = defineEvent('emergency.break-glass.reviewed', {
  label: { en: 'Emergency access reviewed', id: 'Akses darurat ditinjau' },
  description: { en: 'Somebody else judged a use of emergency access.', id: 'Orang lain menilai penggunaan akses darurat.' },
});
export const breakGlassUnreviewed = defineEvent('emergency.break-glass.unreviewed', {
  label: { en: 'Emergency access not reviewed', id: 'Akses darurat belum ditinjau' },
  description: {
    en: 'For a day nobody has reviewed a use of emergency access. Its owner can take no other until then.',
    id: 'Sehari penuh belum ada yang meninjau akses darurat. Sampai itu, pemiliknya tidak dapat mengambil yang lain.',
  },
});
