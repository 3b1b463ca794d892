import { defineEvent } from '../../vocabulary/define-event.ts';

export const passwordResetSent = defineEvent('people.password.reset-sent', {
  label: { en: 'Password reset sent', id: 'Pengaturan ulang kata sandi dikirim' },
  description: { en: 'A person was sent a link to set a new password.', id: 'Seseorang dikirimi tautan untuk membuat kata sandi baru.' },
});

export const sessionsEnded = defineEvent('people.session.ended', {
  label: { en: 'Sessions ended', id: 'Sesi diakhiri' },
  description: { en: 'All open sessions of a person were ended.', id: 'Semua sesi terbuka seseorang diakhiri.' },
});

export const mfaReset = defineEvent('people.mfa.reset', {
  label: { en: 'MFA reset', id: 'MFA diatur ulang' },
  description: {
    en: "A person's second factor was removed, with every open session; a new one must be enrolled.",
    id: 'Faktor kedua seseorang dihapus beserta semua sesi terbukanya; faktor baru harus didaftarkan.',
  },
});

export const personErased = defineEvent('people.person.erased', {
  label: { en: 'Personal data erased', id: 'Data pribadi dihapus' },
  description: {
    en: "A person's name and contact were replaced for good, and their values beside the log erased.",
    id: 'Nama dan kontak seseorang diganti selamanya, dan nilainya di samping log dihapus.',
  },
});
