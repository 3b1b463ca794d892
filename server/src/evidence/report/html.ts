/** A piece of a page that is safe as it stands. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | readonly Html[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as text of a page: markup shows, and so do control and direction characters (H14). */
export const escapeHtml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
    .replace(/(?!\n)(?![\u{200c}\u{200d}])[\p{Cc}\p{Cf}\u{2028}\u{2029}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`);

const partText = (part: Part): string => {
  if (part instanceof Html) return part.text;
  if (part === null) return '';
  return typeof part === 'object' ? part.map(({ text }) => text).join('') : escapeHtml(String(part));
};

/** A piece of a page; whatever stands between the literal parts is escaped, unless it is `Html` itself. */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(literals.reduce((text, literal, index) => `${text}${literal}${index < parts.length ? partText(parts[index] ?? null) : ''}`, ''));
