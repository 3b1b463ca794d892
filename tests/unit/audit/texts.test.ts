import { composeEvent } from '@sallyport/server/audit/compose-event.ts';
import { CANONICAL_BOUND, canonicalHalves, canonicalText } from '@sallyport/server/audit/event-record.ts';
import { plainText } from '@sallyport/server/audit/plain-text.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const setting = { policyVersion: 'p', environment: 'test', roles: new Map() };
const time = '2026-11-21T09:06:48.123456Z';

describe('H14: texts', () => {
  test.each([
    ['a\r\nb', 'a\\u{000d}\\u{000a}b'],
    ['\u001b[31mred', '\\u{001b}[31mred'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['a\u2028b', 'a\\u{2028}b'],
    ['\ud800', '\ufffd'],
    ['Siti Nurhaliza – “ok” 👩‍👧', 'Siti Nurhaliza – “ok” 👩‍👧'],
  ])('%j is stored as %j', (given, stored) => {
    expect(plainText(given, 100)).toBe(stored);
  });

  test('any text becomes one bounded line that is stored as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 1, max: 200 }), (text, bound) => {
        const plain = plainText(text, bound);
        expect(Array.from(plain).length).toBeLessThanOrEqual(bound);
        expect(plain).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(plain.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('H08: canonical form', () => {
  test('the two halves around the database time are the RFC 8785 JSON of the whole record, parse back to it and stay in bounds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.string(), fc.option(fc.string()), (values, reason, userAgent) => {
        const classes = Object.fromEntries(Object.keys(values).map((field) => [field, 'internal' as const]));
        const { record, head, tail } = composeEvent(
          {
            kind: 'a.b.c',
            outcome: 'ok',
            correlationId: 'C',
            surface: 'api',
            ip: null,
            viewer: null,
            before: values,
            after: {},
            classes,
            reason,
            detail: { userAgent, ...values },
          },
          setting,
        );
        const text = `${head}${time}${tail}`;
        expect(text).toBe(canonicalText({ ...record, time }));
        expect(canonicalText(JSON.parse(text))).toBe(text);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(CANONICAL_BOUND);
        expect(text).not.toContain(':undefined');
      }),
    );
  });

  test('absent facts are left out, a null inside a value stays', () => {
    const { record } = composeEvent(
      { kind: 'a.b.c', outcome: 'ok', correlationId: 'C', surface: 'api', ip: null, viewer: null, before: { note: null }, classes: { note: 'internal' } },
      setting,
    );
    const { head } = canonicalHalves(record);
    expect(head).toContain('"before":{"note":null}');
    expect(head).not.toContain('"ip"');
  });

  test('RFC 8785: members sort by UTF-16 code units and numbers take their shortest form', () => {
    const classes = { '\u{10000}': 'internal', '\ufb33': 'internal', a: 'internal', b: 'internal' } as const;
    const { head } = composeEvent(
      { kind: 'a.b.c', outcome: 'ok', correlationId: 'C', surface: 'api', ip: null, viewer: null, after: { '\ufb33': 1, b: 1e21, '\u{10000}': 1, a: -0 }, classes },
      setting,
    );
    expect(head).toContain('"after":{"a":0,"b":1e+21,"\u{10000}":1,"\ufb33":1}');
  });
});
