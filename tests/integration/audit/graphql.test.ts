import { randomBytes, randomUUID } from 'node:crypto';
import { buildGatewaySchema } from '@sallyport/schema/build-schema.ts';
import { audit } from '@sallyport/schema/modules/audit/index.ts';
import type { RequestContext } from '@sallyport/schema/ports.ts';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import { createPersonalReads } from '@sallyport/server/audit/personal-reads.ts';
import { ensurePolicyVersion } from '@sallyport/server/audit/policy-version.ts';
import { graphql } from 'graphql';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog, refund, viewerWith } from './log-fixture.ts';

const { schema, fastSchema } = buildGatewaySchema([audit]);
const correlationId = randomUUID();
const cursorKey = randomBytes(32);
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const log = openLog(database.app);
  await log.append(database.app, refund({ correlationId, outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED', before: {}, after: {} }));
  await log.append(database.app, refund({ correlationId, kind: 'access.step-up.verified', tenantId: null, target: { type: 'session', id: 's' }, before: {}, after: {} }));
  await log.append(
    database.app,
    refund({
      correlationId,
      before: { status: 'paid', email: 'a@b.example' },
      after: { status: 'refunded', email: 'c@d.example' },
      classes: { status: 'internal', email: 'personal' },
    }),
  );
  for (let index = 0; index < 60; index++) void log.record(refund({ tenantId: index % 2 ? 'tenant-8' : 'tenant-9', kind: 'test.noise.made', outcome: 'failed' }));
  await log.drain();
});
afterAll(() => database?.drop());

const reader = (reach: TenantReach, ...more: string[]): Viewer => viewerWith(new Map(['audit.event.read', ...more].map((permission) => [permission, reach])));
const compliance = reader('global', 'audit.event.read-changes', 'audit.event.read-network');
const never = (): never => expect.fail('no act in these documents');

async function ask(source: string, viewer: Viewer | null, variableValues: Record<string, unknown> = {}, fast = false) {
  const reads = createPersonalReads();
  const contextValue: RequestContext = {
    viewer,
    correlationId: randomUUID(),
    surface: 'api',
    ip: '127.0.0.1',
    userAgent: 'test',
    idempotencyKey: null,
    stepUpProof: null,
    db: database.app,
    environment: 'test',
    policyVersion: 'p',
    cursorKey,
    memory: new Map(),
    door: { runAction: never, refuseAction: never, passSensitiveRead: never, mayDecide: never },
    reads,
    logStanding: () => ({ state: 'sound' }),
    logSurroundings: () => ({ witnesses: [], clockDifferenceSeconds: null, store: null }),
  };
  const { data, errors } = await graphql({ schema: fast ? fastSchema : schema, source, contextValue, variableValues });
  await reads.flush(openLog(database.app), contextValue);
  const events = async () =>
    (
      await sql<
        Record<string, unknown>
      >`select kind, outcome, fields_read, detail, permission from audit.event where correlation_id = ${contextValue.correlationId} order by kind`.execute(database.app)
    ).rows;
  return { data: data as Record<string, never> | null, codes: errors?.map((error) => (error.originalError as { code?: string } | undefined)?.code ?? error.message), events };
}

const TRAIL = `query ($id: ID!) { auditTrail(correlationId: $id) { correlationId startedAt endedAt
  answers { who what { en id } tenant target why approvedUnder { en } }
  steps { sinceStartMilliseconds kind words { en } outcome reasonCode surface actorName tenantId targetType targetId policyVersion fieldsRead changes { resource id field before after masked } } } }`;

describe('auditTrail', () => {
  test.each([false, true])('L1 L15: a compliance auditor reads the whole story, refusals included (fast schema: %s)', async (fast) => {
    const { data, codes, events } = await ask(TRAIL, compliance, { id: correlationId.toUpperCase() }, fast);
    expect(codes).toBeUndefined();
    expect(data?.['auditTrail']).toMatchObject({
      correlationId,
      answers: { who: 'Ayu Lestari', tenant: 'tenant-7', target: 'invoice invoice-1', why: 'Charged twice · SUP-1234' },
      steps: [
        { outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED', sinceStartMilliseconds: 0 },
        { kind: 'access.step-up.verified', tenantId: null },
        {
          outcome: 'ok',
          changes: [
            { field: 'email', masked: true, before: null },
            { field: 'status', masked: false, before: 'paid', after: 'refunded' },
          ],
        },
      ],
    });
    expect(await events()).toMatchObject([{ kind: 'audit.events.read', detail: { conditions: ['correlationId'] } }]);
  });

  test('C03: a reader of one tenant sees its steps only; another tenant sees what looks like nothing', async () => {
    const own = await ask(TRAIL, reader(new Set(['tenant-7'])), { id: correlationId });
    expect(own.data?.['auditTrail']).toMatchObject({ steps: [{ outcome: 'denied' }, { outcome: 'ok', changes: [{ masked: true }, { masked: true }] }] });
    const other = await ask(TRAIL, reader(new Set(['tenant-8'])), { id: correlationId });
    const absent = await ask(TRAIL, reader(new Set(['tenant-8'])), { id: randomUUID() });
    expect([other.data, other.codes]).toEqual([absent.data, absent.codes]);
    expect(other.codes).toEqual(['NOT_FOUND']);
  });

  test('L19: without the right of its own the log is closed', async () => {
    const { codes, events } = await ask(TRAIL, viewerWith(new Map([['billing.invoice.refund', 'global' as const]])), { id: correlationId });
    expect(codes).toEqual(['FORBIDDEN']);
    expect(await events()).toMatchObject([{ kind: 'access.field.refused', outcome: 'denied', permission: 'audit.event.read' }]);
    expect((await ask(TRAIL, null, { id: correlationId })).codes).toEqual(['UNAUTHENTICATED']);
  });
});

describe('auditEvents', () => {
  test('H18: filters by actor, tenant, action, outcome, target, kind, time, reason code and correlation ID; reading is an event with their names', async () => {
    const filter = {
      actorId: { eq: '0199c0de-0000-7000-8000-000000000001' },
      tenantId: { eq: 'tenant-7' },
      action: { eq: 'refundInvoice' },
      outcome: { eq: 'OK' },
      targetType: { eq: 'invoice' },
      targetId: { eq: 'invoice-1' },
      kind: { eq: 'billing.invoice.refunded' },
      time: { gte: '2020-01-01T00:00:00Z' },
      correlationId: { eq: correlationId },
    };
    const { data, codes, events } = await ask(
      `query ($filter: AuditEventFilter) { auditEvents(filter: $filter) { totalCount nodes { id kind outcome tenantId before after reason policyVersion } } }`,
      compliance,
      { filter },
    );
    expect(codes).toBeUndefined();
    expect(data?.['auditEvents']).toMatchObject({
      totalCount: 1,
      nodes: [{ outcome: 'OK', tenantId: 'tenant-7', before: { status: 'paid', email: { commitment: expect.stringContaining('sha256:') } } }],
    });
    const [read] = await events();
    expect(read).toMatchObject({ kind: 'audit.events.read', detail: { conditions: ['action', 'actorId', 'correlationId', 'kind', 'outcome', 'targetId', 'targetType', 'time'] } });
  });

  test('newest first by keyset, every event once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data }: Awaited<ReturnType<typeof ask>> = await ask(
        `query ($after: String) { auditEvents(filter: { kind: { eq: "test.noise.made" } }, first: 25, after: $after) { nodes { id time } pageInfo { hasNextPage endCursor } } }`,
        compliance,
        { after },
      );
      const page = data?.['auditEvents'] as unknown as { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } | undefined;
      seen.push(...(page?.nodes.map(({ id }) => id) ?? []));
      after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(seen).size).toBe(60);
    expect(seen).toHaveLength(60);
  });

  test('events of no tenant need global reach; network facts a permission of their own, and reading them leaves an event', async () => {
    const scoped = await ask('{ auditEvents(first: 100) { totalCount nodes { tenantId } } }', reader(new Set(['tenant-7', 'tenant-8'])));
    const tenants = (scoped.data?.['auditEvents'] as unknown as { nodes: { tenantId: string | null }[] } | undefined)?.nodes.map(({ tenantId }) => tenantId);
    expect(new Set(tenants)).toEqual(new Set(['tenant-7', 'tenant-8']));
    const curious = await ask('{ auditEvents(first: 1) { nodes { ip before } } }', reader('global'));
    expect(curious.codes).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    const allowed = await ask('{ auditEvents(first: 1, filter: { kind: { eq: "test.noise.made" } }) { nodes { ip } } }', compliance);
    expect(allowed.data?.['auditEvents']).toMatchObject({ nodes: [{ ip: '127.0.0.1' }] });
    expect(await allowed.events()).toMatchObject([{ kind: 'access.personal-fields.read', fields_read: ['auditEvent.ip'] }, { kind: 'audit.events.read' }]);
  });
});

test('L16: policyVersion(hash) answers the whole policy that an event names', async () => {
  const { hash } = await ensurePolicyVersion(database.app, { roles: { viewer: ['a'] } });
  const { data } = await ask('query ($hash: String!) { policyVersion(hash: $hash) { hash body firstSeenAt } }', compliance, { hash });
  expect(data?.['policyVersion']).toMatchObject({ hash, body: { roles: { viewer: ['a'] } } });
  expect((await ask('{ policyVersion(hash: "x") { hash } }', compliance)).codes).toEqual(['NOT_FOUND']);
});
