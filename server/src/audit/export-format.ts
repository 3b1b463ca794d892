import { stringify } from 'csv-stringify/sync';
import { COLUMNS } from './append-statement.ts';
import { canonicalJson } from './canonical-json.ts';
import type { EventRecord } from './event-record.ts';

/** Columns of the CSV in order; the same names as in JSON. */
export const CSV_COLUMNS: readonly (keyof EventRecord)[] = ['time', ...(Object.keys(COLUMNS) as (keyof EventRecord)[])];

// What a spreadsheet takes for the start of a formula, in half and full width, and what may stand before it: the start
// of the cell, a quote, or a separator of whatever locale the file is opened in.
const FORMULA = String.raw`[=+\-@\t\r\n\u0000\uff1d\uff0b\uff0d\uff20]`;
const BEFORE = String.raw`^|[",;\t\r\n]`;
const DANGEROUS = new RegExp(`(?<=${BEFORE})('*)(?=${FORMULA})`, 'g');
const DEFUSED = new RegExp(`(?<=${BEFORE})'('*)(?=${FORMULA})`, 'g');

/**
 * Takes a cell the power to be a formula (J06): an apostrophe goes before each character that could start one.
 * To read a file back, drop one apostrophe wherever one or more stand between the start of the cell, a quote, comma,
 * semicolon, TAB, CR or LF and one of `= + - @` (also full-width), TAB, CR, LF, NUL: `restoreCell` does.
 */
export const defuseCell = (cell: string): string => cell.replace(DANGEROUS, "'$1");

/** The cell as it was before `defuseCell`. */
export const restoreCell = (cell: string): string => cell.replace(DEFUSED, '$1');

/** JSON in which controls and direction marks are escapes: one line, in reading order, the same value (H14). */
function visibleJson(value: unknown): string {
  return canonicalJson(value).replace(/[\p{Cc}\p{Cf}\u{2028}\u{2029}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join(''),
  );
}

const cellOf = (value: EventRecord[keyof EventRecord]): string | null => (value === undefined ? null : defuseCell(typeof value === 'string' ? value : visibleJson(value)));

/** The CSV's first line. */
export const csvHeader = (): string => csvLines([[...CSV_COLUMNS]]);

/** RFC 4180 lines: every cell that holds something is quoted, an absent fact is an empty cell. */
export const csvOf = (records: readonly EventRecord[]): string => csvLines(records.map((record) => CSV_COLUMNS.map((name) => cellOf(record[name]))));

const csvLines = (rows: readonly (readonly (string | null)[])[]): string => stringify(rows as (string | null)[][], { quoted: true, record_delimiter: 'windows' });

/** One JSON object per line, absent facts left out. */
export const jsonLinesOf = (records: readonly EventRecord[]): string => records.map((record) => `${visibleJson(record)}\n`).join('');
