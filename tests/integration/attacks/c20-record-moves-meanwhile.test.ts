import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { sql, type Transaction } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { booked, openTenants, outcomes, paidInvoices, REFUND, refund } from '../../harness/demo-acts.ts';
import { type Answered, startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

/** Sends a refund while another transaction has changed the row and not yet committed. */
async function refundBeside(
  client: TestClient,
  invoice: string,
  correlationId: string,
  change: (tx: Transaction<unknown>) => Promise<unknown>,
  input = refund(invoice, '1.00'),
): Promise<Answered> {
  let answer: Promise<Answered> | null = null;
  await gateway.database.owner.transaction().execute(async (tx) => {
    await change(tx);
    answer = client.query(REFUND, { input }, { correlationId });
    await wait(150);
  });
  if (answer === null) throw new Error('nothing was sent');
  return answer;
}

test('C20 the state changes between request and write: CONFLICT, nothing booked', async () => {
  const dewi = await gateway.asRole('billing-operator');
  const invoice = (await paidInvoices(gateway))[0] ?? '';
  const correlationId = randomUUID();
  const answer = await refundBeside(dewi, invoice, correlationId, (tx) =>
    sql`update product.invoice set status = 'refunded', amount_refunded = amount_paid where id = ${invoice}`.execute(tx),
  );
  expect(answer.codes).toEqual(['CONFLICT']);
  expect(await booked(gateway, correlationId)).toBe(0);
  expect(await outcomes(gateway, correlationId)).toEqual(['denied CONFLICT']);
});

test('C20 the version moves on between request and write: CONFLICT', async () => {
  const dewi = await gateway.asRole('billing-operator');
  const invoice = (await paidInvoices(gateway))[1] ?? '';
  const correlationId = randomUUID();
  const version = (await dewi.query('query ($id: ID!) { invoice(id: $id) { version } }', { id: invoice })).data?.['invoice'].version;
  const input = { ...refund(invoice, '1.00'), expectedVersion: version };
  const answer = await refundBeside(dewi, invoice, correlationId, (tx) => sql`update product.invoice set times_sent = times_sent + 1 where id = ${invoice}`.execute(tx), input);
  expect(answer.codes).toEqual(['CONFLICT']);
  expect(await booked(gateway, correlationId)).toBe(0);
});

test('C20 C14 the record moves to a tenant out of reach: NOT_FOUND, as if it had never been there', async () => {
  const ratna = gateway.personWith('billing-operator', 'tenant');
  const mine = new Set(ratna.tenants);
  const elsewhere = (await openTenants(gateway)).find((id) => !mine.has(id)) ?? '';
  const { rows } = await sql<{ id: string }>`select id from product.invoice where status = 'paid' and tenant_id = any(${[...mine]}::uuid[]) limit 1`.execute(
    gateway.database.owner,
  );
  const invoice = rows[0]?.id ?? '';
  const client = await gateway.as(ratna);
  const correlationId = randomUUID();
  const answer = await refundBeside(client, invoice, correlationId, (tx) => sql`update product.invoice set tenant_id = ${elsewhere} where id = ${invoice}`.execute(tx));
  expect(answer.codes).toEqual(['NOT_FOUND']);
  const absent = await client.query(REFUND, { input: refund(randomUUID(), '1.00') });
  expect(answer.errors[0]?.message).toBe(absent.errors[0]?.message);
  expect(await booked(gateway, correlationId)).toBe(0);
});
