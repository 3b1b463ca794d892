import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants, outcomes, REFUND, refund, paidInvoices, SENSITIVE_AMOUNT } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let dewi: TestClient;
let tenant: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  dewi = await gateway.asRole('billing-operator');
  tenant = (await openTenants(gateway))[0] ?? '';
});
afterAll(() => gateway.close());

test('K05 K09 20 parallel sendings under one key: one runs, all get its answer, one event', async () => {
  const [correlationId, idempotencyKey] = [randomUUID(), randomUUID()];
  const answers = await Promise.all(Array.from({ length: 20 }, () => dewi.query(ADJUST, { input: adjustment(tenant) }, { correlationId, idempotencyKey })));
  expect(new Set(answers.map((answer) => answer.data?.['adjustCredit']?.auditEventId)).size).toBe(1);
  expect(answers.every((answer) => answer.data?.['adjustCredit']?.status === 'EXECUTED')).toBe(true);
  expect(await booked(gateway, correlationId)).toBe(1);
  expect(await outcomes(gateway, correlationId)).toEqual(['ok']);
});

test('K05 another body under the key is IDEMPOTENCY_MISMATCH, whatever differs', async () => {
  const idempotencyKey = randomUUID();
  await dewi.query(ADJUST, { input: adjustment(tenant) }, { idempotencyKey });
  const correlationId = randomUUID();
  const others = [
    adjustment(tenant, '2.00'),
    adjustment((await openTenants(gateway))[1] ?? ''),
    { ...adjustment(tenant), justification: { reason: 'Another', ticket: 'TEST-5' } },
    { ...adjustment(tenant), memo: 'x' },
  ];
  for (const input of others) expect((await dewi.query(ADJUST, { input }, { idempotencyKey, correlationId })).codes).toEqual(['IDEMPOTENCY_MISMATCH']);
  expect((await dewi.query(REFUND, { input: refund((await paidInvoices(gateway))[0] ?? '', '1.00') }, { idempotencyKey, correlationId })).codes).toEqual(['IDEMPOTENCY_MISMATCH']);
  expect(await booked(gateway, correlationId)).toBe(0);
});

test("K05 another person's key of the same name is another key", async () => {
  const idempotencyKey = randomUUID();
  const ratna = await gateway.as(gateway.personWith('billing-operator', 'tenant'));
  const theirs =
    (await sql<{ id: string }>`select id from product.tenant where status <> 'closed' and id = any(${ratna.person.tenants}::uuid[])`.execute(gateway.database.owner)).rows[0]?.id ??
    '';
  const [mine, hers] = [randomUUID(), randomUUID()];
  expect((await dewi.query(ADJUST, { input: adjustment(theirs) }, { idempotencyKey, correlationId: mine })).errors).toEqual([]);
  expect((await ratna.query(ADJUST, { input: adjustment(theirs, '3.00') }, { idempotencyKey, correlationId: hers })).errors).toEqual([]);
  expect([await booked(gateway, mine), await booked(gateway, hers)]).toEqual([1, 1]);
});

test('K05 a refused request does not use up its key: the same request with its proof runs under it', async () => {
  const idempotencyKey = randomUUID();
  const input = refund((await paidInvoices(gateway))[1] ?? '', SENSITIVE_AMOUNT);
  const answer = await dewi.act(REFUND, { input }, { idempotencyKey });
  expect(answer.data?.['refundInvoice'].status).toBe('EXECUTED');
});

test('K05 after 24 hours a key is forgotten and may stand for another request', async () => {
  const idempotencyKey = randomUUID();
  await dewi.query(ADJUST, { input: adjustment(tenant) }, { idempotencyKey });
  await sql`update gateway.idempotency set created_at = created_at - interval '24 hours' where key = ${idempotencyKey}`.execute(gateway.database.owner);
  const correlationId = randomUUID();
  expect((await dewi.query(ADJUST, { input: adjustment(tenant, '2.00') }, { idempotencyKey, correlationId })).errors).toEqual([]);
  expect(await booked(gateway, correlationId)).toBe(1);
});

test('K05 A05 a session that ended gets no stored answer', async () => {
  const client = await gateway.asRole('billing-operator');
  const idempotencyKey = randomUUID();
  await client.query(ADJUST, { input: adjustment(tenant) }, { idempotencyKey });
  const cookie = client.cookie();
  await client.post('/auth/sign-out', {});
  expect((await client.query(ADJUST, { input: adjustment(tenant) }, { idempotencyKey, headers: { cookie } })).codes).toEqual(['UNAUTHENTICATED']);
});
