/** Upper bounds of texts on an event, in characters (code points). */
export const TEXT_BOUNDS = { reason: 2000, userAgent: 300, name: 200, id: 200, detail: 1000 } as const;

// Controls (CR, LF, ESC, NUL, …), format characters (direction marks, zero-width, tags) and line separators.
// U+200C and U+200D shape letters and emoji and stay.
const UNSAFE = /(?![\u{200c}\u{200d}])[\p{Cc}\p{Cf}\u{2028}\u{2029}]/gu;

const escapeCharacter = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;

/**
 * A text that is one line, in reading order and of bounded size, wherever it is shown (H14): control and
 * direction characters become visible escapes (`\u{001b}`), unpaired surrogates U+FFFD, and what exceeds
 * `bound` characters is cut, which an ellipsis shows.
 */
export function plainText(text: string, bound: number): string {
  // A code point has at most two code units: cutting here first keeps a 1 MB text cheap.
  const head = text.length > bound * 2 ? text.slice(0, bound * 2) : text;
  const safe = head.toWellFormed().replace(UNSAFE, escapeCharacter);
  if (safe.length <= bound && head === text) return safe;
  const characters = Array.from(safe);
  if (characters.length <= bound && head === text) return safe;
  return `${characters.slice(0, bound - 1).join('')}…`;
}
