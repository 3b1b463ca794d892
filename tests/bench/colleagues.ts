import { randomUUID } from 'node:crypto';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { hashPassword } from '@sallyport/server/auth/password.ts';
import { type SecretKeys, sealSecret } from '@sallyport/server/auth/sealed-secret.ts';
import { codeAt, makeTotpSecret } from '@sallyport/server/auth/totp.ts';
import { sql } from 'kysely';

/** One of our staff, who keeps one connection busy. */
export interface Colleague {
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
  readonly role: RoleName;
}

/** Connections of the load, each of a person of their own: that is how a team works, and rows of sessions are locked one by one. */
export const CONNECTIONS = 16;
/** The task roles that the operations are done in, and whom they reach: all tenants. */
const ROLES: readonly RoleName[] = ['support-operator', 'billing-operator', 'compliance-auditor'];

/** Puts the people into the database, as owner. */
export async function hireColleagues(owner: Db, keys: SecretKeys): Promise<readonly Colleague[]> {
  const colleagues = ROLES.flatMap((role) =>
    Array.from({ length: CONNECTIONS }, (_, index) => ({ role, email: `${role}-${index}@bench.example`, password: randomUUID(), totpSecret: makeTotpSecret() })),
  );
  for (const { role, email, password, totpSecret } of colleagues) {
    const id = randomUUID();
    const sealed = sealSecret(keys, id, totpSecret);
    await sql`
      insert into gateway.staff (id, email, display_name, state, password_hash, password_changed_at, totp_ciphertext, totp_key_id, totp_enrolled_at)
      values (${id}, ${email}, ${email}, 'active', ${await hashPassword(password)}, clock_timestamp(), ${sealed.ciphertext}, ${sealed.keyId}, clock_timestamp())`.execute(owner);
    await sql`insert into gateway.access_grant (id, staff_id, role, is_global, reason) values (${randomUUID()}, ${id}, ${role}, true, 'benchmark')`.execute(owner);
  }
  return colleagues;
}

/** Signs everybody in over HTTP with password and code. @returns the cookies by role, one for each connection. */
export async function signInAll(url: string, colleagues: readonly Colleague[], owner: Db): Promise<ReadonlyMap<string, readonly string[]>> {
  // Codes of a run a moment ago would still count as used.
  await sql`update gateway.staff set totp_last_step = null`.execute(owner);
  await sql`delete from gateway.session`.execute(owner);
  const cookies = new Map<string, string[]>();
  for (const colleague of colleagues) {
    const half = await post(url, '/auth/sign-in', { email: colleague.email, password: colleague.password }, '');
    const full = await post(url, '/auth/totp', { code: codeAt(colleague.totpSecret, Date.now() / 1000) }, half);
    cookies.set(colleague.role, [...(cookies.get(colleague.role) ?? []), full]);
  }
  return cookies;
}

async function post(url: string, path: string, body: unknown, cookie: string): Promise<string> {
  const response = await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return cookiesAfter(response, cookie);
}

/** The cookies of a browser that had these and was given others. */
export function cookiesAfter(response: Response, cookie: string): string {
  const values = new Map((cookie ? cookie.split('; ') : []).map((pair) => pair.split('=', 2) as [string, string]));
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') values.delete(name);
    else values.set(name, value);
  }
  return [...values].map(([name, value]) => `${name}=${value}`).join('; ');
}
