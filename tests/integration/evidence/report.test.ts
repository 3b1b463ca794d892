import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { type EvidenceHouse, openEvidenceHouse } from './evidence-house.ts';

const REPORT = `query ($selection: AuditReportSelection!, $first: Int, $after: String) { auditReport(selection: $selection) {
  counts { events done refused failed stories people tenants covered isComplete firstAt lastAt }
  stories(first: $first, after: $after, steps: 100) { nextCursor nodes { correlationId startedAt steps { id kind tenantId changes { field before after masked } } } }
  people(first: 200) { id events roles } tenants(first: 200) { id events changes } refusals(first: 200) { eventId } readings(first: 200) { eventId } sessions { id startedAt }
  deliveries { id } approvals { id } policies { hash events parts } } }`;

let house: EvidenceHouse;
const shared = randomUUID();
const crowd = '0199c0de-0000-7000-8000-000000000001';

beforeAll(async () => {
  house = await openEvidenceHouse();
  const [one = '', two = '', three = ''] = house.tenants;
  for (const tenantId of [one, two, three, null])
    await house.write({ correlationId: shared, tenantId, before: { status: 'paid' }, after: { status: 'refunded' }, classes: { status: 'internal' } });
  for (let index = 0; index < 130; index++)
    void house.write({
      tenantId: house.tenants[index % 3] ?? null,
      ...(index % 5 === 0 ? { outcome: 'denied' as const, reasonCode: 'FORBIDDEN' as const } : {}),
      ...(index % 7 === 0 ? { kind: 'approvals.request.approved' } : {}),
    });
  await house.log.drain();
  await house.test.gateway.integrity.sealNow();
}, 60_000);
afterAll(() => house?.test.close());

async function report(client: TestClient, selection: Readonly<Record<string, unknown>>, page: { first?: number; after?: string } = {}) {
  const { data, codes } = await client.query(REPORT, { selection, first: 50, ...page });
  return { told: data?.['auditReport'] ?? null, codes };
}

/** IDs of all events that a report tells, page by page. */
async function told(
  client: TestClient,
  selection: Readonly<Record<string, unknown>>,
  first = 20,
): Promise<{ readonly ids: readonly string[]; readonly stories: readonly string[] }> {
  const ids: string[] = [];
  const stories: string[] = [];
  let after: string | undefined;
  do {
    const { told: page, codes } = await report(client, selection, { first, ...(after === undefined ? {} : { after }) });
    expect(codes).toEqual([]);
    for (const { correlationId, steps } of page.stories.nodes) {
      stories.push(correlationId);
      ids.push(...steps.map(({ id }: { id: string }) => id));
    }
    after = page.stories.nextCursor ?? undefined;
  } while (after !== undefined);
  return { ids, stories };
}

const idsWhere = async (condition: string): Promise<readonly string[]> =>
  (await house.truth<{ id: string }>(`select id::text from audit.event where ${condition} order by id`)).map(({ id }) => id);

describe('no. 11, L5, L15: what is chosen', () => {
  test('by tenant: that tenant whole, every story once, in the order in which they began', async () => {
    const [one = ''] = house.tenants;
    const { ids, stories } = await told(house.auditor, { tenantId: one }, 7);
    expect(ids.toSorted()).toEqual(await idsWhere(`tenant_id = '${one}'`));
    expect(new Set(stories).size).toBe(stories.length);
    const inOrder = await house.truth<{ id: string }>(`select correlation_id as id from audit.event where tenant_id = '${one}' group by 1 order by min(time), 1`);
    expect(stories).toEqual(inOrder.map(({ id }) => id));
    const { told: summed } = await report(house.auditor, { tenantId: one });
    expect(summed.tenants.map(({ id }: { id: string }) => id)).toEqual([one]);
    expect(summed.counts).toMatchObject({ events: ids.length, stories: stories.length, covered: ids.length, isComplete: true });
  });

  test('by actor, by period, by both with a tenant', async () => {
    const [{ from, to } = { from: '', to: '' }] = await house.truth<{ from: string; to: string }>(
      `select min(time) as from, max(time) as to from (select time from audit.event where actor_id = '${crowd}' order by time offset 10 limit 60) part`,
    );
    const period = `time >= '${from}' and time < '${to}'`;
    expect((await told(house.auditor, { actorId: crowd })).ids.toSorted()).toEqual(await idsWhere(`actor_id = '${crowd}'`));
    expect((await told(house.auditor, { from, to })).ids.toSorted()).toEqual(await idsWhere(period));
    expect((await told(house.auditor, { from, to, actorId: crowd, tenantId: house.tenants[1] })).ids.toSorted()).toEqual(
      await idsWhere(`${period} and actor_id = '${crowd}' and tenant_id = '${house.tenants[1]}'`),
    );
  });

  test('by control: the events whose kinds help with it, and none else', async () => {
    const { data } = await house.auditor.query('{ auditControls { id framework title { en id } helps { en id } kinds } }');
    const control = data?.['auditControls'].find(({ id }: { id: string }) => id === 'AC-5');
    expect(control.kinds).toContain('approvals.request.approved');
    const to = new Date().toISOString();
    const { ids } = await told(house.auditor, { control: 'AC-5', to });
    expect(ids.toSorted()).toEqual(await idsWhere(`kind in (${control.kinds.map((kind: string) => `'${kind}'`).join()}) and time < '${to}'`));
    expect(ids.length).toBeGreaterThan(10);
  });

  test('the counts are those of the table, and each policy comes with the rules that were used', async () => {
    const to = new Date().toISOString();
    const { told: summed } = await report(house.auditor, { to });
    const [counted] = await house.truth(`
      select count(*)::int as events, count(*) filter (where outcome = 'ok')::int as done, count(*) filter (where outcome = 'denied')::int as refused,
        count(distinct correlation_id)::int as stories, count(distinct actor_id)::int as people, count(distinct tenant_id)::int as tenants from audit.event where time < '${to}'`);
    expect(summed.counts).toMatchObject(counted as object);
    const [policy] = summed.policies;
    expect(policy.events).toBe(summed.counts.events);
    expect(policy.parts.permissions.map(({ name }: { name: string }) => name)).toContain('billing.invoice.refund');
    expect(policy.parts.roles.find(({ name }: { name: string }) => name === 'billing-operator').permissions).toContain('billing.invoice.refund');
    expect(policy.parts.actions.map(({ name }: { name: string }) => name)).toEqual(['refundInvoice']);
  });
});

