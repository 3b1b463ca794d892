import { codeAt, findStep, isTotpForm, makeTotpSecret, secondsToNextCode, type TotpAlgorithm } from '@sallyport/server/auth/totp.ts';
import { describe, expect, test } from 'vitest';

const KEY = '1234567890'.repeat(7);
const ALGORITHMS: readonly (readonly [TotpAlgorithm, number])[] = [
  ['sha1', 20],
  ['sha256', 32],
  ['sha512', 64],
];
const VECTORS: readonly (readonly [number, readonly [string, string, string]])[] = [
  [59, ['94287082', '46119246', '90693936']],
  [1111111109, ['07081804', '68084774', '25091201']],
  [1111111111, ['14050471', '67062674', '99943326']],
  [1234567890, ['89005924', '91819424', '93441116']],
  [2000000000, ['69279037', '90698825', '38618901']],
  [20000000000, ['65353130', '77737706', '47863826']],
];

describe('B01 the 18 vectors of RFC 6238 appendix B', () => {
  for (const [epoch, codes] of VECTORS) {
    for (const [index, [algorithm, length]] of ALGORITHMS.entries()) {
      test(`B01 ${algorithm} at ${epoch} gives ${codes[index]}`, () => {
        expect(codeAt(Buffer.from(KEY.slice(0, length)), epoch, { algorithm, digits: 8 })).toBe(codes[index]);
      });
    }
  }
});

describe("B10 the window is one step either side of the database's time, and the client's time is never read", () => {
  const secret = makeTotpSecret();
  const now = 1_700_000_010; // a multiple of 30: the first second of a step
  const middle = now + 15;
  for (const skew of [-29, -15, 0, 15, 29])
    test(`B10 a device ${skew} s off is accepted`, () => expect(findStep(secret, codeAt(secret, middle + skew), middle)).toBe(Math.floor((middle + skew) / 30)));
  for (const skew of [-300, -61, 61, 300]) test(`B10 a device ${skew} s off is refused`, () => expect(findStep(secret, codeAt(secret, middle + skew), middle)).toBeNull());
  test('B10 ±31 s is refused where it falls two steps away', () => {
    expect(findStep(secret, codeAt(secret, now - 31), now)).toBeNull();
    expect(findStep(secret, codeAt(secret, now + 29 + 31), now + 29)).toBeNull();
  });
});

test('B16 anything but six ASCII digits is no code, and never throws', () => {
  const secret = makeTotpSecret();
  for (const value of ['', '12345', '1234567', '12345a', '１２３４５６', ' 123456', '123456\n', null, undefined, 123456, ['123456'], {}, true]) {
    expect(isTotpForm(value)).toBe(false);
    if (typeof value === 'string') expect(findStep(secret, value, 1_700_000_000)).toBeNull();
  }
});

test('secrets have 160 random bits, and the time to the next code says nothing else', () => {
  expect(makeTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
  expect(makeTotpSecret()).not.toBe(makeTotpSecret());
  expect([secondsToNextCode(60), secondsToNextCode(61.5), secondsToNextCode(89.9)]).toEqual([30, 29, 1]);
});
