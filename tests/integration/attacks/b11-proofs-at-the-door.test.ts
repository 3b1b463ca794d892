import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { booked, outcomes, paidInvoices, REFUND, refund, SENSITIVE_AMOUNT } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let dewi: TestClient;
let invoices: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway();
  dewi = await gateway.asRole('billing-operator');
  invoices = await paidInvoices(gateway);
});
afterAll(() => gateway.close());

async function proofOf(client: TestClient, input: Readonly<Record<string, unknown>>): Promise<string> {
  const asked = (await client.query(REFUND, { input })).errors[0]?.extensions.challenge;
  return client.stepUp(asked ?? '');
}
const done = (answer: { readonly data: Record<string, { status?: string }> | null | undefined }): boolean => answer.data?.['refundInvoice']?.status === 'EXECUTED';

test('B12 B14 Inv4 a proof of another target, argument, session or person does nothing, and the refusal names the digest of what was asked', async () => {
  const [first = '', second = ''] = invoices;
  const input = refund(first, SENSITIVE_AMOUNT);
  const digest = (await dewi.query(REFUND, { input })).errors[0]?.extensions.actionDigest;
  const otherSession = await gateway.as(dewi.person);
  const colleague = await gateway.as(gateway.personWith('billing-operator', 'tenant'));
  await sql`update gateway.access_grant set is_global = true, tenant_ids = '{}' where staff_id = (select id from gateway.staff where email = ${colleague.person.email})`.execute(
    gateway.database.owner,
  );
  const proofs = [
    await proofOf(dewi, refund(second, SENSITIVE_AMOUNT)),
    await proofOf(dewi, refund(first, '1000002.00')),
    await proofOf(dewi, { ...input, justification: { reason: 'Another reason', ticket: 'TEST-5' } }),
    await proofOf(otherSession, input),
    await proofOf(colleague, input),
  ];
  const correlationId = randomUUID();
  for (const proof of proofs) {
    const answer = await dewi.query(REFUND, { input }, { proof, correlationId });
    expect(answer.codes).toEqual(['STEP_UP_REQUIRED']);
    expect(answer.errors[0]?.extensions.actionDigest).toBe(digest);
  }
  expect(await booked(gateway, correlationId)).toBe(0);
  expect(await outcomes(gateway, correlationId)).toEqual(proofs.map(() => 'denied STEP_UP_REQUIRED'));
});

test('B13 X6 20 parallel uses of one proof: exactly one executes', async () => {
  const input = refund(invoices[1] ?? '', SENSITIVE_AMOUNT);
  const proof = await proofOf(dewi, input);
  const correlationId = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => dewi.query(REFUND, { input }, { proof, correlationId })));
  expect(answers.filter(done)).toHaveLength(1);
  expect(await booked(gateway, correlationId)).toBe(1);
  const told = await outcomes(gateway, correlationId);
  expect(told.filter((outcome) => outcome === 'ok')).toHaveLength(1);
  expect(told).toHaveLength(20);
});

test('B13 one document with two sensitive mutations and one proof is refused whole, and the proof stays unspent', async () => {
  const input = refund(invoices[2] ?? '', SENSITIVE_AMOUNT);
  const proof = await proofOf(dewi, input);
  const twice = 'mutation Act($input: RefundInvoiceInput!) { a: refundInvoice(input: $input) { status } b: refundInvoice(input: $input) { status } }';
  expect((await dewi.query(twice, { input }, { proof })).codes).toEqual(['QUERY_REJECTED']);
  expect(done(await dewi.query(REFUND, { input }, { proof }))).toBe(true);
});

test("B11 Inv15 a proof works a second before its end by the database's clock, and not at its end", async () => {
  const input = refund(invoices[3] ?? '', SENSITIVE_AMOUNT);
  const age = (seconds: number) =>
    sql`update gateway.step_up set expires_at = clock_timestamp() + make_interval(secs => ${seconds}) where verified_at is not null and consumed_at is null`.execute(
      gateway.database.owner,
    );
  const proof = await proofOf(dewi, input);
  await age(0);
  expect((await dewi.query(REFUND, { input }, { proof })).codes).toEqual(['STEP_UP_REQUIRED']);
  await age(1);
  expect(done(await dewi.query(REFUND, { input }, { proof }))).toBe(true);
});