describe('C03 L19: the reach of whoever reads', () => {
  test('a reader of one tenant sees that tenant in the shared story, and neither the others nor what belongs to none', async () => {
    const { told: own } = await report(house.ofOne, { correlationId: shared });
    expect(own.stories.nodes[0].steps.map(({ tenantId }: { tenantId: string }) => tenantId)).toEqual([house.tenants[0]]);
    expect(own.counts).toMatchObject({ events: 1, tenants: 1 });
    expect((await told(house.ofOne, { actorId: crowd })).ids.toSorted()).toEqual(await idsWhere(`actor_id = '${crowd}' and tenant_id = '${house.tenants[0]}'`));
  });

  test('another tenant, one that is not there, and a story of others look the same to the byte', async () => {
    const empty = await report(house.ofOne, { tenantId: randomUUID() });
    expect(empty.told.counts.events).toBe(0);
    expect(await report(house.ofOne, { tenantId: house.tenants[1] })).toEqual(empty);
    const others = randomUUID();
    await house.write({ correlationId: others, tenantId: house.tenants[2] ?? null });
    expect(await report(house.ofOne, { correlationId: others })).toEqual(await report(house.ofOne, { correlationId: randomUUID() }));
  });

  test('values of changes are for who may read them', async () => {
    const values = async (client: TestClient) => (await report(client, { correlationId: shared, tenantId: house.tenants[0] })).told.stories.nodes[0].steps[0].changes;
    expect(await values(house.auditor)).toEqual([{ field: 'status', before: 'paid', after: 'refunded', masked: false }]);
    expect(await values(await house.test.asRole('production-engineer'))).toEqual([{ field: 'status', before: null, after: null, masked: true }]);
  });

  test('H18: reading a report is an event, with what it was chosen by and no value', async () => {
    const correlationId = randomUUID();
    await house.auditor.query(REPORT, { selection: { tenantId: house.tenants[0], actorId: crowd } }, { correlationId });
    expect(await house.test.events({ correlationId })).toMatchObject([{ kind: 'audit.report.read', outcome: 'ok', detail: { conditions: ['actorId', 'tenantId'] } }]);
  });

  test('who may not read the log is refused, and that is an event', async () => {
    const correlationId = randomUUID();
    const { data, codes } = await (await house.test.asRole('support-viewer')).query(REPORT, { selection: { tenantId: house.tenants[0] } }, { correlationId });
    expect([data?.['auditReport'], codes]).toEqual([null, ['FORBIDDEN']]);
    expect(await house.test.events({ correlationId })).toMatchObject([{ kind: 'access.field.refused', outcome: 'denied', permission: 'audit.event.read' }]);
  });
});

describe('J: what is asked for must make sense', () => {
  test.each([
    ['nothing', {}],
    ['nothing but nulls', { tenantId: null }],
    ['a period that ends before it begins', { from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' }],
    ['a control that nobody knows', { control: 'XX-99' }],
    ['a correlation ID that is none', { correlationId: "' or true --" }],
    ['an endless name', { tenantId: 'x'.repeat(5000) }],
  ])('%s is BAD_INPUT, with no value repeated', async (_name, selection) => {
    const answered = await house.auditor.query(REPORT, { selection });
    expect(answered.codes).toEqual(['BAD_INPUT']);
    expect(JSON.stringify(answered.errors)).not.toMatch(/XX-99|or true|xxxxx/);
  });

  test('a cursor is good for its own report and person only', async () => {
    const { told: page } = await report(house.auditor, { actorId: crowd }, { first: 1 });
    const after = page.stories.nextCursor;
    expect((await report(house.auditor, { actorId: crowd }, { after })).codes).toEqual([]);
    for (const [client, selection] of [
      [house.auditor, { tenantId: house.tenants[0] }],
      [house.ofOne, { actorId: crowd }],
    ] as const)
      expect((await report(client, selection, { after })).codes).toEqual(['BAD_INPUT']);
  });

  test('a report that asks for too much is refused before it is read', async () => {
    for (const page of ['first: 51', 'first: 0', 'steps: 1001', 'first: 50, steps: 1000'])
      expect((await house.auditor.query(`{ auditReport(selection: { tenantId: "x" }) { stories(${page}) { nextCursor } } }`)).codes).toEqual(['BAD_INPUT']);
    const two = await house.auditor.query('{ a: auditReport(selection: { tenantId: "x" }) { log { size } } b: auditReport(selection: { tenantId: "y" }) { log { size } } }');
    expect(two.codes).toEqual(['QUERY_REJECTED']);
  });
});
