/** Standard base64 with padding (RFC 4648 §4) in its only spelling; null for anything else, spare bits that are set included. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** A whole number up to 2^53 − 1 in decimal, without sign or leading zeros; null for anything else. */
export function decodeDecimal(text: string): number | null {
  const value = Number(text);
  return /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(value) ? value : null;
}

/** What a signed note may hold: well-formed Unicode without control characters below U+0020, except line ends. */
export const isNoteText = (text: string): boolean => text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
