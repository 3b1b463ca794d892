import { GatewayError } from '@sallyport/schema/errors.ts';
import { type CursorScope, openCursor, sealCursor } from '@sallyport/schema/resources/cursor.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const scope: CursorScope = { key: Buffer.alloc(32, 7), personId: 'p', resource: 'order', query: [[{ field: 'number', direction: 'asc' }], null] };

describe('a cursor is opaque, authenticated and bound to list and person (C06)', () => {
  test('what was sealed opens to the same values', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), { maxLength: 4 }), (values) => {
        expect(openCursor(scope, sealCursor(scope, values))).toEqual(values);
      }),
    );
  });

  test.each([
    ['another person', { ...scope, personId: 'q' }],
    ['another list', { ...scope, resource: 'shop' }],
    ['another filter', { ...scope, query: [scope.query, { buyer: { startsWith: 'a' } }] }],
    ['another gateway', { ...scope, key: Buffer.alloc(32, 8) }],
  ])('it does not open for %s', (_who, other) => {
    expect(() => openCursor(other, sealCursor(scope, ['a', 1]))).toThrow(GatewayError);
  });

  test('any flipped bit and any nonsense is BAD_INPUT', () => {
    const sealed = Buffer.from(sealCursor(scope, ['a', 1]), 'base64url');
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => openCursor(scope, altered.toString('base64url'))).toThrow(GatewayError);
    }
    for (const nonsense of ['', 'null', '../../etc', 'a'.repeat(9_000)]) expect(() => openCursor(scope, nonsense)).toThrow(GatewayError);
  });
});
