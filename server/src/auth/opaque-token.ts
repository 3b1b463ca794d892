import { createHash, randomBytes } from 'node:crypto';

const FORM = /^[A-Za-z0-9_-]{43}$/;

/** A secret of 256 random bits that is shown once, and the hash of it that is kept. */
export interface OpaqueToken {
  readonly token: string;
  readonly hash: Buffer;
}

/** SHA-256 suffices for what is random over its whole length; a slow hash is for what people choose. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token, 'ascii').digest();

export function makeToken(): OpaqueToken {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** The hash to look up, or null when the text can't be one of ours. */
export const hashIfToken = (text: unknown): Buffer | null => (typeof text === 'string' && FORM.test(text) ? hashToken(text) : null);
