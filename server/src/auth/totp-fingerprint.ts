import { createHmac, hkdfSync } from 'node:crypto';
import type { SecretKeys } from './sealed-secret.ts';

/**
 * By which two accounts with the same authenticator are known to be one human's (THREATS D02): HMAC-SHA-256 of the secret under a key
 * derived for this alone (HKDF, RFC 5869) from the current key. The database alone can't test a guess with it. Fingerprints compare
 * under one key; whoever rotates keys makes them anew (`rewrapTotpSecrets`).
 */
export function totpFingerprint(keys: SecretKeys, secret: string): Buffer {
  const key = keys.keys[keys.currentKeyId];
  if (key === undefined) throw new Error(`No key "${keys.currentKeyId}" for stored secrets`);
  const derived = hkdfSync('sha256', key, new Uint8Array(), 'sallyport totp fingerprint v1', 32);
  return createHmac('sha256', new Uint8Array(derived)).update(secret, 'utf8').digest();
}
