import { describe, expect, it } from 'vitest';
import { escapeCell, toCsv } from './export-rows.ts';

/** Reads one cell back by RFC 4180 and the one rule of the export: one leading apostrophe is dropped. */
function parseCell(cell: string): string {
  const text = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
  return text.startsWith("'") ? text.slice(1) : text;
}

describe('export of what one sees (THREATS J06)', () => {
  const awkward = [
    '=cmd|calc',
    '+62 812',
    '-abc',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\u0000=1',
    '"=1',
    ',=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    "'=1",
    "'quoted",
    ' =1',
    'a,b',
    'say "hi"',
    'two\nlines',
    'PT Biasa',
    '',
  ];

  it.each(awkward)('%j parses back to the same value', (value) => {
    expect(parseCell(escapeCell(value))).toBe(value);
  });

  it('no cell that could be a formula begins with its sign', () => {
    for (const value of awkward.slice(0, 14)) expect(escapeCell(value).replace(/^"/, '')).toMatch(/^'/);
  });

  it('numbers stay numbers, minus or not', () => {
    expect([escapeCell('-12.50'), escapeCell('4500000.00')]).toEqual(['-12.50', '4500000.00']);
  });

  it('rows end with CRLF and carry a header', () => {
    expect(toCsv(['id', 'Name'], [['1', '=x']])).toBe("id,Name\r\n1,'=x\r\n");
  });
});
