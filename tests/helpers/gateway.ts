import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modules as demoModules } from '@sallyport/schema/index.ts';
import type { ErrorDetail } from '@sallyport/schema/errors.ts';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import { createGateway, type Gateway, type GatewayOptions } from '@sallyport/server/app.ts';
import type { SecretKeys } from '@sallyport/server/auth/sealed-secret.ts';
import { type DemoPerson, seedDemoStaff } from '@sallyport/server/auth/seed-demo-staff.ts';
import { codeAt, STEP_SECONDS } from '@sallyport/server/auth/totp.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { type Kysely, sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from './database.ts';

export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: ErrorDetail & { readonly code: string; readonly correlationId: string };
}

/** As JSON.parse gives it: an answer has the shape of its document, which TypeScript doesn't see. */
type AnswerData = Record<string, ReturnType<typeof JSON.parse>>;

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly data: AnswerData | null | undefined;
  readonly errors: readonly AnsweredError[];
  /** Codes of the errors in order: what most tests ask for. */
  readonly codes: readonly string[];
}

export interface QueryOptions {
  readonly correlationId?: string;
  readonly proof?: string;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One person at one browser: cookies kept, own origin, JSON. */
export interface TestClient {
  readonly person: DemoPerson;
  query(document: string, variables?: Readonly<Record<string, unknown>>, options?: QueryOptions): Promise<Answered>;
  /** Sends a mutation; on STEP_UP_REQUIRED confirms with a code and sends it again. */
  act(document: string, variables: Readonly<Record<string, unknown>>, options?: QueryOptions): Promise<Answered>;
  /** Exchanges a challenge for a proof. */
  stepUp(challenge: string, correlationId?: string): Promise<string>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** A code of the person's authenticator that was not used yet. */
  nextCode(): Promise<string>;
  /** As sent to the server. */
  cookie(): string;
}

export interface TestGateway {
  readonly gateway: Gateway;
  readonly database: TestDatabase;
  /** The gateway's own, outside the database. */
  readonly keys: SecretKeys;
  readonly people: readonly DemoPerson[];
  /** A person with this role: with global reach unless `tenant` asks for named tenants. */
  personWith(role: RoleName, reach?: 'global' | 'tenant'): DemoPerson;
  /** Signs in with password and TOTP over the HTTP handlers. */
  as(person: DemoPerson): Promise<TestClient>;
  /** Signed in as somebody with this role. */
  asRole(role: RoleName, reach?: 'global' | 'tenant'): Promise<TestClient>;
  /** The person's authenticator: each call shows a code that was not used yet. */
  authenticatorOf(person: DemoPerson): () => Promise<string>;
  /** Not signed in. */
  stranger(headers?: Readonly<Record<string, string>>): Pick<TestClient, 'query' | 'post' | 'get'>;
  /** Events of the log in the order they were written, newest last. */
  events(where?: { readonly correlationId?: string; readonly kind?: string }): Promise<readonly AnswerData[]>;
  close(): Promise<void>;
}

export interface TestGatewayOptions extends Partial<Pick<GatewayOptions, 'limits' | 'worker' | 'staticDirectory' | 'anchors' | 'store'>> {
  readonly modules?: readonly ModuleDeclaration[];
  /** Default 12. */
  readonly tenants?: number;
  readonly development?: boolean;
  /** Services besides the gateway for which tokens are signed. */
  readonly tokenAudiences?: readonly string[];
  /** Further rows, as owner, before the gateway starts. */
  readonly prepare?: (owner: Kysely<unknown>) => Promise<void>;
}

const ORIGIN = 'http://127.0.0.1:4000';
const GENEROUS = { address: { burst: 1e6, perSecond: 1e6 }, session: { burst: 1e6, perSecond: 1e6 }, refusalsPerMinute: 1e6 };

/** A whole gateway in this process, on a database of its own with a small demo company and the demo people. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const database = await createTestDatabase();
  const modules = options.modules ?? demoModules;
  for (const module of modules) await module.seed?.(database.owner, { tenants: options.tenants ?? 12, seed: 2026 });
  await options.prepare?.(database.owner);
  const keys: SecretKeys = { currentKeyId: 'test', keys: { test: randomBytes(32) } };
  const tenant = modules.flatMap((module) => module.resources).find((resource) => 'self' in resource.tenant);
  if (!tenant) throw new Error('No resource of these modules is the tenant');
  const key = sql.id(tenant.key.column);
  const { rows } = await sql<{ id: string }>`select ${key}::text as id from ${sql.id(tenant.table.schema, tenant.table.name)} order by ${key} limit 100`.execute(database.owner);
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-people-'));
  const { people } = await database.owner
    .transaction()
    .execute((tx) => seedDemoStaff(tx, { tenantIds: rows.map(({ id }) => id), keys, path: join(folder, 'people.json'), publicUrl: ORIGIN }))
    .finally(() => rm(folder, { recursive: true }));
  const gateway = await createGateway({
    config: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: null,
      secureCookies: false,
      environment: 'test',
      development: options.development ?? false,
      trustedProxies: [],
      metricsReaders: [],
      tokenAudiences: options.tokenAudiences ?? [],
    },
    pool: database.appPool,
    db: database.app,
    modules,
    keys,
    log: createLog('silent'),
    staticDirectory: options.staticDirectory ?? null,
    limits: options.limits ?? GENEROUS,
    worker: options.worker ?? false,
    ...(options.anchors ? { anchors: options.anchors } : {}),
    ...(options.store ? { store: options.store } : {}),
  });
  const connect = (person: DemoPerson) => createClient(gateway, database, person);
  const personWith: TestGateway['personWith'] = (role, reach = 'global') => {
    const found = people.find(({ grants }) => grants.length === 1 && grants[0]?.role === role && grants[0].global === (reach === 'global'));
    if (!found) throw new Error(`No demo person is ${role} with reach ${reach}`);
    return found;
  };
  const as: TestGateway['as'] = async (person) => {
    const client = connect(person);
    await mustBeOk(await client.post('/auth/sign-in', { email: person.email, password: person.password }));
    await mustBeOk(await client.post('/auth/totp', { code: await client.nextCode() }));
    return client;
  };
  return {
    gateway,
    database,
    keys,
    people,
    personWith,
    as,
    asRole: (role, reach) => as(personWith(role, reach)),
    authenticatorOf: (person) => connect(person).nextCode,
    stranger: () => connect({ email: '', password: '', totpSecret: '', roles: [], tenants: [], displayName: 'Stranger', grants: [] }),
    events: async ({ correlationId, kind } = {}) => {
      const { rows: events } = await sql<AnswerData>`
        select * from audit.event
        where (${correlationId ?? null}::text is null or correlation_id::text = ${correlationId ?? null}) and (${kind ?? null}::text is null or kind = ${kind ?? null})
        order by sequence`.execute(database.owner);
      return events;
    },
    close: async () => {
      await gateway.close();
      await database.drop();
    },
  };
}

async function mustBeOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}

function createClient(gateway: Gateway, database: TestDatabase, person: DemoPerson): TestClient {
  const cookies = new Map<string, string>();
  const cookie = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const send = async (method: string, path: string, headers: Readonly<Record<string, string>>, body?: unknown): Promise<Response> => {
    const response = await gateway.fetch(
      new Request(`${ORIGIN}${path}`, {
        method,
        headers: {
          origin: ORIGIN,
          'sec-fetch-site': 'same-origin',
          ...(cookies.size > 0 ? { cookie: cookie() } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
      { ip: '127.0.0.1' },
    );
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const query: TestClient['query'] = async (document, variables = {}, { correlationId, proof, idempotencyKey, headers = {} } = {}) => {
    const response = await send(
      'POST',
      '/graphql',
      {
        'x-request-surface': 'console',
        ...(correlationId ? { 'x-correlation-id': correlationId } : {}),
        ...(proof ? { 'step-up-proof': proof } : {}),
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
        ...headers,
      },
      { query: document, variables },
    );
    const { data, errors = [] } = (await response.json()) as { data?: AnswerData | null; errors?: AnsweredError[] };
    return { status: response.status, headers: response.headers, data, errors, codes: errors.map((error) => error.extensions.code) };
  };

  let lastStep = 0;
  const nextCode = async (): Promise<string> => {
    const { rows } = await sql<{ now: number; last: number | null }>`
      select extract(epoch from clock_timestamp())::float8 as now, totp_last_step::float8 as last from gateway.staff where email = ${person.email}`.execute(database.owner);
    const now = rows[0]?.now ?? 0;
    const current = Math.floor(now / STEP_SECONDS);
    let step = Math.max(current - 1, (rows[0]?.last ?? 0) + 1, lastStep + 1);
    if (step > current + 1) {
      // A person would wait for the next code; the test forgets the used ones instead.
      await sql`update gateway.staff set totp_last_step = null where email = ${person.email}`.execute(database.owner);
      step = current;
    }
    lastStep = step >= current ? 0 : step;
    return codeAt(person.totpSecret, step * STEP_SECONDS);
  };
  const stepUp: TestClient['stepUp'] = async (challenge, correlationId) => {
    const response = await send('POST', '/auth/step-up', correlationId ? { 'x-correlation-id': correlationId } : {}, { challenge, code: await nextCode() });
    await mustBeOk(response.clone());
    return ((await response.json()) as { proof: string }).proof;
  };
  return {
    person,
    query,
    act: async (document, variables, options = {}) => {
      const correlationId = options.correlationId ?? randomUUID();
      const first = await query(document, variables, { ...options, correlationId });
      const asked = first.errors.find((error) => error.extensions.code === 'STEP_UP_REQUIRED');
      if (!asked?.extensions.challenge) return first;
      return query(document, variables, { ...options, correlationId, proof: await stepUp(asked.extensions.challenge, correlationId) });
    },
    stepUp,
    post: (path, body, headers = {}) => send('POST', path, headers, body),
    get: (path, headers = {}) => send('GET', path, headers),
    nextCode,
    cookie,
  };
}
