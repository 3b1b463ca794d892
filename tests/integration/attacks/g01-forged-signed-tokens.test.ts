import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';
import { type KnownKey, makeKeyPair, plantAcceptedKey } from '../tokens/known-key.ts';
import { exchange, type MadeToken, makeToken, staffIdOf, TENANTS, tenantIds, toolWith } from '../tokens/token-fixture.ts';

let gateway: TestGateway;
let made: MadeToken;
let signed: string;
let key: KnownKey;
let tenants: readonly string[];
let staffId: string;
const PERMISSIONS = ['accounts.tenant.read', 'people.person.read'];
beforeAll(async () => {
  gateway = await startTestGateway();
  const operator = await gateway.asRole('support-operator');
  tenants = await tenantIds(gateway);
  staffId = await staffIdOf(gateway, operator.person);
  made = await makeToken(operator, { permissions: PERMISSIONS, tenants: tenants.slice(0, 2) });
  signed = (await exchange(gateway, { subject_token: made.token })).signed;
  key = await plantAcceptedKey(gateway);
});
afterAll(() => gateway.close());

const part = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const codesOf = async (token: string): Promise<readonly string[]> => (await toolWith(gateway, token).query(TENANTS)).codes;

/** Signs as the gateway would, with changes. `undefined` leaves a claim out. */
async function forge(claims: Readonly<Record<string, unknown>> = {}, header: Readonly<Record<string, unknown>> = {}, by = key): Promise<string> {
  const good = decodeJwt(signed);
  const protectedHeader = Object.fromEntries(Object.entries({ alg: 'EdDSA', typ: 'at+jwt', kid: by.kid, ...header }).filter(([, value]) => value !== undefined));
  const payload = Object.fromEntries(Object.entries({ ...good, ...claims }).filter(([, value]) => value !== undefined));
  return new SignJWT(payload).setProtectedHeader(protectedHeader as { alg: string }).sign(by.privateKey);
}

test('T5 T6 T7 a signed token states who, where and what, for 15 minutes, and anybody can check it with the published key', async () => {
  const response = await toolWith(gateway, null).send('GET', '/.well-known/jwks.json');
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  const { keys } = (await response.json()) as { keys: JWK[] };
  expect(keys.some((each) => 'd' in each)).toBe(false);
  const header = decodeProtectedHeader(signed);
  expect(header).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: expect.any(String) });
  const published = keys.find(({ kid }) => kid === header.kid);
  if (!published) throw new Error('not published');
  expect(await calculateJwkThumbprint(published)).toBe(header.kid);
  const { payload } = await jwtVerify(signed, await importJWK(published, 'EdDSA'), { issuer: 'http://127.0.0.1:0', audience: 'http://127.0.0.1:0', typ: 'at+jwt' });
  expect(payload).toMatchObject({
    sub: staffId,
    tid: made.id,
    client_id: made.id,
    org: tenants.slice(0, 2).toSorted(),
    roles: ['support-operator'],
    scope: PERMISSIONS.join(' '),
    permissions: Object.fromEntries(PERMISSIONS.map((name) => [name, tenants.slice(0, 2).toSorted()])),
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(900);
  expect((payload.exp ?? 0) * 1000).toBeLessThanOrEqual(Date.parse(made.expiresAt));
  expect((await toolWith(gateway, signed).query(TENANTS)).data?.['tenants'].nodes.map(({ id }: { id: string }) => id).toSorted()).toEqual(tenants.slice(0, 2).toSorted());
});

test('the forging tool of this test works: what it signs unchanged is accepted', async () => {
  expect(await codesOf(await forge())).toEqual([]);
});

