import { randomBytes } from 'node:crypto';
import { hash, hashSync, verify } from '@node-rs/argon2';
import { GatewayError } from '@sallyport/schema/errors.ts';

/** argon2id (RFC 9106) with the OWASP floor: 19 MiB, two passes, one lane. Argon2id is the library's default. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

/** Bytes of UTF-8 that are hashed at most; more is refused, never cut off. */
export const PASSWORD_MAX_BYTES = 1024;
/** Characters of a new password at least. Length is the only rule: a second factor stands beside it. */
export const PASSWORD_MIN_CHARACTERS = 12;

export interface PasswordCheck {
  /** Compares with the same work whether or not there is a hash to compare with. */
  matches(password: string, hashed: string | null): Promise<boolean>;
}

/**
 * The password as it is hashed: Unicode NFC (so that one keyboard's é is another's), otherwise exactly as typed,
 * leading and trailing blanks included.
 * @throws {GatewayError} BAD_INPUT for another type, an empty text, NUL, broken surrogates or too many bytes.
 */
export function readPassword(value: unknown, path = 'password'): string {
  if (typeof value !== 'string' || value === '' || value.length > PASSWORD_MAX_BYTES || value.includes('\0') || !value.isWellFormed()) throw badPassword(path);
  const password = value.normalize('NFC');
  if (Buffer.byteLength(password) > PASSWORD_MAX_BYTES) throw badPassword(path);
  return password;
}

/** @throws {GatewayError} BAD_INPUT when a password that is being chosen is too short, or is the address itself. */
export function readNewPassword(value: unknown, email: string, path = 'password'): string {
  const password = readPassword(value, path);
  if ([...password].length < PASSWORD_MIN_CHARACTERS) throw badPassword(path, `At least ${PASSWORD_MIN_CHARACTERS} characters.`);
  if (password.toLowerCase() === email || new Set(password).size < 4) throw badPassword(path, 'Too easy to guess.');
  return password;
}

export const hashPassword = (password: string): Promise<string> => hash(password, COST);

/** Prepares the hash that stands in for an unknown person's, of a password that nobody knows. */
export function createPasswordCheck(): PasswordCheck {
  const nobody = hashSync(randomBytes(32), COST);
  return {
    async matches(password, hashed) {
      const right = await verify(hashed ?? nobody, password);
      return right && hashed !== null;
    },
  };
}

const badPassword = (path: string, message = `Text of at most ${PASSWORD_MAX_BYTES} bytes.`): GatewayError =>
  new GatewayError('BAD_INPUT', undefined, { issues: [{ path, message }] });
