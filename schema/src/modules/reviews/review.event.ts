import { defineEvent } from '../../vocabulary/define-event.ts';

export const reviewStarted = defineEvent('reviews.campaign.started', {
  label: { en: 'Access review started', id: 'Tinjauan akses dimulai' },
  description: { en: 'A campaign was opened; what is unanswered at its deadline is revoked.', id: 'Kampanye dibuka; yang tidak dijawab sampai tenggat akan dicabut.' },
});

export const reviewClosed = defineEvent('reviews.campaign.closed', {
  label: { en: 'Access review closed', id: 'Tinjauan akses ditutup' },
  description: {
    en: 'A campaign ended, by its owner or at its deadline; the detail counts the outcomes.',
    id: 'Kampanye berakhir, oleh pemiliknya atau pada tenggat; rinciannya menghitung hasil.',
  },
});

export const itemKept = defineEvent('reviews.item.kept', {
  label: { en: 'Access kept', id: 'Akses dipertahankan' },
  description: { en: "A reviewer found somebody's access to be right.", id: 'Peninjau menilai akses seseorang sudah tepat.' },
});

export const itemRevoked = defineEvent('reviews.item.revoked', {
  label: { en: 'Access found wrong', id: 'Akses dinilai tidak tepat' },
  description: { en: "A reviewer took somebody's access away.", id: 'Peninjau mencabut akses seseorang.' },
});

export const accessRevoked = defineEvent('reviews.access.revoked', {
  label: { en: 'Access revoked by a review', id: 'Akses dicabut oleh tinjauan' },
  description: {
    en: 'A grant, a token or an emergency ended because a reviewer said so, or because nobody answered for it.',
    id: 'Pemberian, token, atau akses darurat berakhir karena keputusan peninjau, atau karena tidak ada yang menjawab.',
  },
});

export const accessGuarded = defineEvent('reviews.access.guarded', {
  label: { en: 'Last administrator kept', id: 'Administrator terakhir dipertahankan' },
  description: {
    en: 'Nobody answered for this grant, and yet it stays: without it nobody could administer access. Name another administrator.',
    id: 'Tidak ada yang menjawab untuk akses ini, tetapi tetap berlaku: tanpanya tidak ada yang dapat mengelola akses. Tunjuk administrator lain.',
  },
});
