import { setTimeout as wait } from 'node:timers/promises';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { administer } from '../../helpers/database.ts';
import { openStream, type TestStream } from '../../helpers/event-source.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { viewerHolding } from '../../helpers/viewers.ts';
import { createStubGateway } from './stub-gateway.ts';

/** Milliseconds within which a stream has to end after what ends it committed (THREATS Inv12). */
const BOUND_MS = 5_000;
const PATIENCE = { timeout: 8_000, interval: 20 };

let test: TestGateway;
let owner: Kysely<unknown>;
let rina: TestClient;
beforeAll(async () => {
  test = await startTestGateway();
  owner = test.database.owner;
  rina = await test.asRole('support-viewer');
});
afterAll(() => test.close());

const sessionOf = async (client: TestClient): Promise<{ id: string; staffId: string }> => {
  const { rows } = await sql<{ id: string; staffId: string }>`
    select session.id, staff.id as "staffId" from gateway.session join gateway.staff on staff.id = session.staff_id
    where staff.email = ${client.person.email} and stage = 'full' and ended_at is null order by session.created_at desc limit 1`.execute(owner);
  return rows[0] ?? { id: '', staffId: '' };
};
const announce = (topic: string, person: string | null = null, tenant: string | null = null) =>
  sql`select gateway.announce(${topic}, ${person}::uuid, ${tenant})`.execute(test.database.app);
/** Until the stream has been read once and can hear. */
const settled = async (stream: TestStream): Promise<TestStream> => {
  expect(stream.status).toBe(200);
  await wait(150);
  return stream;
};
const open = async (client: TestClient): Promise<TestStream> => settled(await openStream(client));
/** Milliseconds from `since` to the end of the stream. */
const endOf = async (stream: TestStream, since: number): Promise<number> => {
  await vi.waitFor(() => expect(stream.endedAt()).not.toBeNull(), PATIENCE);
  return (stream.endedAt() ?? 0) - since;
};
const ended = (reason: string) => ({ name: 'ended', data: { reason } });

describe('what is heard', () => {
  it('carries the name of what changed, and nothing else (I15)', async () => {
    const stream = await open(rina);
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.headers.get('cache-control')).toContain('no-store');
    expect(stream.headers.get('access-control-allow-origin')).toBeNull();
    await announce('approvals');
    await vi.waitFor(() => expect(stream.topics()).toContain('approvals'), PATIENCE);
    expect(stream.seen).toEqual([{ name: 'message', data: { topic: 'approvals' } }]);
    await stream.leave();
  });

  it('what is rolled back is never heard, and what a transaction says twice is heard once', async () => {
    const stream = await open(rina);
    const failed = owner.transaction().execute(async (tx) => {
      await sql`select gateway.announce('never')`.execute(tx);
      throw new Error('changed our mind');
    });
    await expect(failed).rejects.toThrow();
    await owner.transaction().execute(async (tx) => {
      for (let turn = 0; turn < 3; turn += 1) await sql`select gateway.announce('once')`.execute(tx);
    });
    await announce('last');
    await vi.waitFor(() => expect(stream.topics()).toContain('last'), PATIENCE);
    expect(stream.topics()).toEqual(['once', 'last']);
    await stream.leave();
  });

  it('what is said to one person, or of a tenant out of reach, others do not hear (I15)', async () => {
    const regional = await test.asRole('support-viewer', 'tenant');
    const [hers, his] = [await open(rina), await open(regional)];
    const [inside = ''] = regional.person.tenants;
    const { rows } = await sql<{ id: string }>`select id::text from product.tenant where not (id::text = any(${[...regional.person.tenants]})) limit 1`.execute(owner);
    await announce('for-rina', (await sessionOf(rina)).staffId);
    await announce('outside', null, rows[0]?.id ?? '');
    await announce('inside', null, inside);
    await announce('last');
    for (const stream of [hers, his]) await vi.waitFor(() => expect(stream.topics()).toContain('last'), PATIENCE);
    expect(hers.topics().toSorted()).toEqual(['for-rina', 'inside', 'last', 'outside']);
    expect(his.topics().toSorted()).toEqual(['inside', 'last']);
    await Promise.all([hers.leave(), his.leave()]);
  });

  it('nonsense on the channel is nothing, and names out of shape are refused by the database', async () => {
    const stream = await open(rina);
    for (const payload of [
      '',
      '{',
      'null',
      '[]',
      '{"topic":1}',
      '{"topic":"<script>"}',
      '{"topic":"a","__proto__":{"x":1}}',
      '{"topic":"a","data":"secret"}',
      `"${'x'.repeat(7000)}"`,
    ]) {
      await sql`select pg_notify('sallyport_live', ${payload})`.execute(test.database.app);
    }
    for (const topic of ['', 'two words', 'data: injected\n\ndata: x', 'x'.repeat(41)]) await expect(announce(topic)).rejects.toMatchObject({ code: '22023' });
    await announce('last');
    await vi.waitFor(() => expect(stream.topics()).toContain('last'), PATIENCE);
    expect(stream.seen).toHaveLength(1);
    await stream.leave();
  });
});

