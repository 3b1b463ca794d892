import { describe, expect, it } from 'vitest';
import { formatDate, formatDuration, formatElapsed, formatMoney, formatRelative, formatTime, safeLink, shortId, showHidden } from './format.ts';
import { fromLocalTime, toLocalTime } from './local-time.ts';

describe('values as people read them', () => {
  it('money keeps every digit of the exact decimal, in the locale of the person', () => {
    expect(formatMoney('4500000.00', 'IDR', 'en-GB')).toBe('IDR 4,500,000');
    expect(formatMoney('4500000.00', 'IDR', 'id-ID')).toBe('IDR 4.500.000');
    expect(formatMoney('9007199254740993.10', 'IDR', 'en-GB')).toBe('IDR 9,007,199,254,740,993.10');
    expect(formatMoney('-12.5', 'USD', 'en-GB')).toBe('-USD 12.50');
  });

  it('what is not an amount is shown as it is, never as NaN', () => {
    expect(formatMoney('=1+1', 'IDR', 'en-GB')).toBe('=1+1');
    expect(formatMoney('1.00', 'not a code', 'en-GB')).toBe('1.00');
  });

  it('a moment is told in the chosen zone with its name', () => {
    expect(formatTime('2026-11-21T17:30:00Z', 'en-GB', 'Asia/Jakarta')).toBe('22 Nov 2026, 00:30 WIB');
    expect(formatTime('2026-11-21T17:30:00Z', 'en-GB', 'UTC')).toBe('21 Nov 2026, 17:30 UTC');
  });

  it('a calendar date never moves by a day', () => {
    expect(formatDate('2026-01-01', 'en-GB')).toBe('1 Jan 2026');
  });

  it('relative and elapsed times round towards what has passed', () => {
    const now = Date.parse('2026-11-21T10:00:00Z');
    expect(formatRelative('2026-11-21T08:01:00Z', now, 'en-GB')).toBe('1 hour ago');
    expect(formatRelative('2026-11-22T10:00:00Z', now, 'id-ID')).toBe('besok');
    expect([formatElapsed(0, 'en-GB'), formatElapsed(2400, 'en-GB'), formatElapsed(125_000, 'en-GB')]).toEqual(['+0 ms', '+2.4 s', '+2 min 5 s']);
  });

  it('a length of time is told in its two largest units', () => {
    expect([formatDuration(14_400, 'en-GB'), formatDuration(86_399, 'en-GB'), formatDuration(45, 'en-GB'), formatDuration(0, 'en-GB')]).toEqual([
      '4 hours',
      '23 hours 59 minutes',
      '45 seconds',
      '0 seconds',
    ]);
    expect(formatDuration(5460, 'id-ID')).toBe('1 jam 31 menit');
  });

  it('J10: characters that reorder or hide text are made visible', () => {
    expect(showHidden('PT \u202Eabc\u200B')).toBe('PT ␦202Eabc␦200B');
    expect(showHidden('two\nlines\tand emoji 🎉')).toBe('two\nlines\tand emoji 🎉');
  });

  it('J02: only plain web addresses become links', () => {
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', ' not a url']) expect(safeLink(url)).toBeNull();
    expect(safeLink('https://hooks.example/a')).toBe('https://hooks.example/a');
  });

  it('a local time goes to UTC and comes back the same', () => {
    expect(fromLocalTime('2026-11-21T00:30', 'Asia/Jakarta')).toBe('2026-11-20T17:30:00.000Z');
    expect(toLocalTime('2026-11-20T17:30:00.000Z', 'Asia/Jakarta')).toBe('2026-11-21T00:30');
    expect(fromLocalTime('', 'UTC')).toBe('');
  });

  it('short IDs stay whole', () => {
    expect(shortId('17')).toBe('17');
    expect(shortId('01890f3c-0000-7000-8000-00000000abcd')).toBe('01890f3c…abcd');
  });
});
