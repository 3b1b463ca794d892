import { createHash } from 'node:crypto';
import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { LRUCache } from 'lru-cache';
import type { Authentication, RequestFacts, ViewerReading } from '../kernel/seams.ts';
import type { HeaderReader } from './exchange.ts';
import type { RateLimit } from './rate-limit.ts';

export interface Identify {
  /**
   * The person behind a request, or null for a stranger.
   * @throws {GatewayError} RATE_LIMITED before the database is asked, UNAUTHENTICATED for a bad session.
   */
  (headers: HeaderReader, facts: RequestFacts, reading?: ViewerReading): Promise<Viewer | null>;
  /** Charges a request of somebody not signed in. @throws {GatewayError} RATE_LIMITED. */
  chargeStranger(ip: string): void;
}

/** Whether a caller claims to be somebody. */
export const hasCredentials = (headers: HeaderReader): boolean => headers.get('cookie') !== null || headers.get('authorization') !== null;

/** How long a session that was good needs no token of its address's bucket, in milliseconds. */
const KNOWN_GOOD_MS = 60_000;

/**
 * Strangers, and sessions not seen good within the last minute, draw from their address's bucket; people who
 * are signed in, and each token, have a bucket of their own. So a flood of made-up cookies neither reaches the database nor
 * shuts out those who work behind the same address.
 */
export function createIdentify(authentication: Authentication, limits: { readonly address: RateLimit; readonly session: RateLimit }): Identify {
  const knownGood = new LRUCache<string, true>({ max: 10_000, ttl: KNOWN_GOOD_MS });
  const chargeStranger = (ip: string): void => {
    const wait = limits.address.take(ip);
    if (wait > 0) throw new GatewayError('RATE_LIMITED', undefined, { retryAfterSeconds: wait });
  };
  const identify = async (headers: HeaderReader, facts: RequestFacts, reading?: ViewerReading): Promise<Viewer | null> => {
    if (!hasCredentials(headers)) {
      chargeStranger(facts.ip);
      return null;
    }
    const credentials = `${headers.get('cookie') ?? ''}\n${headers.get('authorization') ?? ''}`;
    // A digest, so that no session lies about in memory.
    const digest = createHash('sha256').update(credentials).digest('base64');
    if (!knownGood.has(digest)) chargeStranger(facts.ip);
    let viewer: Viewer | null;
    try {
      viewer = await authentication.loadViewer({ headers }, facts, reading);
    } catch (error) {
      knownGood.delete(digest);
      throw error;
    }
    if (viewer === null) return null;
    knownGood.set(digest, true);
    const wait = limits.session.take(viewer.token?.id ?? viewer.session.id);
    if (wait > 0) throw new GatewayError('RATE_LIMITED', undefined, { retryAfterSeconds: wait });
    return viewer;
  };
  return Object.assign(identify, { chargeStranger });
}
