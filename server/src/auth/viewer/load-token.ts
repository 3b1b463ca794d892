import { GatewayError } from '@sallyport/schema/errors.ts';
import { inBoth } from '@sallyport/schema/policy/narrow.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import DataLoader from 'dataloader';
import type { QueryResultRow } from 'pg';
import type { SignedClaims, SignedTokens } from '../tokens/signed-tokens.ts';
import { LOAD_SIGNED_TOKENS, LOAD_TOKENS, type TokenRow, TOUCH_TOKEN } from '../tokens/token-statement.ts';
import { hashToken, isTokenText } from '../tokens/token-text.ts';
import type { ViewerMaker } from './grants-memory.ts';
import { LARGEST_BATCH, type RunStatement } from './run-statement.ts';

/** Who comes by a token, and the time at which that was so. */
export interface PresentedToken {
  readonly viewer: Viewer;
  readonly token: NonNullable<Viewer['token']>;
  /** Unix time by the database's clock, in seconds. */
  readonly now: number;
}

export interface TokenLoader {
  /** Who comes by the token in an `Authorization` header. @throws {GatewayError} UNAUTHENTICATED for what is no live token. */
  loadBearer(header: string): Promise<Viewer>;
  /** A token as it was made, never a signed one: only the former can be exchanged. Null when it is not live. */
  loadOpaque(text: string): Promise<PresentedToken | null>;
}

/** The scheme's name in any case (RFC 9110), one token (RFC 6750). A doubled header comes joined by a comma and does not fit. */
const BEARER = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i;

type FoundRow = TokenRow & QueryResultRow & { readonly presented: string };

/**
 * Reads tokens afresh for every request, those of one turn of the event loop in one statement. What can't be a token by its form,
 * its checksum or its signature never reaches the database.
 */
export function createTokenLoader(run: RunStatement, makeViewer: ViewerMaker['ofToken'], signed: SignedTokens | null): TokenLoader {
  const opaque = new DataLoader<Buffer, FoundRow | null>(
    async (hashes) => {
      const found = new Map((await run<FoundRow>('sallyport_load_tokens', LOAD_TOKENS, [hashes])).map((row) => [row.presented, row]));
      return hashes.map((hash) => found.get(hash.toString('hex')) ?? null);
    },
    { cache: false, maxBatchSize: LARGEST_BATCH, batchScheduleFn: setImmediate },
  );
  const vouched = new DataLoader<SignedClaims, FoundRow | null>(
    async (claims) => {
      const rows = await run<FoundRow>('sallyport_load_signed_tokens', LOAD_SIGNED_TOKENS, [claims.map(({ tokenId }) => tokenId), claims.map(({ kid }) => kid)]);
      const found = new Map(rows.map((row) => [row.presented, row]));
      return claims.map(({ tokenId, kid }) => found.get(`${tokenId} ${kid}`) ?? null);
    },
    { cache: false, maxBatchSize: LARGEST_BATCH, batchScheduleFn: setImmediate },
  );
  const touch = async (row: TokenRow): Promise<void> => {
    if (row.used_long_ago) await run('sallyport_touch_token', TOUCH_TOKEN, [row.token_id]);
  };
  const loadOpaque = async (text: string): Promise<PresentedToken | null> => {
    const row = isTokenText(text) ? await opaque.load(hashToken(text)) : null;
    if (!row) return null;
    await touch(row);
    const viewer = makeViewer(row);
    return viewer.token && { viewer, token: viewer.token, now: row.now };
  };
  const loadSigned = async (text: string): Promise<Viewer | null> => {
    const claims = (await signed?.check(text)) ?? null;
    if (claims === null) return null;
    const row = await vouched.load(claims);
    // No leeway: issue, use and end are told by one clock, the database's (THREATS G04).
    if (!row || row.staff_id !== claims.staffId || row.now < claims.notBefore || row.now >= claims.expiresAt) return null;
    await touch(row);
    const viewer = makeViewer(row);
    if (viewer.token === null) return null;
    const ownEnd = claims.expiresAt * 1000;
    const expiresAt = ownEnd < Date.parse(viewer.token.expiresAt) ? new Date(ownEnd).toISOString() : viewer.token.expiresAt;
    // Claims narrow what is true now; they give nothing (THREATS G05).
    return { ...viewer, token: { ...viewer.token, expiresAt }, rights: inBoth(viewer.rights, claims.rights) };
  };
  return {
    loadOpaque,
    async loadBearer(header) {
      const text = BEARER.exec(header)?.[1] ?? '';
      const viewer = isTokenText(text) ? (await loadOpaque(text))?.viewer : await loadSigned(text);
      if (!viewer) throw new GatewayError('UNAUTHENTICATED');
      return viewer;
    },
  };
}
