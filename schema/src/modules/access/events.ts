import { defineEvent } from '../../vocabulary/define-event.ts';

export const PASSWORD_ACCEPTED = defineEvent('access.password.accepted', {
  label: { en: 'Password accepted', id: 'Kata sandi diterima' },
  description: { en: 'The password was right; the second factor is still to come.', id: 'Kata sandi benar; faktor kedua masih diminta.' },
});
export const PASSWORD_REFUSED = defineEvent('access.password.refused', {
  label: { en: 'Password refused', id: 'Kata sandi ditolak' },
  description: { en: 'A sign-in or a confirmation by password was refused.', id: 'Percobaan masuk atau konfirmasi dengan kata sandi ditolak.' },
});
export const PASSWORD_CHANGED = defineEvent('access.password.changed', {
  label: { en: 'Password changed', id: 'Kata sandi diganti' },
  description: { en: 'A person changed their own password; their other sessions ended.', id: 'Seseorang mengganti kata sandinya sendiri; sesi lainnya diakhiri.' },
});
export const SECOND_FACTOR_REFUSED = defineEvent('access.second-factor.refused', {
  label: { en: 'Second factor refused', id: 'Faktor kedua ditolak' },
  description: { en: 'A code from an authenticator, or a recovery code, was refused.', id: 'Kode autentikator atau kode pemulihan ditolak.' },
});
export const SESSION_STARTED = defineEvent('access.session.started', {
  label: { en: 'Session started', id: 'Sesi dimulai' },
  description: { en: 'A person signed in with password and second factor.', id: 'Seseorang masuk dengan kata sandi dan faktor kedua.' },
});
export const SESSION_ENDED = defineEvent('access.session.ended', {
  label: { en: 'Session ended', id: 'Sesi diakhiri' },
  description: { en: 'A session was ended before its time; the detail says why.', id: 'Sesi diakhiri sebelum waktunya; rinciannya menyebut alasannya.' },
});
export const SESSION_END_REFUSED = defineEvent('access.session.end-refused', {
  label: { en: 'Ending a session refused', id: 'Pengakhiran sesi ditolak' },
  description: { en: 'Someone tried to end a session that is not among their own.', id: 'Seseorang mencoba mengakhiri sesi yang bukan miliknya.' },
});
export const STEP_UP_VERIFIED = defineEvent('access.step-up.verified', {
  label: { en: 'Confirmed with a fresh code', id: 'Dikonfirmasi dengan kode baru' },
  description: { en: 'A person confirmed one exact act with a fresh code.', id: 'Seseorang mengonfirmasi satu tindakan tertentu dengan kode baru.' },
});
export const STEP_UP_REFUSED = defineEvent('access.step-up.refused', {
  label: { en: 'Confirmation refused', id: 'Konfirmasi ditolak' },
  description: { en: 'The code or the challenge for one exact act was refused.', id: 'Kode atau tantangan untuk satu tindakan tertentu ditolak.' },
});
export const STAFF_INVITED = defineEvent('access.staff.invited', {
  label: { en: 'Person invited', id: 'Orang diundang' },
  description: { en: 'A one-time enrolment link was made for a person.', id: 'Tautan pendaftaran sekali pakai dibuat untuk seseorang.' },
});
export const STAFF_DISABLED = defineEvent('access.staff.disabled', {
  label: { en: 'Person disabled', id: 'Orang dinonaktifkan' },
  description: {
    en: "A person's account was disabled: sessions, tokens, elevations and open requests ended with it.",
    id: 'Akun seseorang dinonaktifkan: sesi, token, elevasi, dan permintaan terbukanya ikut berakhir.',
  },
});
export const STAFF_ENABLED = defineEvent('access.staff.enabled', {
  label: { en: 'Person enabled', id: 'Orang diaktifkan kembali' },
  description: { en: "A person's account was enabled again, with their standing access only.", id: 'Akun seseorang diaktifkan kembali, hanya dengan akses tetapnya.' },
});
export const ENROLMENT_RENEWED = defineEvent('access.staff.enrolment-renewed', {
  label: { en: 'Enrolment renewed', id: 'Pendaftaran diperbarui' },
  description: {
    en: "A person's password and authenticator were withdrawn; they have to enrol anew.",
    id: 'Kata sandi dan autentikator seseorang ditarik; ia harus mendaftar ulang.',
  },
});
export const ENROLMENT_LINK_MADE = defineEvent('access.staff.enrolment-link-made', {
  label: { en: 'Enrolment link made', id: 'Tautan pendaftaran dibuat' },
  description: {
    en: 'A new one-time link was made for a person who has not enrolled; earlier ones are void.',
    id: 'Tautan sekali pakai baru dibuat untuk orang yang belum mendaftar; tautan sebelumnya tidak berlaku.',
  },
});
export const STAFF_LINKED = defineEvent('access.staff.linked', {
  label: { en: 'Accounts linked', id: 'Akun dihubungkan' },
  description: {
    en: 'Two accounts were stated to belong to one human; together they count as one person.',
    id: 'Dua akun dinyatakan milik satu orang; keduanya dihitung satu orang.',
  },
});
export const GRANT_GIVEN = defineEvent('access.grant.given', {
  label: { en: 'Role granted', id: 'Peran diberikan' },
  description: { en: 'A person was given a role with a reach, a reason and an expiry.', id: 'Seseorang diberi peran dengan jangkauan, alasan, dan masa berlaku.' },
});
export const GRANT_REVOKED = defineEvent('access.grant.revoked', {
  label: { en: 'Access revoked', id: 'Akses dicabut' },
  description: {
    en: 'A grant was ended before its time; the reason or the detail says why.',
    id: 'Pemberian akses diakhiri sebelum waktunya; alasan atau rinciannya menyebut sebabnya.',
  },
});
export const ADMINISTRATION_ENDS_SOON = defineEvent('access.administration.ends-soon', {
  label: { en: 'Nobody will administer access soon', id: 'Pengelolaan akses segera tanpa orang' },
  description: {
    en: "The last administrator's access ends by time within days, or has ended. Somebody has to be given the right, or the command line has to.",
    id: 'Akses administrator terakhir berakhir dalam beberapa hari, atau sudah berakhir. Hak itu harus diberikan lagi, atau melalui baris perintah.',
  },
});
export const ELEVATION_GRANTED = defineEvent('access.elevation.granted', {
  label: { en: 'Elevation granted', id: 'Elevasi diberikan' },
  description: {
    en: 'More access was lent to a person for a time, after somebody else approved it.',
    id: 'Akses tambahan dipinjamkan kepada seseorang untuk sementara, setelah disetujui orang lain.',
  },
});
export const ELEVATION_ACTIVATED = defineEvent('access.elevation.activated', {
  label: { en: 'Elevation activated', id: 'Elevasi diaktifkan' },
  description: { en: 'A person started the clock of an elevation that was approved.', id: 'Seseorang memulai hitungan waktu elevasi yang telah disetujui.' },
});
export const ELEVATION_DROPPED = defineEvent('access.elevation.dropped', {
  label: { en: 'Elevation dropped', id: 'Elevasi dilepas' },
  description: { en: 'A person gave an elevation back before its end; it cannot be used again.', id: 'Seseorang melepas elevasi sebelum berakhir; tidak dapat dipakai lagi.' },
});
export const ENROLMENT_OPENED = defineEvent('access.enrolment.opened', {
  label: { en: 'Enrolment opened', id: 'Pendaftaran dibuka' },
  description: { en: 'An enrolment link was opened and a new secret was shown.', id: 'Tautan pendaftaran dibuka dan rahasia baru ditampilkan.' },
});
export const ENROLMENT_COMPLETED = defineEvent('access.enrolment.completed', {
  label: { en: 'Enrolment completed', id: 'Pendaftaran selesai' },
  description: { en: 'A person set password and authenticator through a one-time link.', id: 'Seseorang menetapkan kata sandi dan autentikator melalui tautan sekali pakai.' },
});
export const ENROLMENT_REFUSED = defineEvent('access.enrolment.refused', {
  label: { en: 'Enrolment refused', id: 'Pendaftaran ditolak' },
  description: {
    en: 'An enrolment link was unknown, used or expired, or its first code was wrong.',
    id: 'Tautan pendaftaran tidak dikenal, terpakai, atau kedaluwarsa, atau kode pertamanya salah.',
  },
});
export const RECOVERY_CODE_USED = defineEvent('access.recovery-code.used', {
  label: { en: 'Recovery code used', id: 'Kode pemulihan dipakai' },
  description: { en: 'A person signed in with a recovery code instead of the authenticator.', id: 'Seseorang masuk dengan kode pemulihan, bukan autentikator.' },
});
export const RECOVERY_CODES_REPLACED = defineEvent('access.recovery-codes.replaced', {
  label: { en: 'Recovery codes replaced', id: 'Kode pemulihan diganti' },
  description: { en: 'A person made new recovery codes; the old ones are void.', id: 'Seseorang membuat kode pemulihan baru; yang lama tidak berlaku.' },
});
export const TOTP_REPLACEMENT_STARTED = defineEvent('access.totp.replacement-started', {
  label: { en: 'Authenticator replacement started', id: 'Penggantian autentikator dimulai' },
  description: {
    en: 'A person proved password and current code to set a new authenticator.',
    id: 'Seseorang membuktikan kata sandi dan kode saat ini untuk memasang autentikator baru.',
  },
});
export const TOTP_REPLACED = defineEvent('access.totp.replaced', {
  label: { en: 'Authenticator replaced', id: 'Autentikator diganti' },
  description: { en: "A new authenticator is in force; the person's other sessions ended.", id: 'Autentikator baru berlaku; sesi lain milik orang itu diakhiri.' },
});
export const TOTP_KEY_ROTATED = defineEvent('access.totp-key.rotated', {
  label: { en: 'Authenticator secrets re-encrypted', id: 'Rahasia autentikator dienkripsi ulang' },
  description: { en: 'Stored authenticator secrets were re-encrypted under the current key.', id: 'Rahasia autentikator tersimpan dienkripsi ulang dengan kunci terkini.' },
});

export const ACCESS_EVENTS = [
  PASSWORD_ACCEPTED,
  PASSWORD_REFUSED,
  PASSWORD_CHANGED,
  SECOND_FACTOR_REFUSED,
  SESSION_STARTED,
  SESSION_ENDED,
  SESSION_END_REFUSED,
  STEP_UP_VERIFIED,
  STEP_UP_REFUSED,
  STAFF_INVITED,
  STAFF_DISABLED,
  STAFF_ENABLED,
  ENROLMENT_RENEWED,
  ENROLMENT_LINK_MADE,
  STAFF_LINKED,
  GRANT_GIVEN,
  GRANT_REVOKED,
  ADMINISTRATION_ENDS_SOON,
  ELEVATION_GRANTED,
  ELEVATION_ACTIVATED,
  ELEVATION_DROPPED,
  ENROLMENT_OPENED,
  ENROLMENT_COMPLETED,
  ENROLMENT_REFUSED,
  RECOVERY_CODE_USED,
  RECOVERY_CODES_REPLACED,
  TOTP_REPLACEMENT_STARTED,
  TOTP_REPLACED,
  TOTP_KEY_ROTATED,
] as const;
