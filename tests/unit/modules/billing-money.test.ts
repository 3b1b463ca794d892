import { exceeds, hundredths } from '@sallyport/schema/modules/billing/money.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('an amount is read to the hundredth, whatever its size and sign', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), (value) => {
      const size = value < 0n ? -value : value;
      const text = `${value < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
      expect(hundredths(text)).toBe(value);
    }),
  );
  expect([hundredths('12'), hundredths('12.5'), hundredths('-0.05')]).toEqual([1200n, 1250n, -5n]);
});

test.each(['', '1.005', '1,5', '1e3', '٣', 'NaN', '1.', '.5', '+1', ' 1', '12345678901234567'])('%j is no amount and is refused without being repeated', (text) => {
  expect(() => hundredths(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
});

test('a limit binds above itself, not at itself, in both directions', () => {
  expect([exceeds(100n, 1), exceeds(101n, 1), exceeds(-100n, 1), exceeds(-101n, 1)]).toEqual([false, true, false, true]);
});
