import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';
import { EXCHANGE, exchange, makeToken, TENANTS, toolWith } from './token-fixture.ts';

let gateway: TestGateway;
let token: string;
let id: string;
beforeAll(async () => {
  gateway = await startTestGateway({ tokenAudiences: ['https://billing.example.com'] });
  ({ token, id } = await makeToken(await gateway.asRole('support-operator'), { permissions: ['accounts.tenant.read', 'people.person.read'], everywhere: true }));
});
afterAll(() => gateway.close());

test('the token endpoint answers as RFC 8693 says, is kept by no cache, names its correlation ID, and leaves an event', async () => {
  const correlationId = crypto.randomUUID();
  const answered = await exchange(gateway, { subject_token: token, requested_token_type: 'urn:ietf:params:oauth:token-type:jwt' }, { 'x-correlation-id': correlationId });
  expect(answered.status).toBe(200);
  expect(answered.body).toEqual({
    access_token: expect.any(String),
    issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    token_type: 'Bearer',
    expires_in: expect.any(Number),
    scope: 'accounts.tenant.read people.person.read',
  });
  expect(answered.headers.get('cache-control')).toBe('no-store');
  expect(answered.headers.get('x-correlation-id')).toBe(correlationId);
  const [event, ...more] = await gateway.events({ correlationId });
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    kind: 'tokens.token.exchanged',
    outcome: 'ok',
    token_id: id,
    target_id: id,
    detail: { signedTokenId: decodeJwt(answered.signed).jti, permissions: 2 },
  });
});

test('G03 a token for another service is signed for that one, and is no token here', async () => {
  const { signed, status } = await exchange(gateway, { subject_token: token, audience: 'https://billing.example.com' });
  expect(status).toBe(200);
  expect(decodeJwt(signed).aud).toBe('https://billing.example.com');
  expect((await toolWith(gateway, signed).query(TENANTS)).codes).toEqual(['UNAUTHENTICATED']);
  for (const audience of ['https://billing.example.com/', 'https://evil.example', 'https://BILLING.example.com', '*'])
    expect((await exchange(gateway, { subject_token: token, audience })).body['error'], audience).toBe('invalid_target');
});

const WRONG: readonly (readonly [name: string, form: Readonly<Record<string, string>> | string, error: string])[] = [
  ['nothing', '', 'invalid_request'],
  ['no grant type', new URLSearchParams({ subject_token: 'x' }).toString(), 'invalid_request'],
  ['another grant type', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
  ['a password', { grant_type: 'password', username: 'a', password: 'b' }, 'invalid_request'],
  ['no subject token', {}, 'invalid_request'],
  ['no token at all', { subject_token: 'nonsense' }, 'invalid_request'],
  ['a token that was never made', { subject_token: 'slp_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA000000' }, 'invalid_request'],
  ['another type of subject', { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, 'invalid_request'],
  ['a refresh token wanted', { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }, 'invalid_request'],
  ['an actor', { actor_token: 'x', actor_token_type: 'y' }, 'invalid_request'],
  ['an unknown parameter', { lifetime: '86400' }, 'invalid_request'],
  ['more than it holds', { scope: 'billing.invoice.refund' }, 'invalid_scope'],
];

test.each(WRONG)('%s: refused in the words of RFC 6749', async (name, form, error) => {
  const correlationId = crypto.randomUUID();
  const withToken = typeof form === 'string' ? form : { ...(name === 'no subject token' ? {} : { subject_token: token }), ...form };
  const answered = await exchange(gateway, withToken, { 'x-correlation-id': correlationId });
  expect([answered.status, answered.body['error']]).toEqual([400, error]);
  expect(Object.keys(answered.body).toSorted()).toEqual(['error', 'error_description']);
  expect(answered.headers.get('x-correlation-id')).toBe(correlationId);
  expect(JSON.stringify(answered.body)).not.toContain(token.slice(4, 20));
  const events = await gateway.events({ correlationId });
  expect(events.map((event) => event['outcome'])).toEqual(['denied']);
});

test('a parameter given twice, an Authorization header, JSON, another method: refused', async () => {
  const form = new URLSearchParams({ ...EXCHANGE, subject_token: token }).toString();
  expect((await exchange(gateway, `${form}&subject_token=${token}`)).body['error']).toBe('invalid_request');
  const withClient = await exchange(gateway, form, { authorization: `Bearer ${token}` });
  expect([withClient.status, withClient.body['error']]).toEqual([401, 'invalid_client']);
  expect(withClient.headers.get('www-authenticate')).toContain('Bearer');
  const quiet = toolWith(gateway, null);
  expect((await quiet.send('POST', '/auth/token', { 'content-type': 'application/json' }, JSON.stringify({ ...EXCHANGE, subject_token: token }))).status).toBe(415);
  expect((await quiet.send('GET', `/auth/token?${form}`)).status).toBe(405);
  expect((await quiet.send('POST', '/auth/token', { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' }, form)).status).toBe(403);
});

test('a signed token that would not fit into a header is not made', async () => {
  const auditor = await gateway.asRole('support-viewer');
  const held = (await auditor.query('{ viewer { permissions { name } } tenants(first: 12) { nodes { id } } }')).data ?? {};
  const permissions = (held['viewer'].permissions as { name: string }[]).map(({ name }) => name).filter((name) => /^(accounts|people|billing|security-settings)\./.test(name));
  const { token: wide } = await makeToken(auditor, { permissions, tenants: (held['tenants'].nodes as { id: string }[]).map((tenant) => tenant.id) });
  expect((await exchange(gateway, { subject_token: wide })).body['error']).toBe('invalid_scope');
  expect((await exchange(gateway, { subject_token: wide, scope: permissions.slice(0, 3).join(' ') })).status).toBe(200);
});

test("each token draws from a bucket of its own: a flood with one stops neither its maker nor the maker's other token", async () => {
  const limited = await startTestGateway({ limits: { address: { burst: 1e6, perSecond: 1e6 }, session: { burst: 12, perSecond: 0.001 }, refusalsPerMinute: 1e6 } });
  try {
    const client = await limited.asRole('support-operator');
    const flooding = await makeToken(client, { permissions: ['accounts.tenant.read'], everywhere: true });
    const other = await makeToken(client, { permissions: ['accounts.tenant.read'], everywhere: true });
    const answers = await Promise.all(Array.from({ length: 30 }, () => toolWith(limited, flooding.token).query(TENANTS)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(12);
    expect(answers.filter(({ codes }) => codes[0] === 'RATE_LIMITED')).toHaveLength(18);
    expect((await toolWith(limited, other.token).query(TENANTS)).codes).toEqual([]);
    expect((await client.query('{ viewer { id } }')).codes).toEqual([]);
  } finally {
    await limited.close();
  }
});
