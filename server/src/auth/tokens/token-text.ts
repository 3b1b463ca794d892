import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Begins every token, so that people and secret scanners know one when they see it. */
export const TOKEN_PREFIX = 'slp_';
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = /^slp_[A-Za-z0-9_-]{49}$/;

/** CRC-32 in base 36 over the secret part: tells a mistyped or truncated token without asking the database. It protects nothing. */
const checksumOf = (secret: string): string =>
  crc32(secret)
    .toString(36)
    .padStart(CHECKSUM_LENGTH + 1, '0')
    .slice(-CHECKSUM_LENGTH);

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** A new token of 256 random bits. Only its hash may be kept. */
export function makeToken(): { readonly token: string; readonly hash: Buffer; readonly hint: string } {
  const secret = randomBytes(32).toString('base64url');
  const token = `${TOKEN_PREFIX}${secret}${checksumOf(secret)}`;
  return { token, hash: hashToken(token), hint: token.slice(0, TOKEN_PREFIX.length + 4) };
}

/** Whether a text can be one of our tokens: form and checksum. */
export function isTokenText(text: string): boolean {
  if (!FORM.test(text)) return false;
  const secret = text.slice(TOKEN_PREFIX.length, TOKEN_PREFIX.length + SECRET_LENGTH);
  return text.slice(-CHECKSUM_LENGTH) === checksumOf(secret);
}
