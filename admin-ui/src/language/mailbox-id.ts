import type { mailboxEn } from './mailbox-en.ts';

export const mailboxId = {
  'mail.title': 'Kotak surel',
  'mail.help': 'Yang ditulis gerbang kepada Anda. Tanpa peladen surel, surel tiba di sini.',
  'mail.none': 'Belum ada surel. Bila ada yang memerlukan Anda, atau tindakan Anda diputuskan, surelnya tampil di sini.',
  'mail.list': 'Surel',
  'mail.choose': 'Pilih surel untuk membacanya.',
  'mail.written': 'Ditulis',
  'mail.back': 'Semua surel',
} as const satisfies Record<keyof typeof mailboxEn, string>;
