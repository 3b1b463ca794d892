import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { askForToken, CREATE_TOKEN, exchange, makeToken, staffIdOf, TENANTS, tenantIds, tokenInput, toolWith } from '../tokens/token-fixture.ts';

let gateway: TestGateway;
let operator: TestClient;
let tenants: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway();
  operator = await gateway.asRole('support-operator');
  tenants = await tenantIds(gateway);
});
afterAll(() => gateway.close());

const count = async () => (await sql<{ n: number }>`select count(*)::int as n from gateway.access_token`.execute(gateway.database.owner)).rows[0]?.n;

test('G05 a role that is taken away after a token was made is gone from it at the next call, opaque and signed, and for writes too', async () => {
  const person = gateway.personWith('billing-operator');
  const client = await gateway.as(person);
  const { token } = await makeToken(client, { permissions: ['billing.invoice.read', 'billing.invoice.resend'], everywhere: true });
  const { signed } = await exchange(gateway, { subject_token: token });
  const INVOICES = '{ invoices(first: 1) { nodes { id } } }';
  const [invoice] = (await toolWith(gateway, signed).query(INVOICES)).data?.['invoices'].nodes ?? [];
  const resend = (text: string) =>
    toolWith(gateway, text).query('mutation($input: ResendInvoiceInput!) { resendInvoice(input: $input) { status } }', { input: { id: invoice.id } });
  expect((await resend(signed)).data?.['resendInvoice'].status).toBe('EXECUTED');
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where staff_id = ${await staffIdOf(gateway, person)}`.execute(gateway.database.owner);
  for (const text of [token, signed]) {
    expect((await toolWith(gateway, text).query(INVOICES)).codes).toEqual(['FORBIDDEN']);
    expect((await resend(text)).codes).toEqual(['FORBIDDEN']);
  }
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from audit.event where kind = 'billing.invoice.resent' and outcome = 'ok'`.execute(gateway.database.owner);
  expect(rows[0]?.n).toBe(1);
  // Given back, it is back: a token is a view of its maker's rights, kept nowhere.
  await sql`update gateway.access_grant set revoked_at = null where staff_id = ${await staffIdOf(gateway, person)}`.execute(gateway.database.owner);
  expect((await toolWith(gateway, token).query(INVOICES)).codes).toEqual([]);
});

test('G05 a grant that shrinks to fewer tenants shrinks the token', async () => {
  const person = gateway.personWith('support-viewer', 'tenant');
  const held = person.tenants;
  const { token } = await makeToken(await gateway.as(person), { permissions: ['accounts.tenant.read'], tenants: held.slice(0, 3) });
  await sql`update gateway.access_grant set tenant_ids = ${held.slice(2)}::text[] where staff_id = ${await staffIdOf(gateway, person)}`.execute(gateway.database.owner);
  expect((await toolWith(gateway, token).query(TENANTS)).data?.['tenants'].nodes).toEqual([{ id: held[2] }]);
});

test('G06 a token makes no token: not by the door, not by exchange of a signed one; and nothing comes wider or longer than its maker', async () => {
  const { token, expiresAt } = await makeToken(operator, { permissions: ['accounts.tenant.read', 'people.person.read'], tenants: tenants.slice(0, 2), minutes: 5 });
  const { signed, body } = await exchange(gateway, { subject_token: token });
  const before = await count();
  for (const text of [token, signed])
    expect((await toolWith(gateway, text).query(CREATE_TOKEN, { input: tokenInput({ permissions: ['accounts.tenant.read'], tenants: tenants.slice(0, 1) }) })).codes).toEqual([
      'FORBIDDEN',
    ]);
  expect(await count()).toBe(before);
  expect(Date.now() + Number(body['expires_in']) * 1000).toBeLessThanOrEqual(Date.parse(expiresAt) + 1000);
  expect((await exchange(gateway, { subject_token: signed })).body['error']).toBe('invalid_request');
  const limited = await gateway.as(gateway.personWith('support-operator', 'tenant'));
  for (const wishes of [
    { permissions: ['accounts.tenant.read'], everywhere: true },
    { permissions: ['accounts.tenant.read'], tenants: [...limited.person.tenants.slice(0, 1), tenants.find((id) => !limited.person.tenants.includes(id)) ?? ''] },
    { permissions: ['accounts.tenant.read', 'billing.invoice.refund'], tenants: limited.person.tenants.slice(0, 1) },
    { permissions: ['tokens.token.read'], tenants: ['nowhere'] },
  ]) {
    const { codes } = await askForToken(limited, wishes);
    expect(codes, JSON.stringify(wishes)).toEqual([wishes.tenants?.[0] === 'nowhere' ? 'BAD_INPUT' : 'FORBIDDEN']);
  }
  expect(await count()).toBe(before);
});

test('G06 a token never outlives the session in which it was made', async () => {
  const client = await gateway.asRole('support-viewer');
  const sessionId = (await client.query('{ viewer { session { id } } }')).data?.['viewer'].session.id;
  await sql`update gateway.session set expires_at = clock_timestamp() + interval '40 minutes' where id = ${sessionId}`.execute(gateway.database.owner);
  const made = await makeToken(client, { permissions: ['accounts.tenant.read'], everywhere: true, minutes: 480 });
  const { rows } = await sql<{ same: boolean }>`select expires_at = ${made.expiresAt}::timestamptz as same from gateway.session where id = ${sessionId}`.execute(
    gateway.database.owner,
  );
  expect(rows[0]?.same).toBe(true);
});

