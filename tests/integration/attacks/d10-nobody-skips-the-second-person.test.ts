import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants, outcomes } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const LARGE = '250000000.01';
/** Checksum of everything that the product holds of money. */
const books = async (): Promise<unknown> =>
  (
    await sql`select (select count(*) from product.credit_entry) as entries, (select sum(credit_balance) from product.tenant) as balances,
      (select md5(string_agg(t::text, '' order by t.id)) from product.tenant t) as tenants`.execute(gateway.database.owner)
  ).rows[0];

test('D10 Inv4 a direct call of what needs a second person is filed and nothing else: no row of the product changes, the proof is spent once', async () => {
  const dewi = await gateway.asRole('billing-operator');
  const before = await books();
  const correlationId = randomUUID();
  const answer = await dewi.act(ADJUST, { input: adjustment((await openTenants(gateway))[0] ?? '', LARGE) }, { correlationId });
  expect(answer.data?.['adjustCredit'].status).toBe('PENDING_APPROVAL');
  expect(await booked(gateway, correlationId)).toBe(0);
  expect(await books()).toEqual(before);
  expect(await outcomes(gateway, correlationId)).toEqual(['denied STEP_UP_REQUIRED', 'ok', 'ok']);
  const kinds = (await gateway.events({ correlationId })).map((event) => event['kind']);
  expect(kinds).toEqual(['billing.credit.adjusted', 'access.step-up.verified', 'approvals.request.filed']);
});

test('D10 a session that may only read, and somebody without the right, file nothing', async () => {
  const rina = await gateway.asRole('support-viewer');
  const input = adjustment((await openTenants(gateway))[0] ?? '', LARGE);
  const count = async () => (await sql<{ n: number }>`select count(*)::int as n from gateway.approval_request`.execute(gateway.database.owner)).rows[0]?.n;
  const before = await count();
  expect((await rina.act(ADJUST, { input })).codes).toEqual(['FORBIDDEN']);
  const dewi = await gateway.asRole('billing-operator');
  await sql`update gateway.session set mode = 'read-only' where staff_id = (select id from gateway.staff where email = ${dewi.person.email})`.execute(gateway.database.owner);
  expect((await dewi.act(ADJUST, { input })).codes).toEqual(['READ_ONLY_SESSION']);
  await sql`update gateway.session set mode = 'normal'`.execute(gateway.database.owner);
  expect(await count()).toBe(before);
});

test('D10 C10 claims of an approval in the request are BAD_INPUT, not an approval', async () => {
  const dewi = await gateway.asRole('billing-operator');
  const input = adjustment((await openTenants(gateway))[0] ?? '', LARGE);
  for (const claim of [{ approved: true }, { approvalId: randomUUID() }, { approvalRequest: { id: randomUUID() } }]) {
    expect((await dewi.query(ADJUST, { input: { ...input, ...claim } })).codes).toEqual(['BAD_INPUT']);
  }
});
