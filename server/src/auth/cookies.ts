import { GatewayError } from '@sallyport/schema/errors.ts';

/** What is read of a request: its headers, or an object that looks like them. */
export type CookieHeaders = Pick<Headers, 'get'>;

export interface CookieJar {
  /**
   * The one value of the session cookie; null when absent.
   * @throws {GatewayError} UNAUTHENTICATED when it was sent twice: one of them was planted.
   */
  readSession(headers: CookieHeaders): string | null;
  /** Like readSession, but a doubled cookie counts as none: for the step that replaces it anyway. */
  readSessionLeniently(headers: CookieHeaders): string | null;
  readDevice(headers: CookieHeaders): string | null;
  setSession(token: string): string;
  clearSession(): string;
  setDevice(token: string): string;
}

/** Days for which a browser that completed a sign-in keeps attempts of its own. */
export const DEVICE_DAYS = 180;

/**
 * Cookies of the console. `__Host-` binds them to this very host over TLS; browsers refuse that prefix on
 * plain http, where (loopback only, config.ts sees to it) the bare name is used. The other name is never read.
 */
export function createCookieJar(secure: boolean): CookieJar {
  const prefix = secure ? '__Host-' : '';
  const session = `${prefix}sallyport_session`;
  const device = `${prefix}sallyport_device`;
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    readSession(headers) {
      const values = valuesOf(headers, session);
      if (values.length > 1) throw new GatewayError('UNAUTHENTICATED');
      return values[0] ?? null;
    },
    readSessionLeniently(headers) {
      const values = valuesOf(headers, session);
      return values.length === 1 ? (values[0] ?? null) : null;
    },
    readDevice(headers) {
      const values = valuesOf(headers, device);
      return values.length === 1 ? (values[0] ?? null) : null;
    },
    setSession: (token) => `${session}=${token}; ${attributes}`,
    clearSession: () => `${session}=; ${attributes}; Max-Age=0`,
    setDevice: (token) => `${device}=${token}; ${attributes}; Max-Age=${DEVICE_DAYS * 86_400}`,
  };
}

function valuesOf(headers: CookieHeaders, name: string): readonly string[] {
  const header = headers.get('cookie');
  if (header === null) return [];
  const values: string[] = [];
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) values.push(pair.slice(at + 1).trim());
  }
  return values;
}
