import { randomUUID } from 'node:crypto';
import { restoreCell } from '@sallyport/server/audit/export-format.ts';
import { findDiscrepancies } from '@sallyport/server/audit/read-records.ts';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

const REFUND = `mutation ($input: RefundInvoiceInput!) { refundInvoice(input: $input) { status correlationId auditEventId } }`;
const TRAIL = `query ($id: ID!) { auditTrail(correlationId: $id) { answers { who what { en id } tenant target why approvedUnder { en } }
  steps { id kind outcome reasonCode surface actorName role grantId stepUpId words { en } changes { resource field before after masked } policyVersion } } }`;

let house: TestGateway;
let operator: TestClient;
let auditor: TestClient;
let invoice: { id: string; tenantId: string };
const correlationId = randomUUID();

beforeAll(async () => {
  house = await startTestGateway({ worker: true });
  operator = await house.asRole('billing-operator');
  auditor = await house.asRole('compliance-auditor');
  const { rows } = await sql<{ id: string; tenantId: string }>`
    select id, tenant_id as "tenantId" from product.invoice where status = 'paid' and amount_paid - amount_refunded > 2000000 order by id limit 1`.execute(house.database.owner);
  if (!rows[0]) throw new Error('No paid invoice in the demo company');
  invoice = rows[0];
});
afterAll(() => house?.close());

const input = (amount: string) => ({ input: { id: invoice.id, amount, justification: { reason: '=Charged twice', ticket: 'SUP-4711' } } });

test('L1 L5 L8 L15 L17: one correlation ID tells the refund from the refused attempts to the delivery', async () => {
  const viewer = await house.asRole('support-viewer');
  expect((await viewer.query(REFUND, input('1500000.00'), { correlationId })).codes).toEqual(['FORBIDDEN']);
  const done = await operator.act(REFUND, input('1500000.00'), { correlationId });
  expect(done.codes).toEqual([]);
  expect(done.data?.['refundInvoice']).toMatchObject({ status: 'EXECUTED', correlationId });

  await expect.poll(async () => (await house.events({ correlationId, kind: 'jobs.message.delivered' })).length, { timeout: 10_000 }).toBe(1);
  const { data, codes } = await auditor.query(TRAIL, { id: correlationId });
  expect(codes).toEqual([]);
  const { answers, steps } = data?.['auditTrail'] ?? {};
  expect(answers).toMatchObject({
    who: operator.person.displayName,
    what: { en: expect.any(String), id: expect.any(String) },
    tenant: invoice.tenantId,
    target: `invoice ${invoice.id}`,
    why: '=Charged twice · SUP-4711',
    approvedUnder: { en: expect.stringMatching(/^Policy [0-9a-f]{12}, by the role Billing Operator \(billing\.invoice\.refund\), confirmed by step-up /) },
  });
  const told = steps.map((step: { kind: string; outcome: string; reasonCode: string | null }) => [step.kind, step.outcome, step.reasonCode]);
  expect(told).toEqual([
    ['billing.invoice.refunded', 'denied', 'FORBIDDEN'],
    ['billing.invoice.refunded', 'denied', 'STEP_UP_REQUIRED'],
    ['access.step-up.verified', 'ok', null],
    ['billing.invoice.refunded', 'ok', null],
    ['jobs.message.delivered', 'ok', null],
  ]);
  const act = steps[3];
  expect(act).toMatchObject({
    id: done.data?.['refundInvoice'].auditEventId,
    role: 'billing-operator',
    grantId: expect.any(String),
    stepUpId: expect.any(String),
    surface: 'console',
  });
  expect(act.changes).toContainEqual({ resource: 'invoice', field: 'status', before: 'paid', after: 'partially_refunded', masked: false });
});

test('L4 L16: the policy version that the act names is stored whole', async () => {
  const [event] = await house.events({ correlationId });
  const { data } = await auditor.query('query ($hash: String!) { policyVersion(hash: $hash) { hash body } }', { hash: event?.['policy_version'] });
  expect(JSON.stringify(data?.['policyVersion'].body)).toContain('billing.invoice.refund');
});

test('J06 H18: the auditor downloads it as CSV over HTTP; who may only read is refused', async () => {
  const answer = await auditor.get(`/audit/export?format=csv&correlationId=${correlationId}`);
  expect(answer.status).toBe(200);
  const rows = parse(await answer.text(), { columns: true }) as Record<string, string>[];
  expect(rows.length).toBeGreaterThanOrEqual(5);
  expect(rows.map(({ reason }) => restoreCell(reason ?? ''))).toContain('=Charged twice');
  const refused = await operator.get('/audit/export?format=csv');
  expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
});

test('H08 H15: every event written by the whole house recomputes to its bytes, and holds no password, seed, cookie or code', async () => {
  expect(await findDiscrepancies(house.database.app).next()).toMatchObject({ done: true });
  const { rows } = await sql<{ text: string }>`select event::text || convert_from(canonical, 'UTF8') as text from audit.event event`.execute(house.database.owner);
  const log = rows.map(({ text }) => text).join('\n');
  for (const { person, cookie } of [operator, auditor])
    for (const secret of [person.password, person.totpSecret, cookie().split('=').at(-1) ?? '']) expect(log).not.toContain(secret);
});

test('H04: when the log can not be written, the refund is not done either', async () => {
  const before = await sql`select * from product.invoice where id = ${invoice.id}`.execute(house.database.owner);
  await sql`revoke insert on audit.event from sallyport_app`.execute(house.database.owner);
  try {
    expect((await operator.query(REFUND, input('1000.00'))).codes).toEqual(['AUDIT_UNAVAILABLE']);
  } finally {
    await sql`grant insert on audit.event to sallyport_app`.execute(house.database.owner);
  }
  expect(await sql`select * from product.invoice where id = ${invoice.id}`.execute(house.database.owner)).toEqual(before);
});
