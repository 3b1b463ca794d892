/** A word longer than this is cut: nobody types more of it, and PostgreSQL takes 2 KB at most. */
const LONGEST_WORD = 64;
const MOST_WORDS_OF_A_TEXT = 400;
/** From this many letters on, the beginning of a word finds it. */
const SHORTEST_BEGINNING = 3;

// Compatibility composition and lower case, so that one word has one form whatever keyboard it came from.
const plain = (text: string): string => text.normalize('NFKC').toLowerCase();
const cut = (word: string): string => Array.from(word).slice(0, LONGEST_WORD).join('');
const pieces = (term: string): string[] => plain(term.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')).match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
/** What stands around a term without belonging to it: quotes, brackets, a full stop. */
const bare = (term: string): string => plain(term).replaceAll(/^[^\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+$/gu, '');
const termsOf = (text: string): string[] => text.split(/[\s\p{Cc}\p{Cf}]+/u).filter((term) => term !== '');

/**
 * The words by which a text is found: each term whole (`sup-4711`, `billing.credit.adjusted`, `adjustcredit`) and its pieces
 * (`sup`, `4711`). Pure, and the same in every database whatever its locale. An ID is one word.
 */
export function wordsOf(text: string, isId = false): string[] {
  if (isId) return text.trim() === '' ? [] : [cut(plain(text.trim()))];
  const words = termsOf(text).flatMap((term) => [bare(term), ...pieces(term)].filter((word) => word !== '').map(cut));
  return [...new Set(words)].slice(0, MOST_WORDS_OF_A_TEXT);
}

/**
 * What somebody typed as text of a `tsquery`: every term has to be there, as the beginning of a word or, for a term of several pieces, as these
 * pieces. Null where there is no word in it. Holds nothing but quoted words and our own operators.
 */
export function searchQueryOf(text: string): string | null {
  const terms = termsOf(text).flatMap((term) => {
    const whole = cut(bare(term));
    if (whole === '') return [];
    const parts = [...new Set(pieces(term).map(cut))];
    const asPieces = parts.length > 1 ? [`(${parts.map((part, index) => (index === parts.length - 1 ? beginning(part) : quoted(part))).join(' & ')})`] : [];
    return [[beginning(whole), ...asPieces].join(' | ')];
  });
  return terms.length === 0 ? null : terms.map((term) => `(${term})`).join(' & ');
}

/** The word that stands in an entry for its tenant: no text that anybody types becomes it. */
export const tenantMark = (tenantId: string): string => `@${tenantId}`;

/** The same, sought. */
export const tenantWord = (tenantId: string): string => quoted(tenantMark(tenantId));

const quoted = (word: string): string => `'${word.replaceAll(/['\\]/g, (character) => character + character)}'`;
const beginning = (word: string): string => (Array.from(word).length >= SHORTEST_BEGINNING ? `${quoted(word)}:*` : quoted(word));
