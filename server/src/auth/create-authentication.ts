import { GatewayError } from '@sallyport/schema/errors.ts';
import { tokenRefused } from '@sallyport/schema/modules/tokens/token.event.ts';
import type { RoleTable } from '@sallyport/schema/policy/rights.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { Pool } from 'pg';
import type { AuditLog, Authentication, RequestFacts, TokenIssuing } from '../kernel/seams.ts';
import type { AccessContext } from './access-context.ts';
import { createCookieJar } from './cookies.ts';
import { confirmEnrolment, openEnrolment } from './enrolment/enrol.ts';
import { createPasswordCheck } from './password.ts';
import { changePassword } from './profile/change-password.ts';
import { makeRecoveryCodes, showProfile } from './profile/profile.ts';
import { confirmTotpReplacement, startTotpReplacement } from './profile/replace-totp.ts';
import { refuse } from './refuse.ts';
import type { SecretKeys } from './sealed-secret.ts';
import { endOwnSession, listOwnSessions } from './sessions/own-sessions.ts';
import { signInWithRecoveryCode, signInWithTotp } from './sign-in/sign-in-with-code.ts';
import { signInWithPassword } from './sign-in/sign-in-with-password.ts';
import { signOut } from './sign-in/sign-out.ts';
import { createStepUp } from './step-up/step-up.ts';
import { verifyChallenge } from './step-up/verify-challenge.ts';
import { exchangeToken } from './tokens/exchange-token.ts';
import { createSignedTokens } from './tokens/signed-tokens.ts';
import { createSigningKeys } from './tokens/signing-keys.ts';
import { createViewerLoader } from './viewer/load-viewer.ts';

export interface AuthenticationOptions {
  readonly db: Db;
  /** The pool behind `db`; with it the statement of every request is prepared once per connection. */
  readonly pool?: Pool;
  readonly audit: AuditLog;
  readonly keys: SecretKeys;
  readonly roles: RoleTable;
  /** True behind TLS: `__Host-` cookies. False on loopback http only. */
  readonly secureCookies: boolean;
  /** Told apart in an authenticator's list, e.g. `production`. */
  readonly environment: string;
  /** For signed tokens; without it none are issued and none are believed. */
  readonly signing?: SigningOptions;
}

export interface SigningOptions {
  /** Address under which the gateway is known: names it in what it signs. */
  readonly issuer: string;
  /** Services besides the gateway for which tokens may be signed. */
  readonly audiences: readonly string[];
}

export interface GatewayAuthentication extends Authentication {
  /** Null where no tokens are signed. */
  readonly tokenIssuing: TokenIssuing | null;
}

type PublicStep = (access: AccessContext, request: Request, facts: RequestFacts) => Promise<Response>;
type OwnStep = (access: AccessContext, viewer: Viewer, request: Request, facts: RequestFacts) => Promise<Response>;
type Route = { readonly method: 'GET' | 'POST' } & ({ readonly open: PublicStep } | { readonly own: OwnStep });

/** Every path of sign-in. `own` steps need a full session; a half-session opens nothing but its second factor (THREATS A13). */
const ROUTES: Readonly<Record<string, Route>> = {
  '/auth/sign-in': { method: 'POST', open: signInWithPassword },
  '/auth/totp': { method: 'POST', open: signInWithTotp },
  '/auth/recovery-code': { method: 'POST', open: signInWithRecoveryCode },
  '/auth/sign-out': { method: 'POST', open: signOut },
  '/auth/enrol': { method: 'POST', open: openEnrolment },
  '/auth/enrol/confirm': { method: 'POST', open: confirmEnrolment },
  '/auth/step-up': { method: 'POST', own: verifyChallenge },
  '/auth/sessions': { method: 'GET', own: listOwnSessions },
  '/auth/sessions/end': { method: 'POST', own: endOwnSession },
  '/auth/profile': { method: 'GET', own: showProfile },
  '/auth/recovery-codes': { method: 'POST', own: makeRecoveryCodes },
  '/auth/password': { method: 'POST', own: changePassword },
  '/auth/totp/replace': { method: 'POST', own: startTotpReplacement },
  '/auth/totp/replace/confirm': { method: 'POST', own: confirmTotpReplacement },
};

/** Path → method, for the router: what else arrives gets 404 or 405 there. */
export const AUTHENTICATION_ROUTES: ReadonlyMap<string, 'GET' | 'POST'> = new Map(Object.entries(ROUTES).map(([path, route]) => [path, route.method]));

/** Sign-in, sessions and step-up on one database. Holds no state that another gateway on it would need. */
export function createAuthentication(options: AuthenticationOptions): GatewayAuthentication {
  const access: AccessContext = {
    db: options.db,
    audit: options.audit,
    keys: options.keys,
    roles: options.roles,
    cookies: createCookieJar(options.secureCookies),
    passwords: createPasswordCheck(),
    issuer: options.environment === 'production' ? 'Sallyport' : `Sallyport (${options.environment})`,
  };
  const signingKeys = createSigningKeys(options.db, options.audit, options.keys);
  const signed = options.signing ? createSignedTokens(signingKeys, options.signing.issuer) : null;
  const viewers = createViewerLoader(access, options.pool ?? null, signed);
  const exchange = signed && { audit: options.audit, loadOpaque: viewers.loadOpaque, signed, audiences: options.signing?.audiences ?? [] };
  return {
    loadViewer: (request, _facts, reading) => viewers.loadViewer(request.headers, reading),
    reloadViewer: viewers.reloadViewer,
    readViewers: viewers.readViewers,
    stepUp: createStepUp(access),
    tokenIssuing: exchange && {
      exchange: (form, authorization, facts) => exchangeToken(exchange, form, authorization, facts),
      publicKeys: () => signingKeys.published(),
    },
    async handle(path, request, facts) {
      const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
      if (route === undefined || route.method !== request.method) throw new GatewayError('NOT_FOUND');
      if ('open' in route) return route.open(access, request, facts);
      const viewer = await viewers.loadViewer(request.headers);
      if (viewer === null) throw new GatewayError('UNAUTHENTICATED');
      // What concerns the person themselves is done by the person: a token is none (THREATS G10).
      if (viewer.token !== null) throw await refuse(access, { event: tokenRefused, facts, about: { viewer, detail: { route: path } } }, new GatewayError('FORBIDDEN'));
      return route.own(access, viewer, request, facts);
    },
  };
}
