import { randomUUID } from 'node:crypto';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ALGORITHM, type SigningKeys } from './signing-keys.ts';

/** Seconds that a signed token lives at most (T6). It is narrowed by nothing until then where nobody asks the gateway. */
export const SIGNED_SECONDS = 900;
/** Characters of a signed token at most: what every server takes in one header. */
export const LONGEST_SIGNED = 8_000;
const TYPE = 'at+jwt';

export interface Issuance {
  readonly viewer: Viewer;
  readonly token: NonNullable<Viewer['token']>;
  readonly rights: ReadonlyMap<string, TenantReach>;
  readonly audience: string;
  /** Unix time by the database's clock, in seconds. */
  readonly now: number;
}

export interface IssuedToken {
  readonly text: string;
  readonly id: string;
  /** Seconds that it lives. */
  readonly expiresIn: number;
}

/** What a signed token says that is ours; whether it is still so is looked up. */
export interface SignedClaims {
  readonly tokenId: string;
  readonly kid: string;
  readonly staffId: string;
  /** Unix times in seconds. */
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly rights: ReadonlyMap<string, TenantReach>;
}

export interface SignedTokens {
  readonly issuer: string;
  /** Null where it would be too long for a header. */
  issue(issuance: Issuance): Promise<IssuedToken | null>;
  /** Null for whatever is not signed by us, for us, as an access token. Times are the caller's to judge. */
  check(text: string): Promise<SignedClaims | null>;
}

const Reach = z.union([z.literal('*'), z.array(z.string()).nonempty()]);
const Claims = z.object({
  sub: z.uuid(),
  tid: z.uuid(),
  iat: z.int(),
  nbf: z.int(),
  exp: z.int(),
  permissions: z.record(z.string(), Reach),
});

/** The one header that our tokens have, byte for byte: another algorithm, type, order, a doubled member, `jku`, `jwk`, `x5u`, `crit` don't fit (RFC 8725). */
const headerOf = (kid: string) => ({ alg: ALGORITHM, typ: TYPE, kid });
const HEADER = /^\{"alg":"EdDSA","typ":"at\+jwt","kid":"([A-Za-z0-9_-]{43})"\}$/;

const written = (reach: TenantReach): '*' | string[] => (reach === 'global' ? '*' : [...reach].sort());

/**
 * Signed access tokens (RFC 9068) for services that ask nobody. At the gateway itself their claims only narrow what is looked up anew.
 * Signatures are jose's; who may be believed, and which key, is decided here.
 */
export function createSignedTokens(keys: SigningKeys, issuer: string): SignedTokens {
  return {
    issuer,
    async issue({ viewer, token, rights, audience, now }) {
      const issuedAt = Math.floor(now);
      const expiresAt = Math.min(issuedAt + SIGNED_SECONDS, Math.floor(Date.parse(token.expiresAt) / 1000));
      const id = randomUUID();
      const reaches = [...rights.values()];
      const tenants = reaches.some((reach) => reach === 'global') ? 'global' : new Set(reaches.flatMap((reach) => [...reach]));
      const { kid, privateKey } = await keys.current();
      const text = await new SignJWT({
        client_id: token.id,
        tid: token.id,
        auth_time: Math.floor(Date.parse(viewer.session.createdAt) / 1000),
        org: written(tenants),
        roles: [...new Set(viewer.grants.map(({ role }) => role))].sort(),
        scope: [...rights.keys()].sort().join(' '),
        permissions: Object.fromEntries([...rights].map(([name, reach]) => [name, written(reach)])),
      })
        .setProtectedHeader(headerOf(kid))
        .setIssuer(issuer)
        .setSubject(viewer.actor.id)
        .setAudience(audience)
        .setJti(id)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(privateKey);
      return text.length > LONGEST_SIGNED ? null : { text, id, expiresIn: expiresAt - issuedAt };
    },
    async check(text) {
      const kid = kidOf(text);
      const key = kid === null ? null : await keys.publicKey(kid);
      if (kid === null || key === null) return null;
      try {
        // Its own time of issue, so that the library looks at order and presence; the clock that counts is the database's.
        const issuedAt = decodeJwt(text).iat;
        if (typeof issuedAt !== 'number') return null;
        const { payload } = await jwtVerify(text, key, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer,
          audience: issuer,
          requiredClaims: ['sub', 'tid', 'client_id', 'jti', 'iat', 'nbf', 'exp', 'permissions'],
          currentDate: new Date(issuedAt * 1000),
          clockTolerance: 0,
        });
        const claims = Claims.parse(payload);
        if (claims.exp - claims.iat > SIGNED_SECONDS) return null;
        const rights = new Map(Object.entries(claims.permissions).map(([name, reach]): [string, TenantReach] => [name, reach === '*' ? 'global' : new Set(reach)]));
        return { tokenId: claims.tid, kid, staffId: claims.sub, notBefore: claims.nbf, expiresAt: claims.exp, rights };
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError) return null;
        throw error;
      }
    },
  };
}

/** Name of the key in the header, which has to be exactly one of ours before anything else of the token is read. */
function kidOf(text: string): string | null {
  if (text.length > LONGEST_SIGNED) return null;
  const [header = '', ...rest] = text.split('.');
  if (rest.length !== 2) return null;
  const decoded = Buffer.from(header, 'base64url');
  return decoded.toString('base64url') === header ? (HEADER.exec(decoded.toString('utf8'))?.[1] ?? null) : null;
}
