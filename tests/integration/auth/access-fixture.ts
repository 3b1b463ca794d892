import { randomBytes, randomUUID } from 'node:crypto';
import { type ErrorDetail, GatewayError } from '@sallyport/schema/errors.ts';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { createAuthentication } from '@sallyport/server/auth/create-authentication.ts';
import { hashPassword } from '@sallyport/server/auth/password.ts';
import { type SecretKeys, sealSecret } from '@sallyport/server/auth/sealed-secret.ts';
import { codeAt, makeTotpSecret, STEP_SECONDS } from '@sallyport/server/auth/totp.ts';
import type { AuditLog, Authentication, RequestFacts } from '@sallyport/server/kernel/seams.ts';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

export interface TestPerson {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly totpSecret: string;
}

export interface Answer {
  readonly status: number;
  readonly code: string | null;
  readonly message: string | null;
  readonly detail: ErrorDetail;
  readonly body: Readonly<Record<string, unknown>>;
  readonly cookies: readonly string[];
}

export interface AccessFixture {
  readonly database: TestDatabase;
  readonly keys: SecretKeys;
  readonly audit: AuditLog;
  /** Events in the order in which they were stated, as the log got them. */
  readonly events: AuditEventDraft[];
  readonly authentication: Authentication;
  /** Events of a kind that are durably on the log. */
  logged(kind: string): Promise<readonly { readonly outcome: string; readonly detail: Readonly<Record<string, unknown>> }[]>;
  /** A gateway started afresh on the same database: nothing remembered in the process is left. */
  restart(options?: { readonly audit?: AuditLog; readonly keys?: SecretKeys; readonly secureCookies?: boolean }): Authentication;
  addPerson(options?: {
    readonly state?: 'active' | 'disabled' | 'invited';
    readonly grants?: readonly { role: string; tenants: readonly string[] | 'global' }[];
  }): Promise<TestPerson>;
  client(authentication?: Authentication, ip?: string): Client;
  /** Unix time by the database's clock. */
  epoch(): Promise<number>;
  /** The person's code of the step `offset` away from now; waits out the last two seconds of a step. */
  codeOf(person: TestPerson, offset?: number): Promise<string>;
  /** As if the last code had been used long ago. */
  forgetStep(person: TestPerson): Promise<void>;
  /** As if nobody had failed lately. */
  forgetAttempts(): Promise<void>;
  close(): Promise<void>;
}

export const PASSWORD = 'correct horse battery staple';
export const factsFrom = (ip = '192.0.2.1'): RequestFacts => ({ correlationId: randomUUID(), surface: 'console', ip, userAgent: 'vitest' });

