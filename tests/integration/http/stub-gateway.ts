import { GatewayError } from '@sallyport/schema/errors.ts';
import type { AuditEventDraft, Door } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { RequestReads } from '@sallyport/server/audit/personal-reads.ts';
import { createHttpGateway, type HttpGateway, type HttpGatewayOptions } from '@sallyport/server/http/gateway.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import type { Authentication } from '@sallyport/server/kernel/seams.ts';
import { buildSchema, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { Kysely } from 'kysely';

/** A schema with the shapes of the real one and resolvers that fail in every way a resolver can. */
const SDL = `
  type Query {
    tenant(id: ID!): Tenant
    tenants(first: Int = 25, filter: TenantFilter): TenantConnection!
    failing(how: String!): String
    failingWhole(how: String!): String!
  }
  input TenantFilter { name: String  and: [TenantFilter!]  codes: [Int!] }
  type TenantConnection { nodes: [Tenant!]!  totalCount: Int! }
  type Tenant { id: ID!  name: String  secretiveName: String  parent: Tenant  people(first: Int = 10): [Person!]! }
  type Person { id: ID!  name: String  tenant: Tenant }
  type Mutation {
    touchTenant(input: TouchTenantInput!): String!
    closeTenant(input: TouchTenantInput!): String!
    resetPerson(input: TouchTenantInput!): String!
  }
  input TouchTenantInput { id: ID!  code: Int  justification: JustificationInput! }
  input JustificationInput { reason: String! ticket: String }
`;

interface StubRow {
  readonly id: string;
  readonly name: string;
}

const viewerNamed = (name: string): Viewer => ({
  actor: { id: name, email: `${name}@sallyport.example`, displayName: name, personId: name },
  subject: { id: name, email: `${name}@sallyport.example`, displayName: name, personId: name },
  session: { id: `session-${name}`, mode: 'normal', secondFactor: 'totp', ip: '127.0.0.1', createdAt: '2026-01-01T00:00:00Z', expiresAt: '2027-01-01T00:00:00Z' },
  token: null,
  breakGlass: null,
  grants: [],
  rights: new Map(),
});

export interface StubGateway extends HttpGateway {
  /** Everything that reached the log. */
  readonly events: AuditEventDraft[];
  /** How often a resolver or handler ran that has an effect. */
  readonly effects: string[];
  /** Lines of the process log. */
  readonly logged: string[];
  readonly schema: GraphQLSchema;
  /** Makes the log refuse to be written. */
  auditDown: boolean;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Signed in as `name`. */
  query(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; data?: unknown; errors?: StubError[]; text: string }>;
}

export interface StubError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly correlationId: string; readonly issues?: readonly { path: string; message: string }[] };
}

const databaseError = (code: string, message: string): Error => Object.assign(new Error(message), { code, severity: 'ERROR' });

const FAILURES: Readonly<Record<string, () => unknown>> = {
  throw: () => {
    throw new Error('value 492817-secret leaked');
  },
  gateway: () => {
    throw new GatewayError('FORBIDDEN', undefined, { permission: 'stub.thing.read' });
  },
  'step-up': () => {
    throw new GatewayError('STEP_UP_REQUIRED', undefined, { challenge: 'c', maxAgeSeconds: 300, actionDigest: 'd' });
  },
  database: () => {
    throw databaseError('22P02', 'invalid input syntax for type uuid: "492817-secret"');
  },
  timeout: () => {
    throw databaseError('57014', 'canceling statement due to statement timeout');
  },
  connection: () => {
    throw Object.assign(new Error('connect ECONNREFUSED 492817-secret'), { code: 'ECONNREFUSED' });
  },
  rejected: () => Promise.reject(new TypeError('x is not a function')),
  nothing: () => null,
};

