import { randomBytes } from 'node:crypto';
import { openSecret, type SecretKeys, sealSecret } from '@sallyport/server/auth/sealed-secret.ts';
import { expect, test } from 'vitest';

const keys: SecretKeys = { currentKeyId: 'two', keys: { one: randomBytes(32), two: randomBytes(32) } };
const ANNA = '0b0c1f0e-3a52-4d1c-9d55-4a6d8f0a0001';
const BUDI = '0b0c1f0e-3a52-4d1c-9d55-4a6d8f0a0002';
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

test('B19 a sealed secret opens for its person only, and is never sealed the same way twice', () => {
  const sealed = sealSecret(keys, ANNA, SECRET);
  expect(openSecret(keys, ANNA, sealed)).toBe(SECRET);
  expect(() => openSecret(keys, BUDI, sealed)).toThrow();
  expect(sealSecret(keys, ANNA, SECRET).ciphertext.equals(sealed.ciphertext)).toBe(false);
  expect(sealed.ciphertext.includes(SECRET)).toBe(false);
});

test('B19 every flipped bit is noticed', () => {
  const sealed = sealSecret(keys, ANNA, SECRET);
  for (let at = 0; at < sealed.ciphertext.length * 8; at += 5) {
    const ciphertext = Buffer.from(sealed.ciphertext);
    ciphertext[at >> 3] = (ciphertext[at >> 3] ?? 0) ^ (1 << (at & 7));
    expect(() => openSecret(keys, ANNA, { ...sealed, ciphertext })).toThrow();
  }
  expect(() => openSecret(keys, ANNA, { ...sealed, ciphertext: sealed.ciphertext.subarray(0, 20) })).toThrow();
});

test('B20 the old key opens what it sealed, another does not, and an unknown one is named', () => {
  const old = sealSecret({ ...keys, currentKeyId: 'one' }, ANNA, SECRET);
  expect(old.keyId).toBe('one');
  expect(openSecret(keys, ANNA, old)).toBe(SECRET);
  expect(() => openSecret(keys, ANNA, { ...old, keyId: 'two' })).toThrow();
  expect(() => openSecret(keys, ANNA, { ...old, keyId: 'constructor' })).toThrow('No key "constructor"');
});
