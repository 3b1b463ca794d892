import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let dewi: TestClient;
let tenant: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  dewi = await gateway.asRole('billing-operator');
  tenant = (await openTenants(gateway))[0] ?? '';
  await sql`create function audit.break() returns trigger language plpgsql as $$ begin raise exception 'broken' using errcode = tg_argv[0]; end $$`.execute(gateway.database.owner);
});
afterAll(() => gateway.close());

const balance = async () => (await sql`select credit_balance, version from product.tenant where id = ${tenant}`.execute(gateway.database.owner)).rows;

test.each([
  ['a constraint of the log fails', '23514'],
  ['the disk is full', '53100'],
  ['a right is missing', '42501'],
  ['the log has an error of its own', 'XX000'],
])('H04 Inv1 %s: AUDIT_UNAVAILABLE, the change is rolled back, and the same key works afterwards', async (_, state) => {
  const { owner } = gateway.database;
  const before = await balance();
  const [correlationId, idempotencyKey] = [randomUUID(), randomUUID()];
  await sql`create trigger broken before insert on audit.event for each row execute function audit.break(${sql.lit(state)})`.execute(owner);
  try {
    const answer = await dewi.query(ADJUST, { input: adjustment(tenant) }, { correlationId, idempotencyKey });
    expect(answer.codes).toEqual(['AUDIT_UNAVAILABLE']);
    expect(JSON.stringify(answer.errors)).not.toContain('broken');
    expect(await balance()).toEqual(before);
    expect(await booked(gateway, correlationId)).toBe(0);
    // What isn't there can't be read either: a personal read is withheld, whoever asks.
    const read = await dewi.query('{ invoices(first: 1) { nodes { billingContactAddress } } }');
    expect(read.codes).toEqual(['AUDIT_UNAVAILABLE']);
    expect(read.data ?? null).toBeNull();
  } finally {
    await sql`drop trigger broken on audit.event`.execute(owner);
  }
  const later = await dewi.query(ADJUST, { input: adjustment(tenant) }, { correlationId, idempotencyKey });
  expect(later.data?.['adjustCredit'].status).toBe('EXECUTED');
  expect(await booked(gateway, correlationId)).toBe(1);
});
