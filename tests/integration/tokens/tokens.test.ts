import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { askForToken, CREATE_TOKEN, makeToken, TENANTS, tenantIds, tokenInput, toolWith } from './token-fixture.ts';

let gateway: TestGateway;
let operator: TestClient;
let tenants: readonly string[];
const OWN = '{ accessTokens { nodes { id name hint state ownerName permissions lastUsedAt revokedBy actions { name } } totalCount } }';
beforeAll(async () => {
  gateway = await startTestGateway();
  operator = await gateway.asRole('support-operator');
  tenants = await tenantIds(gateway);
});
afterAll(() => gateway.close());

test('T1 T2 a token for one tenant and 15 minutes: shown once, kept as a hash, listed, and it works', async () => {
  const answered = await askForToken(operator, { name: 'one tenant', permissions: ['accounts.tenant.read'], tenants: tenants.slice(0, 1) });
  const { token, accessToken, auditEventId } = answered.data?.['createToken'] ?? {};
  expect(token).toMatch(/^slp_[A-Za-z0-9_-]{49}$/);
  expect(accessToken).toMatchObject({ name: 'one tenant', state: 'ACTIVE', permissions: ['accounts.tenant.read'], everywhere: false, tenantIds: [tenants[0]] });
  expect(token.startsWith(accessToken.hint)).toBe(true);
  const lives = await sql<{
    minutes: number;
  }>`select extract(epoch from expires_at - created_at)::float8 / 60 as minutes from gateway.access_token where id = ${accessToken.id}`.execute(gateway.database.owner);
  expect(lives.rows[0]?.minutes).toBe(15);
  const seen = await toolWith(gateway, token).query(TENANTS);
  expect(seen.data?.['tenants'].nodes).toEqual([{ id: tenants[0] }]);
  const events = await gateway.events({ kind: 'tokens.token.created' });
  expect(events.map((event) => event['reason_code'])).toEqual(['STEP_UP_REQUIRED', null]);
  const event = events.at(-1);
  expect(event).toMatchObject({ id: auditEventId, outcome: 'ok', target_id: accessToken.id, tenant_id: tenants[0], token_id: null });
  expect(JSON.stringify(events)).not.toContain(token.slice(4));
});

test('T3 every event of a token names it; its surface is never the console, whatever it says; the person stays the actor', async () => {
  const { token, id } = await makeToken(operator, { permissions: ['people.person.read', 'people.person.read-identity', 'accounts.tenant.read'], everywhere: true });
  const correlationId = crypto.randomUUID();
  const read = await toolWith(gateway, token).query(
    '{ people(first: 2) { nodes { id displayName } } viewer { id token { id name } grants { id } } }',
    {},
    {
      'x-correlation-id': correlationId,
      'x-request-surface': 'console',
    },
  );
  expect(read.codes).toEqual([]);
  expect(read.data?.['viewer'].token).toEqual({ id, name: 'nightly report' });
  const events = await gateway.events({ correlationId });
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) expect(event).toMatchObject({ token_id: id, surface: 'api', actor_name: operator.person.displayName });
});

test('T4 a token holds what it names, where it names it, and nothing besides', async () => {
  const { token } = await makeToken(operator, { permissions: ['accounts.tenant.read', 'people.password.send-reset', 'people.person.read'], tenants: tenants.slice(0, 2) });
  const { data } = await toolWith(gateway, token).query('{ viewer { permissions { name global tenantIds } } }');
  expect(data?.['viewer'].permissions).toEqual(
    ['accounts.tenant.read', 'people.password.send-reset', 'people.person.read'].map((name) => ({ name, global: false, tenantIds: tenants.slice(0, 2).toSorted() })),
  );
  const tool = toolWith(gateway, token);
  expect((await tool.query('{ invoices { nodes { id } } }')).codes).toEqual(['FORBIDDEN']);
  expect((await tool.query('{ people { nodes { displayName } } }')).codes).toContain('FORBIDDEN');
  expect((await tool.query(`{ tenant(id: "${tenants[3]}") { id } }`)).data).toEqual({ tenant: null });
});

test('a token writes what it may, without a cookie and without an origin, and its own idempotency key holds', async () => {
  const { token, id } = await makeToken(operator, { permissions: ['accounts.tenant.read', 'people.person.read', 'people.password.send-reset'], tenants: tenants.slice(0, 1) });
  const tool = toolWith(gateway, token);
  const { data } = await tool.query('{ people(first: 1) { nodes { id } } }');
  const send = () =>
    tool.query(
      'mutation($input: SendPasswordResetInput!) { sendPasswordReset(input: $input) { status auditEventId } }',
      { input: { id: data?.['people'].nodes[0].id } },
      { 'idempotency-key': 'reset-1' },
    );
  const [first, again] = [await send(), await send()];
  expect(first.data?.['sendPasswordReset'].status).toBe('EXECUTED');
  expect(again.data).toEqual(first.data);
  const events = await gateway.events({ kind: 'people.password.reset-sent' });
  expect(events.map((event) => [event['outcome'], event['token_id']])).toEqual([['ok', id]]);
});

