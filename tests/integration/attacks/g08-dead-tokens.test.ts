import { modules } from '@sallyport/schema/index.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { createAuthentication } from '@sallyport/server/auth/create-authentication.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { exchange, makeToken, staffIdOf, TENANTS, toolWith } from '../tokens/token-fixture.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

interface Living {
  readonly client: TestClient;
  readonly id: string;
  readonly texts: readonly string[];
  readonly staffId: string;
  readonly sessionId: string;
}

async function living(): Promise<Living> {
  const client = await gateway.asRole('support-operator');
  const { id, token } = await makeToken(client, { permissions: ['accounts.tenant.read', 'people.person.read', 'people.password.send-reset'], everywhere: true });
  const { signed } = await exchange(gateway, { subject_token: token });
  for (const text of [token, signed]) expect((await toolWith(gateway, text).query(TENANTS)).codes).toEqual([]);
  const sessionId = (await client.query('{ viewer { session { id } } }')).data?.['viewer'].session.id;
  return { client, id, texts: [token, signed], staffId: await staffIdOf(gateway, client.person), sessionId };
}

const owner = () => gateway.database.owner;
const DEATHS: Readonly<Record<string, (living: Living) => Promise<unknown>>> = {
  'revoked by its maker': ({ client, id }) => client.query('mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { status } }', { input: { id } }),
  'its session signed out': ({ client }) => client.post('/auth/sign-out', {}),
  'its session ended from another one': async ({ client, sessionId }) => (await gateway.as(client.person)).post('/auth/sessions/end', { id: sessionId }),
  'its end': ({ id }) => sql`update gateway.access_token set created_at = created_at - interval '1 hour', expires_at = clock_timestamp() where id = ${id}`.execute(owner()),
  "its session's absolute end": ({ sessionId }) => sql`update gateway.session set expires_at = clock_timestamp() where id = ${sessionId}`.execute(owner()),
  'its session cleared away': ({ sessionId }) => sql`delete from gateway.session where id = ${sessionId}`.execute(owner()),
};

