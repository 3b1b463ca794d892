import { defineEvent } from '../../vocabulary/define-event.ts';

export const tokenCreated = defineEvent('tokens.token.created', {
  label: { en: 'Token made', id: 'Token dibuat' },
  description: {
    en: 'A person made a token for their tooling, with named permissions, a reach and an end.',
    id: 'Seseorang membuat token untuk perkakasnya, dengan izin, jangkauan, dan batas waktu.',
  },
});
export const tokenRevoked = defineEvent('tokens.token.revoked', {
  label: { en: 'Token revoked', id: 'Token dicabut' },
  description: { en: 'A token was revoked before its end; it is dead at the next request.', id: 'Token dicabut sebelum waktunya; permintaan berikutnya ditolak.' },
});
export const tokenExchanged = defineEvent('tokens.token.exchanged', {
  label: { en: 'Signed token issued', id: 'Token bertanda tangan diterbitkan' },
  description: {
    en: 'A token was exchanged for a signed access token that other services can check.',
    id: 'Token ditukar dengan token akses bertanda tangan yang dapat diperiksa layanan lain.',
  },
});
export const tokenExchangeRefused = defineEvent('tokens.token.exchange-refused', {
  label: { en: 'Signed token refused', id: 'Token bertanda tangan ditolak' },
  description: { en: 'A token was not exchanged: it is not live, or more was asked than it holds.', id: 'Token tidak ditukar: sudah mati, atau yang diminta melebihi isinya.' },
});
export const tokenRefused = defineEvent('tokens.token.refused', {
  label: { en: 'Token refused where a person is needed', id: 'Token ditolak di tempat yang butuh orang' },
  description: { en: 'A token was presented for what only the person themselves can do.', id: 'Token dipakai untuk hal yang hanya dapat dilakukan orangnya sendiri.' },
});
export const signingKeyRotated = defineEvent('tokens.signing-key.rotated', {
  label: { en: 'Signing key rotated', id: 'Kunci tanda tangan diganti' },
  description: {
    en: 'A new key was made for signed access tokens; the one before stays valid for a while.',
    id: 'Kunci baru dibuat untuk token akses bertanda tangan; kunci sebelumnya masih berlaku sementara.',
  },
});
