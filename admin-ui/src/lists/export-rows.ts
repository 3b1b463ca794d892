/** First characters by which a spreadsheet would take a cell for a formula, full-width forms included (THREATS J06). */
const FORMULA = /^[\s\u0000"',]*[=+\-@\t\r\n\u0000＝＋－＠]/u;

/** A number is no formula, minus or not. */
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * One cell. A text that could run as a formula gets one leading apostrophe, and so does a text that
 * begins with an apostrophe: whoever parses the file drops exactly one leading apostrophe and has the value.
 */
export function escapeCell(value: string): string {
  const safe = !NUMBER.test(value) && (FORMULA.test(value) || value.startsWith("'")) ? `'${value}` : value;
  return /[",\n\r\t;]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** CSV by RFC 4180: CRLF, quotes doubled, a header row. */
export const toCsv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => row.map(escapeCell).join(',')).join('\r\n') + '\r\n';

/** Value of a field as exported: exact and unformatted, so that other programs can read it. */
export function exportValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value as string | number | boolean);
}

/** Tells spreadsheets that the file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF';

/** Hands a text, or bytes that have a type already, to the browser as a file. */
export function saveFile(name: string, content: string | Blob, type = 'text/csv;charset=utf-8'): void {
  const blob = content instanceof Blob ? content : new Blob(type.startsWith('text/csv') ? [BYTE_ORDER_MARK, content] : [content], { type });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