describe('G08 dead at the next call, opaque and signed, at every door', () => {
  test.each(Object.entries(DEATHS))('%s', async (_name, kill) => {
    const alive = await living();
    await kill(alive);
    for (const text of alive.texts) {
      const tool = toolWith(gateway, text);
      expect((await tool.query(TENANTS)).codes).toEqual(['UNAUTHENTICATED']);
      expect((await tool.send('GET', '/catalogue.json')).status).toBe(401);
      expect((await tool.send('GET', '/audit/export')).status).toBe(401);
    }
    expect((await exchange(gateway, { subject_token: alive.texts[0] ?? '' })).body['error']).toBe('invalid_request');
  });

  test('the person disabled', async () => {
    const alive = await living();
    await sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = ${alive.staffId}`.execute(owner());
    for (const text of alive.texts) expect((await toolWith(gateway, text).query(TENANTS)).codes).toEqual(['UNAUTHENTICATED']);
    await sql`update gateway.staff set state = 'active', disabled_at = null where id = ${alive.staffId}`.execute(owner());
  });

  test('an idle session kills nothing: tooling works while its person is away', async () => {
    const alive = await living();
    await sql`update gateway.session set last_seen_at = clock_timestamp() - interval '31 minutes' where id = ${alive.sessionId}`.execute(owner());
    for (const text of alive.texts) expect((await toolWith(gateway, text).query(TENANTS)).codes).toEqual([]);
    expect((await alive.client.query('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  });
});

test('G08 Inv12 A18 writes beside the revocation: none that began after it returned succeeds, 40 rounds', async () => {
  const client = await gateway.asRole('support-operator');
  const people = (await client.query('{ people(first: 40) { nodes { id } } }')).data?.['people'].nodes as { id: string }[];
  let late = 0;
  let done = 0;
  for (const { id: personId } of people) {
    const { id, token } = await makeToken(client, { permissions: ['people.person.read', 'people.password.send-reset'], everywhere: true });
    const tool = toolWith(gateway, token);
    const act = () => tool.query('mutation($input: SendPasswordResetInput!) { sendPasswordReset(input: $input) { status } }', { input: { id: personId } });
    const beside = Array.from({ length: 4 }, act);
    const revoked = client.query('mutation($input: RevokeTokenInput!) { revokeToken(input: $input) { status } }', { input: { id } });
    const [first] = await Promise.all([revoked, ...beside]);
    expect(first.codes).toEqual([]);
    for (const answered of await Promise.all(beside)) if (answered.codes.length === 0) done += 1;
    for (const answered of await Promise.all([act(), act()])) if (answered.codes.length === 0) late += 1;
  }
  expect(late).toBe(0);
  expect(done).toBeLessThanOrEqual(people.length * 4);
});

test('G08 A18 a request that was let in before the end is refused within its transaction: rights are read again, and never gain', async () => {
  const { database, keys } = gateway;
  const { roles } = registerModules(modules);
  const audit = createAuditLog({ db: database.app, policy: { hash: '0'.repeat(64) }, environment: 'test', roles });
  const authentication = createAuthentication({
    db: database.app,
    pool: database.appPool,
    audit,
    keys,
    roles,
    secureCookies: false,
    environment: 'test',
    signing: { issuer: 'http://127.0.0.1:0', audiences: [] },
  });
  const facts = { correlationId: crypto.randomUUID(), surface: 'api', ip: '127.0.0.1', userAgent: 'test' } as const;
  const again = (viewer: Viewer) => database.app.transaction().execute((tx) => authentication.reloadViewer(tx, viewer));
  for (const which of [0, 1]) {
    for (const [name, kill] of Object.entries(DEATHS)) {
      const alive = await living();
      const viewer = await authentication.loadViewer({ headers: new Headers({ authorization: `Bearer ${alive.texts[which]}` }) }, facts);
      if (!viewer) throw new Error('not let in');
      const reread = await again(viewer);
      expect([...(reread?.rights ?? [])]).toEqual([...viewer.rights]);
      expect((await again({ ...viewer, rights: new Map([['accounts.tenant.read', new Set(['one'])]]) }))?.rights).toEqual(new Map([['accounts.tenant.read', new Set(['one'])]]));
      await kill(alive);
      expect(await again(viewer), name).toBeNull();
    }
  }
  const { texts } = await living();
  const viewer = await authentication.loadViewer({ headers: new Headers({ authorization: `Bearer ${texts[1]}` }) }, facts);
  if (!viewer?.token) throw new Error('not let in');
  const over = (await sql<{ now: string }>`select clock_timestamp() as now`.execute(database.app)).rows[0]?.now ?? '';
  expect(await again({ ...viewer, token: { ...viewer.token, expiresAt: over } }), 'the signed token ended meanwhile').toBeNull();
});

describe('G10 what only a person can do is refused to a token', () => {
  test("everything about the person's own sign-in", async () => {
    const { texts } = await living();
    const before = (await gateway.events({ kind: 'tokens.token.refused' })).length;
    for (const text of texts) {
      const tool = toolWith(gateway, text);
      for (const [method, path] of [
        ['GET', '/auth/sessions'],
        ['POST', '/auth/sessions/end'],
        ['GET', '/auth/profile'],
        ['POST', '/auth/recovery-codes'],
        ['POST', '/auth/password'],
        ['POST', '/auth/totp/replace'],
        ['POST', '/auth/totp/replace/confirm'],
        ['POST', '/auth/step-up'],
      ] as const) {
        const response = await tool.send(method, path, method === 'POST' ? { 'content-type': 'application/json' } : {}, method === 'POST' ? '{}' : undefined);
        const body = (await response.json()) as { errors: { extensions: { code: string } }[] };
        expect([path, response.status, body.errors[0]?.extensions.code]).toEqual([path, 403, 'FORBIDDEN']);
      }
    }
    const events = await gateway.events({ kind: 'tokens.token.refused' });
    expect(events.length - before).toBe(16);
    for (const event of events.slice(before))
      expect(event).toMatchObject({ outcome: 'denied', reason_code: 'FORBIDDEN', token_id: expect.any(String), actor_id: expect.any(String) });
  });

  test('acts that ask for a code: FORBIDDEN without a challenge, and a proof of the person does not help', async () => {
    const client = await gateway.asRole('security-operator');
    const { token } = await makeToken(client, { permissions: ['security-settings.webhook.read', 'security-settings.webhook.rotate-secret'], everywhere: true });
    const [webhook] = (await client.query('{ webhooks(first: 1) { nodes { id } } }')).data?.['webhooks'].nodes ?? [];
    const ROTATE = 'mutation($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { status secret } }';
    const input = { id: webhook.id, justification: { reason: 'Leaked in a ticket', ticket: 'T-1' } };
    const challenge = (await client.query(ROTATE, { input })).errors[0]?.extensions.challenge ?? '';
    const proof = await client.stepUp(challenge);
    for (const headers of [{}, { 'step-up-proof': proof }]) {
      const answered = await toolWith(gateway, token).query(ROTATE, { input }, headers);
      expect(answered.codes).toEqual(['FORBIDDEN']);
      expect(answered.errors[0]?.extensions.challenge).toBeUndefined();
    }
    expect((await client.query(ROTATE, { input }, { proof })).codes).toEqual([]);
  });

  test('finding people across tenants', async () => {
    const client = await gateway.asRole('security-operator');
    const { token } = await makeToken(client, { permissions: ['people.person.read', 'people.person.read-contact', 'people.person.search-all'], everywhere: true });
    const answered = await toolWith(gateway, token).query('{ people(filter: { email: { contains: "a" } }) { nodes { id } } }');
    expect(answered.codes).toEqual(['FORBIDDEN']);
  });

  test('breaking glass, revoking, live streams', async () => {
    const { texts } = await living();
    for (const text of texts) {
      const tool = toolWith(gateway, text);
      const emergency = await tool.query('mutation($input: ActivateBreakGlassInput!) { activateBreakGlass(input: $input) { status } }', {
        input: { everywhere: true, minutes: 5, justification: { reason: 'r', ticket: 't' } },
      });
      expect(emergency.codes).toEqual(['FORBIDDEN']);
      expect((await tool.send('GET', '/live')).status).toBe(403);
      expect((await tool.send('GET', '/catalogue.json')).status).toBe(200);
    }
  });
});

describe('A08 G13 a token counts in its header alone', () => {
  test('in the address, the body or a cookie it is nothing, and stands on no log', async () => {
    const { texts } = await living();
    const quiet = toolWith(gateway, null);
    for (const text of texts) {
      for (const path of [`/graphql?access_token=${text}`, `/graphql?token=${text}`, `/graphql?authorization=Bearer%20${text}`]) {
        const response = await quiet.send('POST', path, { 'content-type': 'application/json' }, JSON.stringify({ query: TENANTS }));
        expect(((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
      }
      expect((await quiet.send('GET', `/catalogue.json?access_token=${text}`)).status).toBe(401);
      expect((await quiet.send('GET', `/${text}`)).status).toBe(404);
      for (const cookie of [`sallyport_session=${text}`, `sallyport_token=${text}`]) expect((await quiet.query(TENANTS, {}, { cookie })).codes).toEqual(['UNAUTHENTICATED']);
    }
    const { rows } = await sql<{ line: string }>`select to_jsonb(e)::text as line from audit.event e`.execute(owner());
    for (const text of texts) expect(rows.filter(({ line }) => line.includes(text.slice(4)))).toEqual([]);
  });

  test('two callers in one request are nobody: a cookie beside it, a doubled header, two schemes', async () => {
    const { texts, client } = await living();
    const [token = ''] = texts;
    const quiet = toolWith(gateway, null);
    for (const headers of [
      { authorization: `Bearer ${token}`, cookie: client.cookie() },
      { authorization: `Bearer ${token}`, cookie: 'sallyport_session=x' },
      { authorization: `Bearer ${token}, Bearer ${token}` },
      { authorization: `Bearer ${token} ${token}` },
      { authorization: `Bearer  ${token}` },
      { authorization: `Bearer\t${token}` },
      { authorization: `Token ${token}` },
      { authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}` },
      { authorization: token },
      { authorization: 'Bearer' },
      { authorization: '' },
    ])
      expect((await quiet.query(TENANTS, {}, headers)).codes, JSON.stringify(headers).slice(0, 60)).toEqual(['UNAUTHENTICATED']);
    expect((await quiet.query(TENANTS, {}, { authorization: `bearer ${token}` })).codes).toEqual([]);
  });

  test('a mistyped token never reaches the database', async () => {
    const { texts } = await living();
    const [token = ''] = texts;
    const statements: string[] = [];
    const { appPool } = gateway.database;
    const query = appPool.query.bind(appPool) as (...parts: unknown[]) => unknown;
    Object.assign(appPool, {
      query: (...parts: unknown[]) => {
        statements.push(String((parts[0] as { name?: string }).name));
        return query(...parts);
      },
    });
    try {
      const flipped = token.slice(0, 20) + (token[20] === 'A' ? 'B' : 'A') + token.slice(21);
      for (const wrong of [flipped, token.slice(0, -1), `${token}x`, token.toUpperCase(), `slp_${'A'.repeat(49)}`]) {
        expect((await toolWith(gateway, wrong).query(TENANTS)).codes).toEqual(['UNAUTHENTICATED']);
      }
      expect(statements.filter((name) => name.startsWith('sallyport_load'))).toEqual([]);
      await toolWith(gateway, token).query(TENANTS);
      expect(statements).toContain('sallyport_load_tokens');
    } finally {
      Object.assign(appPool, { query });
    }
  });
});
