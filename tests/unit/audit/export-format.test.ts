import { CSV_COLUMNS, csvHeader, csvOf, defuseCell, jsonLinesOf, restoreCell } from '@sallyport/server/audit/export-format.ts';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const record = (reason: string) => ({
  formatVersion: 1,
  id: 'id',
  time: '2026-11-21T09:06:48.123456Z',
  correlationId: 'c',
  kind: 'a.b.c',
  outcome: 'ok',
  surface: 'api',
  environment: 'test',
  policyVersion: 'p',
  reason,
});
const cellOf = (csv: string, column: string): string => (parse(csv, { columns: true, relax_quotes: false }) as Record<string, string>[])[0]?.[column] ?? '';

const starts = ['=', '+', '-', '@', '\t', '\r', '\n', '\u0000', '\uff1d', '\uff0b', '\uff0d', '\uff20'];

describe('J06: CSV', () => {
  test.each(starts)('a cell that starts with %j, also after quote, comma or semicolon, is no formula and reads back', (start) => {
    for (const value of [`${start}cmd|' /C calc'!A0`, `x",${start}1+1`, `x;${start}1+1`, `"${start}1`, `'${start}1`, `''${start}1`, start, `${start}${start}${start}`]) {
      const csv = csvHeader() + csvOf([record(value)]);
      const cell = cellOf(csv, 'reason');
      expect(starts.some((each) => cell.startsWith(each))).toBe(false);
      expect(restoreCell(cell)).toBe(value);
      expect(cell).not.toMatch(/[",;][=+\-@\uff1d\uff0b\uff0d\uff20]/);
    }
  });

  test('every text reads back', () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom(...starts, "'", '"', ',', ';', 'a'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })) });
    fc.assert(
      fc.property(text, (value) => {
        expect(restoreCell(defuseCell(value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  test('ordinary values stay as they are, absent ones are empty cells', () => {
    const csv = csvHeader() + csvOf([record("Pelanggan 'Budi' – refund, please; 3-4 days")]);
    expect(cellOf(csv, 'reason')).toBe("Pelanggan 'Budi' – refund, please; 3-4 days");
    expect(cellOf(csv, 'ticket')).toBe('');
    expect(csv.split('\r\n')[0]).toBe(CSV_COLUMNS.map((name) => `"${name}"`).join(','));
  });
});

test('H14: JSON Lines hold one line per event, direction marks as escapes, and parse back', () => {
  const given = { ...record('a'), before: { note: 'x\n\u202ey\u2028\u{e0041}', n: 1.5 } };
  const lines = jsonLinesOf([given, given]);
  expect(lines.split('\n')).toHaveLength(3);
  expect(lines).not.toMatch(/[\u202e\u2028]/);
  expect(JSON.parse(lines.split('\n')[0] ?? '')).toEqual(given);
});