export async function createAccessFixture(options: { readonly max?: number } = {}): Promise<AccessFixture> {
  const database = await createTestDatabase(options);
  const keys: SecretKeys = { currentKeyId: 'test-1', keys: { 'test-1': randomBytes(32) } };
  const events: AuditEventDraft[] = [];
  const roles = new Map();
  const log = createAuditLog({ db: database.app, policy: { hash: '0'.repeat(64) }, environment: 'test', roles });
  const audit: AuditLog = {
    append: (tx, draft) => (events.push(draft), log.append(tx, draft)),
    record: (draft) => (events.push(draft), log.record(draft)),
  };
  const restart: AccessFixture['restart'] = (changed = {}) =>
    createAuthentication({ db: database.app, pool: database.appPool, audit, keys, roles, secureCookies: false, environment: 'test', ...changed });
  const authentication = restart();
  const passwordHash = await hashPassword(PASSWORD);
  const epoch = async () => (await sql<{ epoch: number }>`select extract(epoch from clock_timestamp())::float8 as epoch`.execute(database.app)).rows[0]?.epoch ?? 0;
  return {
    database,
    keys,
    audit,
    events,
    authentication,
    restart,
    epoch,
    async addPerson({ state = 'active', grants = [] } = {}) {
      const id = randomUUID();
      const totpSecret = makeTotpSecret();
      const email = `person-${id.slice(0, 8)}@sallyport.example`;
      const sealed = sealSecret(keys, id, totpSecret);
      const enrolled = state !== 'invited';
      await sql`
        insert into gateway.staff (id, email, display_name, state, disabled_at, password_hash, totp_ciphertext, totp_key_id, totp_enrolled_at)
        values (${id}, ${email}, 'Test Person', ${state}, case when ${state} = 'disabled' then clock_timestamp() end, ${enrolled ? passwordHash : null}, ${enrolled ? sealed.ciphertext : null}, ${enrolled ? sealed.keyId : null}, clock_timestamp())`.execute(
        database.owner,
      );
      for (const grant of grants) {
        await sql`
          insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason)
          values (${randomUUID()}, ${id}, ${grant.role}, ${grant.tenants === 'global'}, ${grant.tenants === 'global' ? [] : grant.tenants}::text[], 'test')`.execute(
          database.owner,
        );
      }
      return { id, email, password: PASSWORD, totpSecret };
    },
    client: (other = authentication, ip = '192.0.2.1') => createClient(other, ip),
    async codeOf(person, offset = 0) {
      let now = await epoch();
      if (now % STEP_SECONDS > STEP_SECONDS - 2) {
        await new Promise((resolve) => setTimeout(resolve, 2_100));
        now = await epoch();
      }
      return codeAt(person.totpSecret, now + offset * STEP_SECONDS);
    },
    async logged(kind) {
      const { rows } = await sql<{
        outcome: string;
        detail: Record<string, unknown> | null;
      }>`select outcome, detail from audit.event where kind = ${kind} order by sequence`.execute(database.owner);
      return rows.map(({ outcome, detail }) => ({ outcome, detail: detail ?? {} }));
    },
    async forgetStep(person) {
      await sql`update gateway.staff set totp_last_step = null where id = ${person.id}`.execute(database.owner);
    },
    async forgetAttempts() {
      await sql`delete from gateway.attempt_budget`.execute(database.owner);
    },
    close: () => database.drop(),
  };
}

/** A browser: keeps cookies, sends JSON, reads refusals as answers. */
export interface Client {
  readonly cookies: Map<string, string>;
  send(path: string, body?: unknown, method?: 'GET' | 'POST'): Promise<Answer>;
  /** The person behind the cookies, as any other request would find them. */
  viewer(): ReturnType<Authentication['loadViewer']>;
}

function createClient(authentication: Authentication, ip: string): Client {
  const cookies = new Map<string, string>();
  const headers = (): Headers => new Headers(cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') });
  return {
    cookies,
    async send(path, body, method = body === undefined ? 'GET' : 'POST') {
      const request = new Request(`http://127.0.0.1${path}`, {
        method,
        headers: headers(),
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      try {
        const response = await authentication.handle(path, request, factsFrom(ip));
        for (const cookie of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
          if (value === '') cookies.delete(name);
          else cookies.set(name, value);
        }
        return {
          status: response.status,
          code: null,
          message: null,
          detail: {},
          body: (await response.json()) as Record<string, unknown>,
          cookies: response.headers.getSetCookie(),
        };
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        return { status: 0, code: error.code, message: error.message, detail: error.detail, body: {}, cookies: [] };
      }
    },
    viewer: () => authentication.loadViewer({ headers: headers() }, factsFrom(ip)),
  };
}

export const SESSION_COOKIE = 'sallyport_session';

/** Password stage only. */
export const startSignIn = (client: Client, person: TestPerson): Promise<Answer> => client.send('/auth/sign-in', { email: person.email, password: person.password });

/** Both stages with the current code; afterwards codes can be used as if this one had been long ago. */
export async function signIn(fixture: AccessFixture, person: TestPerson, client = fixture.client()): Promise<Client> {
  await startSignIn(client, person);
  await fixture.forgetStep(person);
  const answer = await client.send('/auth/totp', { code: await fixture.codeOf(person) });
  if (answer.code !== null) throw new Error(`sign-in refused: ${answer.code}`);
  await fixture.forgetStep(person);
  return client;
}

/** The code of a refusal, or null. */
export async function codeOfRefusal(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}
