import { alertUnreviewedEmergencies, closeEmergencies } from '@sallyport/server/jobs/break-glass/close-emergencies.ts';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answered, startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';
import { makeToken, staffIdOf, tenantIds, toolWith } from '../tokens/token-fixture.ts';

const ACTIVATE = `mutation($input: ActivateBreakGlassInput!) {
  activateBreakGlass(input: $input) { status breakGlassUse { id state startedAt endsAt everywhere tenantIds } }
}`;
const END = 'mutation($input: EndBreakGlassInput!) { endBreakGlass(input: $input) { status breakGlassUse { state endReason } } }';
const REVIEW = 'mutation($input: ReviewBreakGlassInput!) { reviewBreakGlass(input: $input) { status breakGlassUse { state verdict reviewedBy reviewComment } } }';
const why = { reason: 'Customer locked out, nobody else on call', ticket: 'INC-1' };

let gateway: TestGateway;
let tenants: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway();
  tenants = await tenantIds(gateway);
});
afterAll(() => gateway.close());
beforeEach(async () => {
  // Each test begins with nobody owing a review.
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where kind = 'break-glass' and revoked_at is null`.execute(gateway.database.owner);
  await sql`
    update gateway.break_glass taken set reviewed_by = (select id from gateway.staff where id <> taken.staff_id limit 1), reviewed_at = clock_timestamp(), verdict = 'justified', review_comment = 'cleared'
    where reviewed_at is null`.execute(gateway.database.owner);
});

const audit = () => createAuditLog({ db: gateway.database.app, policy: { hash: '0'.repeat(64) }, environment: 'test', roles: new Map() });
const close = () => closeEmergencies(gateway.database.app, audit());
const alert = () => alertUnreviewedEmergencies(gateway.database.app, audit());

const breakGlass = (client: TestClient, input: Readonly<Record<string, unknown>> = { everywhere: true, minutes: 30 }, correlationId?: string): Promise<Answered> =>
  client.act(ACTIVATE, { input: { ...input, justification: why } }, correlationId ? { correlationId } : {});
async function taken(client: TestClient, input?: Readonly<Record<string, unknown>>, correlationId?: string): Promise<string> {
  const answered = await breakGlass(client, input, correlationId);
  expect(answered.codes).toEqual([]);
  return answered.data?.['activateBreakGlass'].breakGlassUse.id;
}
const review = (client: TestClient, id: string, verdict = 'JUSTIFIED') =>
  client.act(REVIEW, { input: { id, verdict, justification: { reason: 'Followed the log; all of it was repair.' } } });
const usesOf = async (client: TestClient) =>
  (await sql<{ n: number }>`select count(*)::int as n from gateway.break_glass where staff_id = ${await staffIdOf(gateway, client.person)}`.execute(gateway.database.owner)).rows[0]
    ?.n ?? 0;
const eventsOf = async (id: string) =>
  (
    await sql<{ kind: string; outcome: string }>`select kind, outcome from audit.event where break_glass_id = ${id} or target_id = ${id} order by sequence`.execute(
      gateway.database.owner,
    )
  ).rows;

const RESET = 'mutation($input: SendPasswordResetInput!) { sendPasswordReset(input: $input) { status } }';
const ROTATE = 'mutation($input: RotateWebhookSecretInput!) { rotateWebhookSecret(input: $input) { status } }';
const personOf = async (tenantId?: string) =>
  (
    await sql<{
      id: string;
    }>`select p.id from product.person p where p.state = 'active' and (${tenantId ?? null}::uuid is null or p.tenant_id = ${tenantId ?? null}::uuid) order by p.id limit 1`.execute(
      gateway.database.owner,
    )
  ).rows[0]?.id;

describe('E12 taking it', () => {
  test('B1 B3 without a code, a reason or a ticket there is nothing; with them it opens at once, and everybody who may review is told', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const personId = await personOf();
    expect((await engineer.query(RESET, { input: { id: personId } })).codes).toEqual(['FORBIDDEN']);
    const before = await usesOf(engineer);
    for (const justification of [null, { reason: 'only why' }, { reason: ' ', ticket: 'only which' }, { reason: 'only why', ticket: ' ' }])
      expect((await engineer.query(ACTIVATE, { input: { everywhere: true, minutes: 15, justification } })).codes).toEqual(['JUSTIFICATION_REQUIRED']);
    expect((await engineer.query(ACTIVATE, { input: { everywhere: true, minutes: 15, justification: why } })).codes).toEqual(['STEP_UP_REQUIRED']);
    expect(await usesOf(engineer)).toBe(before);
    const { rows: earlier } = await sql<{
      n: number;
    }>`select count(*)::int as n from graphile_worker._private_jobs where payload->'payload'->>'template' = 'break-glass-started'`.execute(gateway.database.owner);
    const id = await taken(engineer);
    const { data } = await engineer.query('{ viewer { breakGlass { id expiresAt } grants { kind role } } }');
    expect(data?.['viewer'].breakGlass.id).toBe(id);
    expect(data?.['viewer'].grants.map(({ kind }: { kind: string }) => kind)).toContain('break-glass');
    expect((await engineer.query(RESET, { input: { id: personId } })).data?.['sendPasswordReset'].status).toBe('EXECUTED');
    const { rows: messages } = await sql<{ id: string }>`
      select payload->'payload'->>'breakGlassId' as id from graphile_worker._private_jobs where payload->'payload'->>'template' = 'break-glass-started'`.execute(
      gateway.database.owner,
    );
    expect(messages.length - (earlier[0]?.n ?? 0)).toBe(1);
    expect(messages.map((message) => message.id)).toContain(id);
    const { rows } = await sql<{
      role: string;
      break_glass_id: string;
    }>`select role, break_glass_id from audit.event where kind = 'people.password.reset-sent' and outcome = 'ok'`.execute(gateway.database.owner);
    expect(rows).toEqual([{ role: 'break-glass', break_glass_id: id }]);
  });

  test('half an hour at most, five tenants at most, and where it holds is said exactly once', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const before = await usesOf(engineer);
    for (const input of [
      { everywhere: true, minutes: 31 },
      { everywhere: true, minutes: 4 },
      { everywhere: true, minutes: 0 },
      { everywhere: true, minutes: -5 },
      { minutes: 10 },
      { everywhere: false, minutes: 10 },
      { everywhere: true, tenants: tenants.slice(0, 1), minutes: 10 },
      { tenants: tenants.slice(0, 6), minutes: 10 },
      { tenants: ['00000000-0000-4000-8000-000000000000'], minutes: 10 },
    ])
      expect((await breakGlass(engineer, input)).codes, JSON.stringify(input)).toEqual(['BAD_INPUT']);
    expect(await usesOf(engineer)).toBe(before);
  });

  test('who holds a task for some tenants only, or no task on call, takes none', async () => {
    for (const client of [
      await gateway.asRole('support-operator', 'tenant'),
      await gateway.asRole('support-viewer'),
      await gateway.asRole('platform-admin'),
      await gateway.asRole('compliance-auditor'),
    ])
      expect((await breakGlass(client)).codes).toEqual(['FORBIDDEN']);
  });

  test('a log that takes no event takes no emergency', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const asked = await engineer.query(ACTIVATE, { input: { everywhere: true, minutes: 10, justification: why } });
    const proof = await engineer.stepUp(asked.errors[0]?.extensions.challenge ?? '');
    const before = await usesOf(engineer);
    await sql`revoke insert on audit.event from sallyport_app`.execute(gateway.database.owner);
    try {
      expect((await engineer.query(ACTIVATE, { input: { everywhere: true, minutes: 10, justification: why } }, { proof })).codes).toEqual(['AUDIT_UNAVAILABLE']);
    } finally {
      await sql`grant insert on audit.event to sallyport_app`.execute(gateway.database.owner);
    }
    expect(await usesOf(engineer)).toBe(before);
    expect((await engineer.query(`{ viewer { breakGlass { id } } }`)).data?.['viewer'].breakGlass).toBeNull();
  });

  test('nobody else has to be there: with no worker, no mail and nobody to review it opens all the same', async () => {
    // This gateway runs without a worker: the message waits in the queue, the power does not.
    const id = await taken(await gateway.asRole('billing-operator'), { tenants: tenants.slice(0, 1), minutes: 5 });
    expect((await eventsOf(id)).at(-1)).toMatchObject({ kind: 'emergency.break-glass.started', outcome: 'ok' });
  });
});

describe('E12 no. 13 what it opens', () => {
  test('the tenants named and no other, this session and no other, and the flag on every event of the session', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const elsewhere = await gateway.as(engineer.person);
    const { rows: webhooks } = await sql<{ id: string; tenant_id: string }>`select id, tenant_id from product.webhook order by id limit 1`.execute(gateway.database.owner);
    const inside = webhooks[0]?.tenant_id ?? '';
    const outside = tenants.find((tenantId) => tenantId !== inside);
    const id = await taken(engineer, { tenants: [inside], minutes: 10 });
    const correlationId = crypto.randomUUID();
    expect((await engineer.query(RESET, { input: { id: await personOf(inside) } }, { correlationId })).codes).toEqual([]);
    expect((await engineer.query(RESET, { input: { id: await personOf(outside) } }, { correlationId })).codes).toEqual(['FORBIDDEN']);
    expect((await elsewhere.query(RESET, { input: { id: await personOf(inside) } })).codes).toEqual(['FORBIDDEN']);
    expect((await elsewhere.query('{ viewer { breakGlass { id } } }')).data?.['viewer'].breakGlass).toBeNull();
    expect((await engineer.query('{ people(first: 1) { nodes { id displayName } } auditEvents { nodes { id } } }', {}, { correlationId })).codes.length).toBeGreaterThan(0);
    const rotated = await engineer.act(ROTATE, { input: { id: webhooks[0]?.id, justification: why } }, { correlationId });
    expect(rotated.data?.['rotateWebhookSecret'].status).toBe('EXECUTED');
    const { rows } = await sql<{ n: number; flagged: number }>`
      select count(*)::int as n, count(*) filter (where break_glass_id = ${id})::int as flagged from audit.event where correlation_id = ${correlationId}`.execute(
      gateway.database.owner,
    );
    expect(rows[0]?.n).toBeGreaterThan(4);
    expect(rows[0]?.flagged).toBe(rows[0]?.n);
    const began = await sql<{ flag: string }>`select break_glass_id as flag from audit.event where target_id = ${id} and outcome = 'ok' order by sequence limit 1`.execute(
      gateway.database.owner,
    );
    expect(began.rows).toEqual([{ flag: id }]);
  });

  test('never an approval, an access right, the log, an export, or finding people across tenants', async () => {
    const { registerModules } = await import('@sallyport/schema/resources/registry.ts');
    const { modules } = await import('@sallyport/schema/index.ts');
    const registry = registerModules(modules);
    const opened = (registry.roles.get('break-glass') ?? []).map(({ name }) => name);
    const approvers = [...registry.actions.values()].flatMap((action) => (action.approval ?? []).flatMap((rule) => rule.alternatives.map(({ approver }) => approver.name)));
    expect(opened).toEqual(expect.arrayContaining(['people.mfa.reset', 'accounts.tenant.suspend', 'security-settings.sso.change', 'billing.invoice.read']));
    expect(
      opened.filter((name) => approvers.includes(name) || /^(access|approvals|audit|data-exports|emergency|gateway|mailbox|reviews|tokens)\.|export|search/.test(name)),
    ).toEqual([]);
    expect(opened.filter((name) => name.startsWith('billing.') && registry.permissions.get(name)?.effect === 'write')).toEqual([]);
    for (const name of opened) expect(registry.permissions.get(name)?.reach, name).toBe('tenant');
  });

  test('a token made before in the same session gains nothing by the emergency of its maker, and its events carry the flag all the same', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const staffId = await staffIdOf(gateway, engineer.person);
    const grantId = crypto.randomUUID();
    await sql`insert into gateway.access_grant (id, staff_id, role, is_global, reason) values (${grantId}, ${staffId}, 'support-operator', true, 'for a day')`.execute(
      gateway.database.owner,
    );
    const { token } = await makeToken(engineer, { permissions: ['people.person.read', 'people.password.send-reset'], everywhere: true });
    const input = { id: await personOf() };
    expect((await toolWith(gateway, token).query(RESET, { input })).codes).toEqual([]);
    await sql`update gateway.access_grant set revoked_at = clock_timestamp() where id = ${grantId}`.execute(gateway.database.owner);
    expect((await toolWith(gateway, token).query(RESET, { input })).codes).toEqual(['FORBIDDEN']);
    const id = await taken(engineer);
    expect((await engineer.query(RESET, { input })).codes).toEqual([]);
    const correlationId = crypto.randomUUID();
    expect((await toolWith(gateway, token).query(RESET, { input }, { 'x-correlation-id': correlationId })).codes).toEqual(['FORBIDDEN']);
    expect((await gateway.events({ correlationId })).map((event) => event['break_glass_id'])).toEqual([id]);
  });

  test('E15 in force, it is not taken again, not lengthened, not reviewed by its owner, makes no token and approves nothing', async () => {
    const guard = await gateway.asRole('security-operator');
    const id = await taken(guard, { everywhere: true, minutes: 5 });
    const until = async () =>
      (await sql<{ at: string }>`select max(expires_at)::text as at from gateway.access_grant where kind = 'break-glass' and revoked_at is null`.execute(gateway.database.owner))
        .rows[0]?.at;
    const before = await until();
    expect((await breakGlass(guard)).codes).toEqual(['FORBIDDEN']);
    expect((await review(guard, id)).codes).toEqual(['FORBIDDEN']);
    expect(
      (
        await guard.query('mutation($input: CreateTokenInput!) { createToken(input: $input) { status } }', {
          input: { name: 'x', permissions: ['people.person.read'], everywhere: true, justification: why },
        })
      ).codes,
    ).toEqual(['FORBIDDEN']);
    expect(await until()).toBe(before);
  });
});

describe('E13 its end', () => {
  test('by time it opens nothing from the very second, and its end is one event, whoever notices it and how often', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const id = await taken(engineer);
    const personId = await personOf();
    await close();
    expect((await eventsOf(id)).filter(({ kind }) => kind === 'emergency.break-glass.ended')).toEqual([]);
    await sql`update gateway.access_grant set expires_at = clock_timestamp() where id = ${id}`.execute(gateway.database.owner);
    expect((await engineer.query(RESET, { input: { id: personId } })).codes).toEqual(['FORBIDDEN']);
    expect((await engineer.query('{ viewer { breakGlass { id } } }')).data?.['viewer'].breakGlass).toBeNull();
    await Promise.all([close(), close(), close(), close()]);
    await close();
    expect((await eventsOf(id)).filter(({ kind }) => kind === 'emergency.break-glass.ended')).toEqual([{ kind: 'emergency.break-glass.ended', outcome: 'ok' }]);
    expect((await engineer.query(`{ breakGlassUse(id: "${id}") { state endReason } }`)).data?.['breakGlassUse']).toEqual({ state: 'AWAITING_REVIEW', endReason: 'EXPIRED' });
  });

  test('by its owner, early; the same story; and no second ending', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const correlationId = crypto.randomUUID();
    const id = await taken(engineer, { everywhere: true, minutes: 10 }, correlationId);
    const stranger = await gateway.asRole('support-operator');
    expect((await stranger.query(END, { input: { id } })).codes).toEqual(['NOT_FOUND']);
    expect((await (await gateway.asRole('security-operator')).query(END, { input: { id } })).codes).toEqual(['FORBIDDEN']);
    const both = await Promise.all([engineer.query(END, { input: { id } }), engineer.query(END, { input: { id } })]);
    expect(both.map(({ codes }) => codes.join()).toSorted()).toEqual(['', 'CONFLICT']);
    expect((await engineer.query(RESET, { input: { id: await personOf() } })).codes).toEqual(['FORBIDDEN']);
    await close();
    const ended = (await gateway.events({ correlationId })).filter((event) => event['kind'] === 'emergency.break-glass.ended' && event['outcome'] === 'ok');
    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject({ break_glass_id: id });
  });

  test('with its session, however that ends', async () => {
    for (const end of [
      (client: TestClient) => client.post('/auth/sign-out', {}),
      async (client: TestClient) => {
        const sessionId = (await client.query('{ viewer { session { id } } }')).data?.['viewer'].session.id;
        await sql`update gateway.session set ended_at = clock_timestamp(), end_reason = 'ended-by-owner' where id = ${sessionId}`.execute(gateway.database.owner);
      },
    ]) {
      const engineer = await gateway.asRole('production-engineer');
      const id = await taken(engineer);
      await end(engineer);
      await close();
      const again = await gateway.as(engineer.person);
      expect((await again.query('{ viewer { breakGlass { id } } }')).data?.['viewer'].breakGlass).toBeNull();
      expect((await again.query(`{ breakGlassUse(id: "${id}") { state endReason } }`)).data?.['breakGlassUse']).toEqual({ state: 'AWAITING_REVIEW', endReason: 'SESSION_ENDED' });
      expect((await review(await gateway.asRole('platform-admin'), id)).codes).toEqual([]);
    }
  });
});

describe('E14 its debt', () => {
  test('no. 13 a second use is refused until somebody else has signed the review of the first', async () => {
    const guard = await gateway.asRole('security-operator');
    const id = await taken(guard);
    const administrator = await gateway.asRole('platform-admin');
    expect((await review(administrator, id)).codes).toEqual(['CONFLICT']);
    await guard.query(END, { input: { id } });
    const refused = await breakGlass(guard);
    expect(refused.codes).toEqual(['FORBIDDEN']);
    expect(refused.errors[0]?.message).toContain('has not been reviewed');
    expect((await breakGlass(await gateway.as(guard.person))).codes).toEqual(['FORBIDDEN']);
    expect((await review(guard, id)).codes).toEqual(['FORBIDDEN']);
    expect((await review(await gateway.asRole('support-operator'), id)).codes).toEqual(['FORBIDDEN']);
    expect((await administrator.query(REVIEW, { input: { id, verdict: 'JUSTIFIED', justification: { reason: 'r' } } })).codes).toEqual(['STEP_UP_REQUIRED']);
    const signed = await review(administrator, id, 'NEEDS_FOLLOW_UP');
    expect(signed.data?.['reviewBreakGlass'].breakGlassUse).toEqual({
      state: 'REVIEWED',
      verdict: 'NEEDS_FOLLOW_UP',
      reviewedBy: administrator.person.displayName,
      reviewComment: 'Followed the log; all of it was repair.',
    });
    expect((await review(administrator, id)).codes).toEqual(['CONFLICT']);
    expect((await breakGlass(guard)).codes).toEqual([]);
  });

  test.each([
    ['linked', (engineer: string, guard: string) => sql`update gateway.staff set person_id = ${guard} where id = ${engineer}`],
    ['with the same authenticator', (engineer: string, guard: string) => sql`update gateway.staff set totp_fingerprint = sha256('same') where id in (${engineer}, ${guard})`],
  ] as const)('another account of the same human, %s, pays no debt and makes none of its own', async (_how, join) => {
    const guard = await gateway.asRole('security-operator');
    const engineer = await gateway.asRole('production-engineer');
    const guardId = await staffIdOf(gateway, guard.person);
    const id = await taken(engineer);
    await engineer.query(END, { input: { id } });
    await join(await staffIdOf(gateway, engineer.person), guardId).execute(gateway.database.owner);
    try {
      expect((await review(guard, id)).codes).toEqual(['FORBIDDEN']);
      expect((await breakGlass(guard)).codes).toEqual(['FORBIDDEN']);
    } finally {
      await sql`update gateway.staff set person_id = null, totp_fingerprint = null`.execute(gateway.database.owner);
    }
  });

  test('twenty at once, from two sessions: one is taken', async () => {
    const person = gateway.personWith('support-operator');
    const clients = [await gateway.as(person), await gateway.as(person)];
    const input = { everywhere: true, minutes: 5, justification: why };
    const tries: Promise<Answered>[] = [];
    const proofs: { client: TestClient; proof: string }[] = [];
    for (let round = 0; round < 6; round += 1) {
      const client = clients[round % 2];
      if (!client) continue;
      const asked = await client.query(ACTIVATE, { input });
      proofs.push({ client, proof: await client.stepUp(asked.errors[0]?.extensions.challenge ?? '') });
    }
    for (const { client, proof } of proofs) tries.push(client.query(ACTIVATE, { input }, { proof }));
    const answers = await Promise.all(tries);
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
    for (const { codes } of answers) if (codes.length > 0) expect(['FORBIDDEN', 'CONFLICT']).toContain(codes[0]);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from gateway.break_glass where reviewed_at is null`.execute(gateway.database.owner);
    expect(rows[0]?.n).toBe(1);
  });

  test('the index stands behind the door: two open debts of one human can not be written', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const id = await taken(engineer);
    const copy = sql`
      with opened as (insert into gateway.access_grant (id, staff_id, kind, role, is_global, reason, expires_at) select gen_random_uuid(), staff_id, kind, role, is_global, reason, expires_at from gateway.access_grant where id = ${id} returning id)
      insert into gateway.break_glass (id, staff_id, person_id, session_id, correlation_id, reason, ticket, is_global, started_at, ends_at)
      select (select id from opened), staff_id, person_id, session_id, correlation_id, reason, ticket, is_global, started_at, ends_at from gateway.break_glass where id = ${id}`;
    await expect(copy.execute(gateway.database.app)).rejects.toMatchObject({ code: '23505' });
  });

  test('unreviewed for a day it raises its alert, once: an event and a message to all who may review', async () => {
    const engineer = await gateway.asRole('production-engineer');
    const id = await taken(engineer);
    await engineer.query(END, { input: { id } });
    await alert();
    expect((await eventsOf(id)).filter(({ kind }) => kind === 'emergency.break-glass.unreviewed')).toEqual([]);
    await sql`update gateway.break_glass set started_at = started_at - interval '25 hours', ends_at = ends_at - interval '25 hours' where id = ${id}`.execute(
      gateway.database.owner,
    );
    await Promise.all([alert(), alert(), alert()]);
    await alert();
    expect((await eventsOf(id)).filter(({ kind }) => kind === 'emergency.break-glass.unreviewed')).toHaveLength(1);
    const { rows } = await sql<{ id: string }>`
      select payload->'payload'->>'breakGlassId' as id from graphile_worker._private_jobs where payload->'payload'->>'template' = 'break-glass-unreviewed'`.execute(
      gateway.database.owner,
    );
    expect(rows).toEqual([{ id }]);
  });
});

test('people see their own emergencies; who may review or read sees all', async () => {
  const engineer = await gateway.asRole('production-engineer');
  const id = await taken(engineer);
  const ONE = `{ breakGlassUse(id: "${id}") { personName actions { name } } }`;
  expect((await engineer.query(ONE)).data?.['breakGlassUse'].actions.map(({ name }: { name: string }) => name)).toEqual(['endBreakGlass']);
  expect((await (await gateway.asRole('support-viewer')).query(ONE)).data).toEqual({ breakGlassUse: null });
  for (const role of ['security-operator', 'platform-admin', 'compliance-auditor'] as const)
    expect((await (await gateway.asRole(role)).query(ONE)).data?.['breakGlassUse'].personName).toBe(engineer.person.displayName);
});
