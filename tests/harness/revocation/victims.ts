import { randomBytes, randomUUID } from 'node:crypto';
import { hashToken as hashOfSession } from '@sallyport/server/auth/opaque-token.ts';
import { makeToken } from '@sallyport/server/auth/tokens/token-text.ts';
import type pg from 'pg';

/** Access that is there only to be taken away: a person of their own, a session, and one thing that lets them in. */
export interface Victim {
  readonly staffId: string;
  readonly sessionId: string;
  /** ID of what lets them in: grant, token, emergency; of the session or person themselves otherwise. */
  readonly accessId: string;
  /** As the person's browser sends them. */
  readonly headers: Readonly<Record<string, string>>;
  /** As the caller who is to be shut out sends them to a gateway: the browser's, or a token's. */
  readonly callerHeaders: (url: string) => Readonly<Record<string, string>>;
}

/** What lets the victim in. */
export type Access = 'grant' | 'elevation' | 'break-glass' | 'token' | 'signed-token';

/** What the harness's calls need, held singly by elevations and tokens. */
export const NEEDED = ['accounts.tenant.read', 'billing.invoice.read', 'billing.invoice.resend'] as const;
const ROLE = 'support-operator';

let made = 0;
/** An address of each victim's own: none shares the strangers' budget of another. */
const nextAddress = (): string => {
  made += 1;
  return `10.${(made >> 16) & 255}.${(made >> 8) & 255}.${made & 255}`;
};

/** Makes a victim by SQL, as superuser: no sign-in, so that a thousand take no longer than they must. */
export async function makeVictim(superuser: pg.Pool, access: Access, urls: readonly string[]): Promise<Victim> {
  const [staffId, sessionId, grantId] = [randomUUID(), randomUUID(), randomUUID()];
  const cookie = randomBytes(32).toString('base64url');
  const address = nextAddress();
  await superuser.query(
    `insert into gateway.staff (id, email, display_name, state, password_hash, totp_ciphertext, totp_key_id, totp_enrolled_at)
     values ($1, $2, 'Revocation harness', 'active', 'none', 'none', 'none', clock_timestamp())`,
    [staffId, `revoked-${staffId}@sallyport.example`],
  );
  await superuser.query(
    `insert into gateway.session (id, staff_id, token_hash, stage, second_factor, expires_at, ip, user_agent)
     values ($1, $2, $3, 'full', 'totp', clock_timestamp() + interval '1 hour', $4, 'revocation harness')`,
    [sessionId, staffId, hashOfSession(cookie), address],
  );
  const kind = access === 'elevation' || access === 'break-glass' ? access : 'standing';
  await superuser.query(
    `insert into gateway.access_grant (id, staff_id, kind, role, permissions, is_global, reason, ticket, created_at, activated_at, expires_at, minutes, session_id)
     select $1, $2, $3::text, $4, $5::text[], true, 'revocation harness', 'TEST-6', now, now, case $3::text when 'standing' then null else now + interval '20 minutes' end,
       case $3::text when 'standing' then null else 20 end, case $3::text when 'break-glass' then $6::uuid end from clock_timestamp() as now`,
    [grantId, staffId, kind, kind === 'standing' ? ROLE : kind === 'elevation' ? 'permissions' : 'break-glass', kind === 'elevation' ? NEEDED : null, sessionId],
  );
  const headers = { cookie: `sallyport_session=${cookie}`, 'x-request-surface': 'console', 'x-forwarded-for': address };
  if (access === 'break-glass')
    await superuser.query(
      `insert into gateway.break_glass (id, staff_id, person_id, session_id, correlation_id, reason, ticket, is_global, started_at, ends_at)
       select id, staff_id, staff_id, session_id, gen_random_uuid(), reason, ticket, true, activated_at, expires_at from gateway.access_grant where id = $1`,
      [grantId],
    );
  if (access !== 'token' && access !== 'signed-token') return { staffId, sessionId, accessId: grantId, headers, callerHeaders: () => headers };
  const { token, hash, hint } = makeToken();
  const tokenId = randomUUID();
  await superuser.query(
    `insert into gateway.access_token (id, staff_id, session_id, name, token_hash, hint, permissions, is_global, reason, created_at, expires_at)
     select $1, $2, $3, 'harness', $4, $5, $6::text[], true, 'revocation harness', now, now + interval '20 minutes' from clock_timestamp() as now`,
    [tokenId, staffId, sessionId, hash, hint, NEEDED],
  );
  const presented = access === 'token' ? new Map<string, string>() : new Map(await Promise.all(urls.map(async (url) => [url, await signed(url, token, address)] as const)));
  return { staffId, sessionId, accessId: tokenId, headers, callerHeaders: (url) => ({ authorization: `Bearer ${presented.get(url) ?? token}`, 'x-forwarded-for': address }) };
}

/** Exchanges a token for a signed one of this gateway (RFC 8693): each process is an issuer of its own, by its address. */
async function signed(url: string, token: string, address: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  });
  const response = await fetch(`${url}/auth/token`, { method: 'POST', headers: { 'x-forwarded-for': address }, body });
  const answer = (await response.json()) as { readonly access_token?: string; readonly error?: string };
  if (answer.access_token === undefined) throw new Error(`no token was signed: ${response.status} ${answer.error}`);
  return answer.access_token;
}