export function createStubGateway(overrides: Partial<HttpGatewayOptions> = {}): StubGateway {
  const events: AuditEventDraft[] = [];
  const effects: string[] = [];
  const logged: string[] = [];
  const state = { auditDown: false };
  const schema = buildSchema(SDL);
  const resolve = (type: string, field: string, resolver: (source: StubRow, args: Record<string, unknown>) => unknown): void => {
    const found = (schema.getType(type) as GraphQLObjectType).getFields()[field];
    if (found) found.resolve = resolver;
  };
  const row = (id: string): StubRow => ({ id, name: `tenant ${id}` });
  resolve('Query', 'tenant', (_source, { id }) => Promise.resolve(row(String(id))));
  resolve('Query', 'tenants', (_source, { first }) => ({ nodes: Array.from({ length: Math.min(Number(first), 3) }, (_, index) => row(String(index))), totalCount: 3 }));
  for (const field of ['failing', 'failingWhole']) resolve('Query', field, (_source, { how }) => FAILURES[String(how)]?.());
  resolve('Tenant', 'people', () => []);
  for (const [field, tier, sensitive] of [
    ['touchTenant', 'routine', null],
    ['closeTenant', 'privileged', null],
    ['resetPerson', 'routine', 'always'],
  ] as const) {
    resolve('Mutation', field, () => {
      effects.push(field);
      return 'done';
    });
    const found = schema.getMutationType()?.getFields()[field];
    if (found) found.extensions = { sallyport: { kind: 'action', tier, sensitive, permission: 'stub.thing.write' } };
  }
  const audit = {
    append: () => Promise.resolve({ id: '0' }),
    record: (draft: AuditEventDraft) => {
      if (state.auditDown) return Promise.reject(new GatewayError('AUDIT_UNAVAILABLE'));
      events.push(draft);
      return Promise.resolve({ id: String(events.length) });
    },
  };
  const authentication: Authentication = {
    loadViewer: async ({ headers }) => {
      if (headers.get('authorization') !== null) throw new GatewayError('UNAUTHENTICATED');
      const name = /sallyport_session=(\w+)/.exec(headers.get('cookie') ?? '')?.[1];
      if (name === undefined) return null;
      if (name === 'bad') throw new GatewayError('UNAUTHENTICATED');
      return viewerNamed(name);
    },
    reloadViewer: (_tx, viewer) => Promise.resolve(viewer),
    readViewers: () => Promise.resolve(new Map()),
    handle: async (path, request) => {
      effects.push(path);
      return Response.json({ path, body: request.method === 'POST' ? await request.json() : null }, { headers: { 'set-cookie': 'sallyport_session=new; Path=/' } });
    },
    stepUp: { issueChallenge: () => Promise.resolve({ challenge: 'c', maxAgeSeconds: 300 }), claimProof: () => Promise.resolve(null), isGoodProof: () => Promise.resolve(false) },
  };
  const reads = (): RequestReads => ({
    note: () => undefined,
    noteCondition: () => undefined,
    noteListing: () => undefined,
    refuse: () => undefined,
    flush: async () => {
      if (state.auditDown) throw new GatewayError('AUDIT_UNAVAILABLE');
    },
  });
  const log = createLog('silent');
  log.error = ((...parts: unknown[]) => void logged.push(JSON.stringify(parts))) as typeof log.error;
  const gateway = createHttpGateway({
    schema,
    fastSchema: null,
    mayRunFast: () => false,
    authentication,
    authenticationRoutes: new Map([
      ['/auth/sign-in', 'POST'],
      ['/auth/sign-out', 'POST'],
      ['/auth/sessions', 'GET'],
    ]),
    audit,
    createReads: reads,
    // No resolver of the stub asks for a database or for the door.
    shared: {
      environment: 'test',
      policyVersion: 'p',
      db: {} as Kysely<unknown>,
      cursorKey: new Uint8Array(32),
      door: {} as Door,
      logStanding: () => ({ state: 'sound' }),
      logSurroundings: () => ({ witnesses: [], clockDifferenceSeconds: null, store: null }),
    },
    handleAuditExport: async () => new Response('a,b\r\n', { headers: { 'content-type': 'text/csv' } }),
    catalogue: '{}',
    isReady: () => Promise.resolve(true),
    pool: null,
    log,
    staticDirectory: null,
    origins: { publicOrigin: null, additionalOrigins: [], hostNames: [] },
    trustedProxies: [],
    metricsReaders: [],
    development: false,
    ...overrides,
  });
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    gateway.fetch(
      new Request('http://127.0.0.1:4000/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
      { ip: '127.0.0.1' },
    );
  return {
    ...gateway,
    events,
    effects,
    logged,
    schema,
    get auditDown() {
      return state.auditDown;
    },
    set auditDown(down: boolean) {
      state.auditDown = down;
    },
    post,
    query: async (query: string, variables: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
      const response = await post({ query, variables }, { cookie: 'sallyport_session=ana', ...headers });
      const text = await response.text();
      const body = JSON.parse(text) as { data?: unknown; errors?: StubError[] };
      return { status: response.status, headers: response.headers, text, ...body };
    },
  };
}