test('people see their own tokens; who may see all sees all, and revokes with a reason', async () => {
  const { id } = await makeToken(operator, { name: 'to be seen', permissions: ['accounts.tenant.read'], everywhere: true });
  const other = await gateway.asRole('billing-operator');
  expect((await other.query(OWN)).data?.['accessTokens'].totalCount).toBe(0);
  expect((await other.query(`{ accessToken(id: "${id}") { id } }`)).data).toEqual({ accessToken: null });
  const REVOKE = 'mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { status } }';
  const REVOKE_ANY = 'mutation($input: RevokeAnyTokenInput!) { revokeAnyToken(input: $input) { status accessToken { state revokedBy } } }';
  expect((await other.query(REVOKE, { input: { id } })).codes).toEqual(['NOT_FOUND']);
  expect((await other.query(REVOKE_ANY, { input: { id, justification: { reason: 'Leaked' } } })).codes).toEqual(['FORBIDDEN']);
  const guard = await gateway.asRole('security-operator');
  const listed = (await guard.query(`{ accessTokens(filter: { name: { eq: "to be seen" } }) { nodes { id ownerName actions { name } } } }`)).data?.['accessTokens'].nodes[0];
  expect(listed).toMatchObject({ id, ownerName: operator.person.displayName });
  expect(listed.actions.map(({ name }: { name: string }) => name)).toEqual(['revokeAnyToken']);
  expect((await guard.query(REVOKE, { input: { id } })).codes).toEqual(['FORBIDDEN']);
  expect((await guard.query(REVOKE_ANY, { input: { id } })).codes).toEqual(['JUSTIFICATION_REQUIRED']);
  expect((await guard.query(REVOKE_ANY, { input: { id, justification: { reason: 'Leaked' } } })).data?.['revokeAnyToken']).toEqual({
    status: 'EXECUTED',
    accessToken: { state: 'REVOKED', revokedBy: guard.person.displayName },
  });
  expect((await guard.query(REVOKE_ANY, { input: { id, justification: { reason: 'Again' } } })).codes).toEqual(['CONFLICT']);
});

test('Inv16 20 live tokens a person, also when the 20th and the 21st are asked for at once', async () => {
  const viewer = await gateway.asRole('support-viewer');
  await makeToken(viewer, { permissions: ['accounts.tenant.read'], everywhere: true });
  await sql`
    insert into gateway.access_token (id, staff_id, session_id, name, token_hash, hint, permissions, is_global, reason, created_at, expires_at)
    select gen_random_uuid(), staff_id, session_id, name, sha256(int4send(n)), hint, permissions, is_global, reason, created_at, expires_at
    from gateway.access_token, generate_series(1, 18) n where staff_id = (select id from gateway.staff where email = ${viewer.person.email})`.execute(gateway.database.owner);
  const input = tokenInput({ permissions: ['accounts.tenant.read'], everywhere: true });
  const proofs: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const asked = await viewer.query(CREATE_TOKEN, { input });
    proofs.push(await viewer.stepUp(asked.errors[0]?.extensions.challenge ?? ''));
  }
  const answers = await Promise.all(proofs.map((proof) => viewer.query(CREATE_TOKEN, { input }, { proof })));
  expect(answers.map(({ codes }) => codes.join()).toSorted()).toEqual(['', 'CONFLICT']);
});

test('its last use is noted, to the minute', async () => {
  const { id, token } = await makeToken(operator, { permissions: ['accounts.tenant.read'], everywhere: true });
  const lastUsed = async () =>
    (await sql<{ at: string | null }>`select last_used_at::text as at from gateway.access_token where id = ${id}`.execute(gateway.database.owner)).rows[0]?.at ?? null;
  expect(await lastUsed()).toBeNull();
  await toolWith(gateway, token).query(TENANTS);
  const first = await lastUsed();
  expect(first).not.toBeNull();
  await toolWith(gateway, token).query(TENANTS);
  expect(await lastUsed()).toBe(first);
  await sql`update gateway.access_token set last_used_at = last_used_at - interval '61 seconds' where id = ${id}`.execute(gateway.database.owner);
  await toolWith(gateway, token).query(TENANTS);
  expect((await lastUsed()) ?? '').toSatisfy((at: string) => at >= (first ?? ''));
});