test('G01 no algorithm, another one, a shared secret made of the public key, doubled header members: refused', async () => {
  const [, payload = '', signature = ''] = (await forge()).split('.');
  const secret = JSON.stringify(key.publicJwk);
  const hs256 = `${part({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${payload}`;
  const header = `{"alg":"EdDSA","typ":"at+jwt","kid":"${key.kid}"}`;
  const attempts: Record<string, string> = {
    none: `${part({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${payload}.`,
    'none, with the signature left': `${part({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${payload}.${signature}`,
    'NONE in capitals': `${part({ alg: 'NONE', typ: 'at+jwt', kid: key.kid })}.${payload}.`,
    'no signature': `${part(header)}.${payload}.`,
    'another signature': `${part(header)}.${payload}.${Buffer.alloc(64, 7).toString('base64url')}`,
    'HS256 with the public key': `${hs256}.${createHmac('sha256', secret).update(hs256).digest('base64url')}`,
    ES256: `${part({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })}.${payload}.${signature}`,
    Ed25519: await forge({}, { alg: 'Ed25519' }),
    'no alg': `${part({ typ: 'at+jwt', kid: key.kid })}.${payload}.${signature}`,
    'alg as a list': `${part({ alg: ['EdDSA'], typ: 'at+jwt', kid: key.kid })}.${payload}.${signature}`,
    'doubled alg': `${part(`{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":"${key.kid}"}`)}.${payload}.${signature}`,
    'doubled kid': `${part(`{"alg":"EdDSA","typ":"at+jwt","kid":"x","kid":"${key.kid}"}`)}.${payload}.${signature}`,
    'a header with spaces': `${part(header.replace(',', ', '))}.${payload}.${signature}`,
    'changed payload': `${part(header)}.${part({ ...decodeJwt(signed), permissions: { 'accounts.tenant.read': '*' } })}.${signature}`,
    'five parts': `${part(header)}.${payload}.${signature}.x.y`,
    empty: '..',
  };
  for (const [name, token] of Object.entries(attempts)) expect(await codesOf(token), name).toEqual(['UNAUTHENTICATED']);
});

test('G02 a key by path, by SQL, by address or brought along is never looked for: refused, and nothing is asked of anybody', async () => {
  const own = await makeKeyPair();
  const bases = [
    { kid: '../../../../dev/null' },
    { kid: "' or 1=1 --" },
    { kid: `${key.kid}' --` },
    { kid: '' },
    { kid: undefined },
    { kid: key.kid.toLowerCase() },
    { kid: own.kid },
  ];
  for (const header of bases) expect(await codesOf(await forge({}, header, own)), JSON.stringify(header)).toEqual(['UNAUTHENTICATED']);
  let asked = 0;

  const server = createServer((_request, response) => {
    asked += 1;
    response.end(JSON.stringify({ keys: [{ ...own.publicJwk, kid: own.kid }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const brought = { jku: `http://127.0.0.1:${port}/keys`, x5u: `http://127.0.0.1:${port}/x` };
  for (const header of [brought, { jwk: own.publicJwk }, { x5c: ['AAAA'] }, { crit: ['b64'], b64: true }]) {
    expect(await codesOf(await forge({}, header)), JSON.stringify(header)).toEqual(['UNAUTHENTICATED']);
    expect(await codesOf(await forge({}, { ...header, kid: own.kid }, own)), JSON.stringify(header)).toEqual(['UNAUTHENTICATED']);
  }
  expect(asked).toBe(0);
  await new Promise((resolve) => server.close(resolve));
});

test('G03 another audience, issuer or type, and anything that is missing or malformed: refused', async () => {
  const attempts: Record<string, Promise<string>> = {
    'other audience': forge({ aud: 'https://billing.example.com' }),
    'no audience': forge({ aud: undefined }),
    'audience as a list without us': forge({ aud: ['a', 'b'] }),
    'other issuer': forge({ iss: 'https://evil.example' }),
    'issuer with a slash': forge({ iss: 'http://127.0.0.1:0/' }),
    'no issuer': forge({ iss: undefined }),
    'ID token': forge({}, { typ: 'JWT' }),
    'refresh token': forge({}, { typ: 'rt+jwt' }),
    'no type': forge({}, { typ: undefined }),
    'type in full': forge({}, { typ: 'application/at+jwt' }),
    'no exp': forge({ exp: undefined }),
    'exp as text': forge({ exp: String(Math.floor(Date.now() / 1000) + 600) }),
    'no iat': forge({ iat: undefined }),
    'no nbf': forge({ nbf: undefined }),
    'no tid': forge({ tid: undefined }),
    'tid that is no ID': forge({ tid: "x' or '1'='1" }),
    'tid of nothing': forge({ tid: '00000000-0000-4000-8000-000000000000' }),
    'no jti': forge({ jti: undefined }),
    'no subject': forge({ sub: undefined }),
    'another subject': forge({ sub: '00000000-0000-4000-8000-000000000000' }),
    'no permissions': forge({ permissions: undefined }),
    'permissions as a list': forge({ permissions: PERMISSIONS }),
    'a permission for nowhere': forge({ permissions: { 'accounts.tenant.read': [] } }),
    'longer than we issue': forge({ exp: (decodeJwt(signed).iat ?? 0) + 901 }),
  };
  for (const [name, token] of Object.entries(attempts)) expect(await codesOf(await token), name).toEqual(['UNAUTHENTICATED']);
});

test("G04 Inv15 a signed token lives by the database's clock with no leeway, whatever the process believes", async () => {
  const now = async () => (await sql<{ now: number }>`select extract(epoch from clock_timestamp())::float8 as now`.execute(gateway.database.owner)).rows[0]?.now ?? 0;
  const at = async (from: number, to: number) => {
    const second = Math.floor(await now());
    return codesOf(await forge({ iat: second + from, nbf: second + from, exp: second + to }));
  };
  expect(await at(-300, 5)).toEqual([]);
  expect(await at(-300, 0)).toEqual(['UNAUTHENTICATED']);
  expect(await at(-300, -1)).toEqual(['UNAUTHENTICATED']);
  expect(await at(2, 300)).toEqual(['UNAUTHENTICATED']);
  for (const minutes of [-5, 5]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minutes * 60_000 });
    try {
      expect(await at(-300, 20), `process clock ${minutes} minutes off`).toEqual([]);
      expect(await at(-300, -1), `process clock ${minutes} minutes off`).toEqual(['UNAUTHENTICATED']);
      const issued = decodeJwt((await exchange(gateway, { subject_token: made.token })).signed);
      expect(Math.abs((issued.iat ?? 0) - (await now()))).toBeLessThan(5);
    } finally {
      vi.useRealTimers();
    }
  }
});

test('claims only narrow: a forged wider claim gives nothing, a narrower one is kept to, for reads and for writes', async () => {
  const wide = await forge({ permissions: { 'accounts.tenant.read': '*', 'billing.invoice.read': '*', 'access.grant.give': '*' }, org: '*', roles: ['platform-admin'] });
  const { data } = await toolWith(gateway, wide).query('{ viewer { permissions { name tenantIds } } tenants { totalCount } }');
  expect(data?.['viewer'].permissions).toEqual([{ name: 'accounts.tenant.read', tenantIds: tenants.slice(0, 2).toSorted() }]);
  expect(data?.['tenants'].totalCount).toBe(2);
  const narrow = await forge({ permissions: { 'accounts.tenant.read': [tenants[1], tenants[5]] } });
  expect((await toolWith(gateway, narrow).query(TENANTS)).data?.['tenants'].nodes).toEqual([{ id: tenants[1] }]);
  expect((await toolWith(gateway, narrow).query('{ people { nodes { id } } }')).codes).toEqual(['FORBIDDEN']);
});

test('every refused forgery left an event, and none of them a token', async () => {
  const events = await gateway.events({ kind: 'gateway.request.refused' });
  expect(events.length).toBeGreaterThan(40);
  expect(JSON.stringify(await gateway.events())).not.toContain(signed.split('.')[2]);
});
