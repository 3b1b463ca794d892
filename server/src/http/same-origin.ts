import { GatewayError } from '@sallyport/schema/errors.ts';
import { HttpRefusal } from './http-refusal.ts';
import type { HeaderReader } from './exchange.ts';

export interface OwnOrigins {
  /** Of PUBLIC_URL; null on plain loopback, where the Host header names the origin. */
  readonly publicOrigin: string | null;
  /** Further origins that may call, e.g. the development server of the console. */
  readonly additionalOrigins: readonly string[];
  /** Names besides loopback by which this server may be addressed. */
  readonly hostNames: readonly string[];
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const withoutPort = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * Keeps other sites' pages out, without tokens (THREATS I03, I04, J05):
 *
 * - the Host must be one of ours, so that a rebound DNS name does not make a foreign page "same origin";
 * - an Origin, where sent, must be exactly ours; `null`, siblings and look-alikes are not;
 * - Sec-Fetch-Site, where sent, must be `same-origin` (for reading also `none`: an address typed in);
 * - with neither, the caller is no browser of the last years: programs with a cookie jar may call, but a
 *   body must be `application/json`, which no form and no simple cross-site request can send.
 *
 * There is no CORS: no answer ever carries Access-Control-Allow-Origin.
 */
export function createSameOriginCheck(own: OwnOrigins): (headers: HeaderReader, access: 'read' | 'write') => void {
  const publicHost = own.publicOrigin === null ? null : new URL(own.publicOrigin).host;
  const hostNames = new Set(own.hostNames.map((name) => name.toLowerCase()));
  const origins = new Set(own.additionalOrigins);
  if (own.publicOrigin !== null) origins.add(own.publicOrigin);
  return (headers, access) => {
    const host = headers.get('host');
    const name = host === null ? '' : withoutPort(host);
    const loopback = LOOPBACK.has(name);
    if (host === null || !(loopback || host.toLowerCase() === publicHost || hostNames.has(name))) {
      throw new HttpRefusal(421, 'CSRF_REJECTED', 'This server does not answer for that host name.');
    }
    const origin = headers.get('origin');
    // On loopback without PUBLIC_URL the scheme is http: there is no TLS in this process.
    const isOwn = origin === null || origins.has(origin) || (origin === `http://${host}` && (loopback || own.publicOrigin === null));
    if (!isOwn) throw new GatewayError('CSRF_REJECTED');
    const site = headers.get('sec-fetch-site');
    if (site === null || site === 'same-origin') return;
    if (site === 'none' && access === 'read') return;
    if (origin !== null && own.additionalOrigins.includes(origin)) return;
    throw new GatewayError('CSRF_REJECTED');
  };
}
