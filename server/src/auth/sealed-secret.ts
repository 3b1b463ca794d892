import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Keys outside the database, 32 bytes each; `currentKeyId` seals, all of them open. */
export interface SecretKeys {
  readonly currentKeyId: string;
  readonly keys: Readonly<Record<string, Buffer>>;
}

export interface SealedSecret {
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** What an authenticator's secret is bound to: its person. */
const ofPerson = (staffId: string): string => `sallyport/totp-secret/v1/${staffId}`;

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce: nonce ‖ tag ‖ ciphertext. `use` names what the secret is and whose, and binds
 * the ciphertext to it: moved to another row it does not open.
 */
export function seal(keys: SecretKeys, use: string, secret: string): SealedSecret {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keyNamed(keys, keys.currentKeyId), nonce);
  cipher.setAAD(Buffer.from(use));
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return { ciphertext: Buffer.concat([nonce, cipher.getAuthTag(), body]), keyId: keys.currentKeyId };
}

/** @throws {Error} when the key is not at hand, or the ciphertext was altered or sealed for another use. */
export function unseal(keys: SecretKeys, use: string, sealed: SealedSecret): string {
  const { ciphertext } = sealed;
  const decipher = createDecipheriv(CIPHER, keyNamed(keys, sealed.keyId), ciphertext.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(use));
  decipher.setAuthTag(ciphertext.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(ciphertext.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}

/** Seals an authenticator's secret for its person. */
export const sealSecret = (keys: SecretKeys, staffId: string, secret: string): SealedSecret => seal(keys, ofPerson(staffId), secret);

/** @throws {Error} when the key is not at hand, or the ciphertext was altered or belongs to someone else. */
export const openSecret = (keys: SecretKeys, staffId: string, sealed: SealedSecret): string => unseal(keys, ofPerson(staffId), sealed);

function keyNamed(keys: SecretKeys, keyId: string): Buffer {
  const key = Object.hasOwn(keys.keys, keyId) ? keys.keys[keyId] : undefined;
  if (key === undefined) throw new Error(`No key "${keyId}" for stored secrets`);
  if (key.length !== 32) throw new Error(`Key "${keyId}" for stored secrets is not 32 bytes long`);
  return key;
}