describe('revocation reaches open streams (Inv12, I14)', () => {
  it('a revoked grant, and one that runs out by the clock of the database, is told as `viewer`; the stream stays', async () => {
    const dewi = await test.asRole('billing-operator');
    const { staffId } = await sessionOf(dewi);
    const stream = await open(dewi);
    await sql`update gateway.access_grant set expires_at = clock_timestamp() + interval '1 hour' where staff_id = ${staffId}`.execute(owner);
    await vi.waitFor(() => expect(stream.topics()).toEqual(['viewer']), PATIENCE);
    await sql`alter table gateway.access_grant disable trigger announce_grant`.execute(owner);
    // Nothing is announced: the stream finds it out by itself.
    await sql`update gateway.access_grant set expires_at = clock_timestamp() + interval '700 milliseconds' where staff_id = ${staffId}`.execute(owner);
    const since = performance.now();
    await vi.waitFor(
      async () =>
        expect((await dewi.query('{ viewer { permissions { name } } }')).data?.['viewer'].permissions.some(({ name }: { name: string }) => name.startsWith('billing.'))).toBe(
          false,
        ),
      PATIENCE,
    );
    await vi.waitFor(() => expect(stream.topics().length).toBeGreaterThanOrEqual(2), PATIENCE);
    expect(performance.now() - since).toBeLessThan(BOUND_MS + 700);
    await sql`alter table gateway.access_grant enable trigger announce_grant`.execute(owner);
    const before = stream.topics().length;
    await sql`update gateway.access_grant set revoked_at = clock_timestamp() where staff_id = ${staffId}`.execute(owner);
    await vi.waitFor(() => expect(stream.topics().length).toBeGreaterThan(before), PATIENCE);
    expect(new Set(stream.topics())).toEqual(new Set(['viewer']));
    expect(stream.endedAt()).toBeNull();
    await stream.leave();
  });

  it('signing out ends the stream of that session, and of no other', async () => {
    const person = test.personWith('support-operator');
    const [here, there] = [await test.as(person), await test.as(person)];
    const [leaving, staying] = [await open(here), await open(there)];
    const since = performance.now();
    expect((await here.post('/auth/sign-out', {})).ok).toBe(true);
    expect(await endOf(leaving, since)).toBeLessThan(BOUND_MS);
    expect(leaving.seen.at(-1)).toEqual(ended('session-over'));
    await wait(300);
    expect(staying.endedAt()).toBeNull();
    await staying.leave();
    expect((await here.get('/live')).status).toBe(401);
  });

  it.each([
    ['the session is ended', (id: string) => sql`update gateway.session set ended_at = clock_timestamp(), end_reason = 'ended-by-owner' where id = ${id}`],
    [
      'the session reaches its end by the clock of the database (E07)',
      (id: string) => sql`update gateway.session set expires_at = clock_timestamp() + interval '500 milliseconds' where id = ${id}`,
    ],
    [
      'the session has been idle for too long (E07)',
      (id: string) => sql`update gateway.session set last_seen_at = clock_timestamp() - interval '29 minutes 59.5 seconds' where id = ${id}`,
    ],
    [
      'the person is disabled (A04)',
      (id: string) => sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = (select staff_id from gateway.session where id = ${id})`,
    ],
  ])('ends within five seconds after %s', async (_what, change) => {
    const client = await test.asRole('production-engineer');
    const { id, staffId } = await sessionOf(client);
    const stream = await open(client);
    await change(id).execute(owner);
    expect(await endOf(stream, performance.now())).toBeLessThan(BOUND_MS);
    expect(stream.seen.at(-1)).toEqual(ended('session-over'));
    await sql`update gateway.staff set state = 'active', disabled_at = null where id = ${staffId}`.execute(owner);
  });

  it('says nothing more to a person whose session is over: an announcement in the same moment is not heard (I14)', async () => {
    for (let round = 0; round < 5; round += 1) {
      const client = await test.asRole('production-engineer');
      const { id } = await sessionOf(client);
      const stream = await open(client);
      await owner.transaction().execute(async (tx) => {
        await sql`update gateway.session set ended_at = clock_timestamp(), end_reason = 'ended-by-owner' where id = ${id}`.execute(tx);
        await sql`select gateway.announce('approvals')`.execute(tx);
      });
      await endOf(stream, performance.now());
      expect(stream.seen).toEqual([ended('session-over')]);
    }
  });

  it('a confirmation gives the session a new cookie, and its streams go on', async () => {
    const stream = await open(rina);
    await sql`update gateway.session set token_hash = sha256(token_hash) where id = ${(await sessionOf(rina)).id}`.execute(owner);
    await wait(3_000);
    expect(stream.endedAt()).toBeNull();
    await stream.leave();
    rina = await test.asRole('support-viewer');
  });

  it('ends where the database can not be asked, in place of going on unverified', async () => {
    const client = await test.asRole('security-operator');
    const stream = await open(client);
    const { appPool } = test.database;
    const held = await Promise.all(Array.from({ length: appPool.options.max ?? 10 }, () => appPool.connect()));
    try {
      const since = performance.now();
      await sql`select gateway.announce('approvals')`.execute(owner);
      expect(await endOf(stream, since)).toBeLessThan(BOUND_MS + 500);
      // What was announced just before may still have been told; this was not.
      expect(stream.seen.at(-1)).toEqual(ended('unverified'));
      expect(stream.topics()).not.toContain('approvals');
    } finally {
      for (const one of held) one.release();
    }
  });
});

it('neither opening a stream nor keeping it open is use of the session (I14)', async () => {
  const client = await test.asRole('compliance-auditor');
  const { id } = await sessionOf(client);
  await sql`update gateway.session set last_seen_at = clock_timestamp() - interval '10 minutes' where id = ${id}`.execute(owner);
  const lastSeen = async () => (await sql<{ last_seen_at: string }>`select last_seen_at from gateway.session where id = ${id}`.execute(owner)).rows[0]?.last_seen_at;
  const before = await lastSeen();
  const stream = await open(client);
  await announce('approvals');
  await wait(3_500);
  expect(stream.topics()).toContain('approvals');
  expect(await lastSeen()).toBe(before);
  await client.query('{ viewer { email } }');
  expect(await lastSeen()).not.toBe(before);
  await stream.leave();
});

describe('who gets no stream', () => {
  it('a stranger, a dead cookie, a bearer, another site, another method: each refused and, where somebody claimed something, recorded', async () => {
    const stranger = test.stranger();
    expect((await stranger.get('/live')).status).toBe(401);
    expect((await rina.get('/live', { cookie: 'sallyport_session=nonsense' })).status).toBe(401);
    const bearer = await rina.get('/live', { authorization: 'Bearer nonsense', 'x-correlation-id': '00000000-0000-4000-8000-00000000b0a1' });
    expect(bearer.status).toBe(401);
    expect(await test.events({ correlationId: '00000000-0000-4000-8000-00000000b0a1' })).toMatchObject([{ kind: 'gateway.request.refused', outcome: 'denied' }]);
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
      const answer = await rina.get('/live', headers);
      expect([answer.status, ((await answer.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code]).toEqual([403, 'CSRF_REJECTED']);
    }
    expect((await rina.post('/live', {})).status).toBe(405);
    expect((await rina.get('/live/')).status).toBe(404);
  });

  it('a token of tooling, however good: FORBIDDEN, on the log with the person behind it (G, I14)', async () => {
    const own = viewerHolding(buildGatewaySchema(modules).registry, ['support-viewer', 'global']);
    const viewer = { ...own, token: { id: '00000000-0000-4000-8000-000000000003', name: 'Nightly report', expiresAt: '2099-01-01T00:00:00Z' } };
    const nothing = () => Promise.reject(new Error('nobody should ask this'));
    const opened: unknown[] = [];
    const stub = createStubGateway({
      authentication: {
        loadViewer: async () => viewer,
        reloadViewer: nothing,
        readViewers: nothing,
        handle: nothing,
        stepUp: { issueChallenge: nothing, claimProof: nothing, isGoodProof: nothing },
      },
      live: { open: (who) => (opened.push(who), new ReadableStream()), announce: () => undefined, announceGap: () => undefined, count: () => 0, close: () => undefined },
    });
    const answer = await stub.fetch(new Request('http://127.0.0.1:4000/live', { headers: { authorization: 'Bearer good' } }), { ip: '127.0.0.1' });
    expect([answer.status, opened]).toEqual([403, []]);
    expect(stub.events).toMatchObject([{ kind: 'gateway.request.refused', outcome: 'denied', reasonCode: 'FORBIDDEN', viewer: { actor: { id: own.actor.id } } }]);
    await stub.close(0);
  });

  it('five streams a session and no sixth, recorded with the person; one that leaves makes room', async () => {
    const client = await test.asRole('platform-admin');
    const streams = await Promise.all(Array.from({ length: 12 }, (_, at) => openStream(client, { 'x-correlation-id': `00000000-0000-4000-8000-0000000000${10 + at}` })));
    expect(streams.filter(({ status }) => status === 200)).toHaveLength(5);
    const refused = streams.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(7);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const events = (await test.events({ kind: 'gateway.request.refused' })).filter(({ reason_code }) => reason_code === 'RATE_LIMITED');
    expect(events).toHaveLength(7);
    expect(new Set(events.map(({ actor_name }) => actor_name))).toEqual(new Set([client.person.displayName]));
    const [first] = streams.filter(({ status }) => status === 200);
    await first?.leave();
    const again = await openStream(client);
    expect(again.status).toBe(200);
    expect((await openStream(client)).status).toBe(429);
    await Promise.all([...streams, again].map((stream) => stream.leave()));
  });
});

it('K02 hears again, and says that it may have missed something, after the database cut its connections', async () => {
  const stream = await open(rina);
  const cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'sallyport-live'";
  for (let round = 0; round < 3; round += 1) {
    const told = stream.topics().filter((topic) => topic === 'everything').length;
    await administer(test.database.url, cut);
    await vi.waitFor(() => expect(stream.topics().filter((topic) => topic === 'everything').length).toBeGreaterThan(told), PATIENCE);
    await announce(`round-${'abc'[round]}`);
    await vi.waitFor(() => expect(stream.topics()).toContain(`round-${'abc'[round]}`), PATIENCE);
  }
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'sallyport-live'`.execute(owner);
  expect(rows[0]?.count).toBe(1);
  expect(stream.endedAt()).toBeNull();
  await stream.leave();
});

it('what every request writes is announced to nobody', async () => {
  const stream = await open(rina);
  const { id, staffId } = await sessionOf(rina);
  await sql`update gateway.session set last_seen_at = clock_timestamp(), token_hash = token_hash where id = ${id}`.execute(owner);
  await sql`update gateway.access_grant set last_used_at = clock_timestamp() where staff_id = ${staffId}`.execute(owner);
  await sql`update gateway.staff set totp_last_step = 1 where id = ${staffId}`.execute(owner);
  await announce('last');
  await vi.waitFor(() => expect(stream.topics()).toContain('last'), PATIENCE);
  expect(stream.topics()).toEqual(['last']);
  await stream.leave();
});
