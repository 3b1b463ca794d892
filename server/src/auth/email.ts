import { GatewayError } from '@sallyport/schema/errors.ts';

const CONTROL_OR_SPACE = /[\p{Cc}\p{Cf}\p{Z}]/u;

/**
 * The one form under which an address is stored, looked up and counted, so that letter case, a trailing
 * dot or compatibility characters never open a second budget of attempts.
 * @throws {GatewayError} BAD_INPUT when it can't be an address. The text is not repeated.
 */
export function normaliseEmail(value: unknown): string {
  if (typeof value !== 'string' || value.length > 1000 || !value.isWellFormed()) throw badEmail();
  const email = value.normalize('NFKC').trim().toLowerCase().normalize('NFKC').replace(/\.+$/, '');
  const at = email.lastIndexOf('@');
  if (at < 1 || at === email.length - 1 || email.length > 320 || CONTROL_OR_SPACE.test(email)) throw badEmail();
  return email;
}

const badEmail = (): GatewayError => new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'email', message: 'An e-mail address of at most 320 characters.' }] });
