import { sql } from 'kysely';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, openInvoices, openTenants } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let dewi: TestClient;
beforeAll(async () => {
  gateway = await startTestGateway();
  dewi = await gateway.asRole('billing-operator');
});
afterAll(() => gateway.close());

const ofDewi = () => sql`staff_id = (select id from gateway.staff where email = ${dewi.person.email})`;
const restore = () => sql`update gateway.access_grant set revoked_at = null where ${ofDewi()}`.execute(gateway.database.owner);

test('C19 X6 a grant revoked between two routine mutations of one document: the first is done, the second is refused', async () => {
  const [first = '', second = ''] = await openInvoices(gateway);
  const { owner } = gateway.database;
  // The first act itself takes the right away, in its own transaction: nothing of it can be seen before, all of it afterwards.
  await sql`
    create function product.revoke_on_send() returns trigger language plpgsql as $$
    begin
      update gateway.access_grant set revoked_at = clock_timestamp();
      return new;
    end $$`.execute(owner);
  await sql`create trigger revoke_on_send after update of times_sent on product.invoice for each row execute function product.revoke_on_send()`.execute(owner);
  try {
    const document = 'mutation ($a: ResendInvoiceInput!, $b: ResendInvoiceInput!) { a: resendInvoice(input: $a) { status } b: resendInvoice(input: $b) { status } }';
    const answer = await dewi.query(document, { a: { id: first }, b: { id: second } });
    expect(answer.codes).toEqual(['FORBIDDEN']);
    expect(answer.errors[0]?.path).toEqual(['b']);
    const told = await gateway.events({ kind: 'billing.invoice.resent' });
    expect(told.map((event) => [event['target_id'], event['outcome'], event['reason_code']])).toEqual([
      [first, 'ok', null],
      [second, 'denied', 'FORBIDDEN'],
    ]);
  } finally {
    await sql`drop trigger revoke_on_send on product.invoice`.execute(owner);
    await sql`update gateway.access_grant set revoked_at = null`.execute(owner);
  }
});

test('C19 A05 a revocation under way when the request came in is waited for inside the transaction, and then holds', async () => {
  const tenant = (await openTenants(gateway))[0] ?? '';
  const answers: ReturnType<TestClient['query']>[] = [];
  await gateway.database.owner.transaction().execute(async (tx) => {
    await sql`update gateway.access_grant set revoked_at = clock_timestamp() where ${ofDewi()}`.execute(tx);
    answers.push(dewi.query(ADJUST, { input: adjustment(tenant) }));
    await wait(150);
  });
  expect((await Promise.all(answers)).map(({ codes }) => codes)).toEqual([['FORBIDDEN']]);
  await restore();
});