test('G06 no token carries the right to approve, to administer access, or to make tokens, whoever makes it', async () => {
  const administrator = await gateway.asRole('platform-admin');
  const held = (await administrator.query('{ viewer { permissions { name global } } }')).data?.['viewer'].permissions as { name: string; global: boolean }[];
  const governing = held.filter(({ name }) => /^(access|approvals|tokens|emergency|reviews)\./.test(name) && !/\.read/.test(name)).map(({ name }) => name);
  expect(governing).toEqual(expect.arrayContaining(['tokens.token.create', 'tokens.token.revoke-any', 'emergency.break-glass.review']));
  const before = await count();
  for (const permission of [...governing, 'billing.invoice.approve-refund', 'billing.credit.approve-adjustment', 'people.mfa.approve-reset']) {
    const { codes, errors } = await askForToken(administrator, { permissions: [permission], everywhere: true });
    expect(codes, permission).toEqual(['FORBIDDEN']);
    expect(errors[0]?.extensions.permission, permission).toBe(permission);
  }
  expect(await count()).toBe(before);
  expect((await askForToken(administrator, { permissions: ['accounts.tenant.read', 'tokens.token.read-all'], everywhere: true })).codes).toEqual([]);
});

test('G07 permissions are compared whole: case, prefixes, wildcards, blanks, doubles and lists in one text are refused', async () => {
  const before = await count();
  for (const name of [
    'ACCOUNTS.TENANT.READ',
    'Accounts.tenant.read',
    'accounts.tenant',
    'accounts.tenant.rea',
    'accounts.tenant.read-',
    'accounts.*',
    '*',
    'accounts.tenant.read*',
    '',
    ' ',
    ' accounts.tenant.read',
    'accounts.tenant.read ',
    'accounts.tenant.read people.person.read',
    'accounts.tenant.read,people.person.read',
    'accounts。tenant.read',
    '__proto__',
    'toString',
  ]) {
    expect((await askForToken(operator, { permissions: [name], everywhere: true })).codes, JSON.stringify(name)).toEqual(['BAD_INPUT']);
  }
  for (const permissions of [[], ['accounts.tenant.read', 'accounts.tenant.read']])
    expect((await askForToken(operator, { permissions, everywhere: true })).codes).toEqual(['BAD_INPUT']);
  expect(await count()).toBe(before);
});

test('G07 the scope of an exchange likewise', async () => {
  const { token } = await makeToken(operator, { permissions: ['accounts.tenant.read', 'accounts.tenant.read-notes', 'people.person.read'], everywhere: true });
  for (const scope of [
    'ACCOUNTS.TENANT.READ',
    'accounts.tenant',
    'accounts.*',
    '*',
    ' ',
    ' accounts.tenant.read',
    'accounts.tenant.read ',
    'accounts.tenant.read  people.person.read',
    'accounts.tenant.read accounts.tenant.read',
    'accounts.tenant.read,people.person.read',
    'billing.invoice.read',
    'tokens.token.create',
  ])
    expect((await exchange(gateway, { subject_token: token, scope })).body['error'], scope).toBe('invalid_scope');
  const narrow = await exchange(gateway, { subject_token: token, scope: 'accounts.tenant.read' });
  expect(narrow.body['scope']).toBe('accounts.tenant.read');
  const tool = toolWith(gateway, narrow.signed);
  expect((await tool.query(TENANTS)).codes).toEqual([]);
  expect((await tool.query('{ tenants { nodes { notes } } }')).codes).not.toEqual([]);
  expect((await tool.query('{ people { nodes { id } } }')).codes).toEqual(['FORBIDDEN']);
});

test('G11 a life that is too long, too short, nothing, a fraction or no number: BAD_INPUT, and reach has to be said exactly once', async () => {
  const before = await count();
  const wishes = { permissions: ['accounts.tenant.read'], everywhere: true };
  for (const minutes of [481, 4, 0, -15, 1e9, 15.5, '15', Number.MAX_SAFE_INTEGER]) {
    const answered = await operator.query(CREATE_TOKEN, { input: { ...tokenInput(wishes), minutes } });
    expect(answered.codes, String(minutes)).toEqual(['BAD_INPUT']);
  }
  for (const reach of [
    {},
    { everywhere: false },
    { tenants: [] },
    { everywhere: true, tenants: tenants.slice(0, 1) },
    { tenants: [tenants[0], tenants[0]] },
    { tenants: ['%'] },
    { tenants: tenants.slice(0, 1).map((id) => id.toUpperCase()), everywhere: true },
  ]) {
    const answered = await operator.query(CREATE_TOKEN, { input: { name: 'x', permissions: ['accounts.tenant.read'], justification: { reason: 'r' }, ...reach } });
    expect(answered.codes, JSON.stringify(reach)).toEqual(['BAD_INPUT']);
  }
  expect(await count()).toBe(before);
  expect((await askForToken(operator, { ...wishes, minutes: 480 })).codes).toEqual([]);
  expect((await askForToken(operator, { ...wishes, minutes: 5 })).codes).toEqual([]);
});
