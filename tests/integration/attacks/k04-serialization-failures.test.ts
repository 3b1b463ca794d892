import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants, outcomes, paidInvoices, REFUND, refund } from '../../harness/demo-acts.ts';
import { type Answered, startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let dewi: TestClient;
let tenant: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  dewi = await gateway.asRole('billing-operator');
  tenant = (await openTenants(gateway))[0] ?? '';
  const { owner } = gateway.database;
  // Counts down outside of any transaction: a sequence is not rolled back.
  await sql`create sequence product.failures_left`.execute(owner);
  await sql`grant usage, update, select on sequence product.failures_left to sallyport_app`.execute(owner);
  await sql`
    create function product.fail_for_now() returns trigger language plpgsql as $$
    begin
      if nextval('product.failures_left') <= tg_argv[1]::int then raise exception 'try again' using errcode = tg_argv[0]; end if;
      return new;
    end $$`.execute(owner);
});
afterAll(() => gateway.close());

async function withFailures<T>(state: string, times: number, work: () => Promise<T>): Promise<T> {
  const { owner } = gateway.database;
  await sql`alter sequence product.failures_left restart with 1`.execute(owner);
  await sql`create trigger fail_for_now before insert on product.credit_entry for each row execute function product.fail_for_now(${sql.lit(state)}, ${sql.lit(String(times))})`.execute(
    owner,
  );
  try {
    return await work();
  } finally {
    await sql`drop trigger fail_for_now on product.credit_entry`.execute(owner);
  }
}

test.each(['40001', '40P01'])('K04 %s twice: the whole transaction is repeated, with one effect and one event', async (state) => {
  const correlationId = randomUUID();
  const answer = await withFailures(state, 2, () => dewi.query(ADJUST, { input: adjustment(tenant) }, { correlationId, idempotencyKey: randomUUID() }));
  expect(answer.errors).toEqual([]);
  expect(await booked(gateway, correlationId)).toBe(1);
  expect(await outcomes(gateway, correlationId)).toEqual(['ok']);
});

test.each(['40001', '40P01'])('K04 %s for ever: after three tries CONFLICT, one event, nothing booked', async (state) => {
  const correlationId = randomUUID();
  const answer = await withFailures(state, 1_000_000, () => dewi.query(ADJUST, { input: adjustment(tenant) }, { correlationId }));
  expect(answer.codes).toEqual(['CONFLICT']);
  expect(await booked(gateway, correlationId)).toBe(0);
  expect(await outcomes(gateway, correlationId)).toEqual(['denied CONFLICT']);
  const { rows } = await sql<{ tries: number }>`select last_value::int as tries from product.failures_left`.execute(gateway.database.owner);
  expect(rows).toEqual([{ tries: 3 }]);
});

test('K04 X6 rights are part of what is repeated: a grant revoked between two tries counts', async () => {
  const { owner } = gateway.database;
  const correlationId = randomUUID();
  await sql`alter sequence product.failures_left restart with 1`.execute(owner);
  // The first try fails only after somebody else has revoked the grant: it waits for a lock that they hold.
  await sql`
    create function product.fail_after_lock() returns trigger language plpgsql as $$
    begin
      if nextval('product.failures_left') = 1 then perform pg_sleep(0.3); raise exception 'try again' using errcode = '40001'; end if;
      return new;
    end $$`.execute(owner);
  await sql`create trigger fail_after_lock before insert on product.credit_entry for each row execute function product.fail_after_lock()`.execute(owner);
  const sending = dewi.query(ADJUST, { input: adjustment(tenant) }, { correlationId });
  await wait(120);
  // Waits for the first try's lock on the grant, and is ahead of the second.
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where staff_id = (select id from gateway.staff where email = ${dewi.person.email})`.execute(owner);
  const answer = await sending;
  await sql`update gateway.access_grant set revoked_at = null`.execute(owner);
  await sql`drop trigger fail_after_lock on product.credit_entry`.execute(owner);
  expect([...answer.codes, await booked(gateway, correlationId)]).toSatisfy((seen: readonly unknown[]) => (seen[0] === 'FORBIDDEN' && seen[1] === 0) || seen[0] === 1);
  expect(await outcomes(gateway, correlationId)).toHaveLength(1);
});

test('K04 a provoked deadlock ends for both sides, and the refund is booked once or told as CONFLICT', async () => {
  const invoice = (await paidInvoices(gateway))[0] ?? '';
  const correlationId = randomUUID();
  let answer: Promise<Answered> | null = null;
  await gateway.database.owner
    .transaction()
    .execute(async (tx) => {
      const { rows } = await sql<{ id: string }>`select id from product.tenant where id = (select tenant_id from product.invoice where id = ${invoice}) for update`.execute(tx);
      expect(rows).toHaveLength(1);
      answer = dewi.query(REFUND, { input: refund(invoice, '1.00') }, { correlationId });
      await wait(200);
      await sql`select id from product.invoice where id = ${invoice} for update`.execute(tx);
    })
    .catch((error: { code?: string }) => expect(error.code).toBe('40P01'));
  const { codes } = (await (answer as Promise<Answered> | null)) ?? { codes: ['nothing sent'] };
  const done = codes.length === 0;
  if (!done) expect(codes).toEqual(['CONFLICT']);
  expect(await booked(gateway, correlationId)).toBe(done ? 1 : 0);
  expect(await outcomes(gateway, correlationId)).toHaveLength(1);
});
