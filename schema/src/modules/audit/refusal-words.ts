import type { ErrorCode } from '../../errors.ts';
import type { Text } from '../../vocabulary/axes.ts';

/** Why something was refused, in words that follow a comma; the code stands beside them. Of what is no refusal of a person, there are none. */
const REASONS: Partial<Readonly<Record<ErrorCode, Text>>> = {
  UNAUTHENTICATED: { en: 'nobody was signed in', id: 'tidak ada yang masuk' },
  FORBIDDEN: { en: 'the right was missing', id: 'haknya tidak ada' },
  NOT_FOUND: { en: 'no such record exists for this person', id: 'rekaman itu tidak ada bagi orang ini' },
  STEP_UP_FAILED: { en: 'the code was not right', id: 'kodenya tidak tepat' },
  RATE_LIMITED: { en: 'there were too many attempts', id: 'percobaannya terlalu banyak' },
  JUSTIFICATION_REQUIRED: { en: 'reason or ticket was missing', id: 'alasan atau tiketnya tidak ada' },
  APPROVAL_REQUIRED: { en: 'it takes a second person', id: 'perlu orang kedua' },
  SELF_APPROVAL: { en: 'nobody approves their own', id: 'tidak ada yang menyetujui miliknya sendiri' },
  APPROVAL_STATE: { en: 'the request had moved on', id: 'permintaannya sudah beralih' },
  APPROVAL_EXPIRED: { en: 'the request had run out', id: 'permintaannya sudah kedaluwarsa' },
  APPROVAL_STALE: { en: 'what was asked for had changed', id: 'yang diminta sudah berubah' },
  IMPERSONATION_FORBIDDEN: { en: 'not while acting as somebody', id: 'tidak selama bertindak sebagai orang lain' },
  READ_ONLY_SESSION: { en: 'the session may only read', id: 'sesinya hanya boleh membaca' },
  LAST_OWNER: { en: 'nobody else would be left to do it', id: 'tidak akan ada orang lain yang tersisa' },
  CONFLICT: { en: 'the state of things did not allow it', id: 'keadaannya tidak memungkinkan' },
  BAD_INPUT: { en: 'the input was not right', id: 'masukannya tidak tepat' },
  QUERY_REJECTED: { en: 'the question was malformed or too large', id: 'pertanyaannya salah bentuk atau terlalu besar' },
  CSRF_REJECTED: { en: 'it came from elsewhere than the console', id: 'datangnya bukan dari konsol' },
  AUDIT_UNAVAILABLE: { en: 'it could not be recorded', id: 'tidak dapat dicatat' },
};

/** A code that asks for one more step: nobody was turned away. */
const ASKED: Text = { en: 'a fresh code was asked for', id: 'kode baru diminta' };

const isKnown = (code: string): code is keyof typeof REASONS => Object.hasOwn(REASONS, code);

/**
 * What was refused, and why: `Refund: refused, the right was missing (FORBIDDEN)`.
 * @param tried what was tried, or what the event is called
 * @param saysSo whether that says already that it was refused
 */
export function refusalWords(tried: Text, code: string | null, saysSo: boolean): Text {
  const say = (language: keyof Text, refused: string): string => {
    const why = code !== null && isKnown(code) ? REASONS[code]?.[language] : undefined;
    const told = code === 'STEP_UP_REQUIRED' ? ASKED[language] : [saysSo ? undefined : refused, why].filter((part) => part !== undefined).join(', ');
    const parts = [told, code === null ? '' : `(${code})`].filter((part) => part !== '').join(' ');
    return parts === '' ? tried[language] : `${tried[language]}: ${parts}`;
  };
  return { en: say('en', 'refused'), id: say('id', 'ditolak') };
}
