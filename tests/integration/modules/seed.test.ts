import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { column, fieldColumn, keyColumn, table, tenantColumn } from '@sallyport/schema/resources/columns.ts';
import type { TestDatabase } from '../../helpers/database.ts';
import { demoRegistry, openDemoCompany, readOne } from './demo-company.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDemoCompany();
});
afterAll(() => database.drop());

const count = async (query: ReturnType<typeof sql<{ n: number }>>): Promise<number> => (await readOne(database.app, query)).n;

test('every declared field, key, tenant rule and relation is answered by the migrated tables', async () => {
  for (const resource of demoRegistry.resources.values()) {
    const fields = Object.keys(resource.fields).map((name) => sql`${fieldColumn(resource, name, 'r')}`);
    const links = Object.values(resource.relations ?? {}).map((relation) => {
      if (relation.kind === 'one') return sql`${column(relation.column, 'r')}`;
      const other = demoRegistry.resources.get(relation.resource);
      if (!other) throw new Error(relation.resource);
      return sql`(select count(*) from ${table(other, 'o')} where ${sql.id('o', relation.column)} = ${keyColumn(resource, 'r')})`;
    });
    const version = resource.version ? [sql`${column(resource.version.column, 'r')}`] : [];
    const { rows } =
      await sql`select ${sql.join([keyColumn(resource, 'r'), tenantColumn(demoRegistry, resource, 'r'), ...fields, ...links, ...version])} from ${table(resource, 'r')} limit 5`.execute(
        database.app,
      );
    expect(rows.length, resource.name).toBeGreaterThan(0);
  }
});

test('the same seed gives the same rows on another database', async () => {
  const other = await openDemoCompany();
  try {
    const fingerprint = sql<{ hash: string }>`select md5(string_agg(t::text, '' order by t.id)) as hash from (
      select id, concat_ws('|', name, credit_balance, created_at) from product.tenant union all
      select id, concat_ws('|', display_name, email, last_sign_in_at) from product.person union all
      select id, concat_ws('|', number, total, contact_address) from product.invoice union all
      select id, concat_ws('|', reference, amount, balance_after) from product.credit_entry union all
      select id, concat_ws('|', url, created_at) from product.webhook) t`;
    expect((await readOne(other.app, fingerprint)).hash).toBe((await readOne(database.app, fingerprint)).hash);
  } finally {
    await other.drop();
  }
});

test('the books are right: balances are the sum of entries, totals the sum of lines', async () => {
  expect(
    await count(sql`select count(*) as n from product.tenant t where credit_balance <> coalesce((select sum(amount) from product.credit_entry e where e.tenant_id = t.id), 0)`),
  ).toBe(0);
  expect(await count(sql`select count(*) as n from product.invoice i where total <> (select sum(amount) from product.invoice_line l where l.invoice_id = i.id)`)).toBe(0);
  expect(
    await count(
      sql`select count(*) as n from product.invoice where status in ('refunded', 'partially_refunded') and id not in (select invoice_id from product.credit_entry where kind = 'refund')`,
    ),
  ).toBe(0);
});

test('every tenant has one owner, seats for its people, and invoices on which each act can be shown', async () => {
  expect(await count(sql`select count(*) as n from product.tenant t where (select count(*) from product.membership m where m.tenant_id = t.id and org_role = 'owner') <> 1`)).toBe(
    0,
  );
  expect(await count(sql`select count(*) as n from product.tenant t where seat_limit < (select count(*) from product.membership m where m.tenant_id = t.id)`)).toBe(0);
  expect(await count(sql`select count(*) as n from product.tenant t where not exists (select from product.invoice i where i.tenant_id = t.id and i.status = 'paid')`)).toBe(0);
  expect(await count(sql`select count(*) as n from product.invoice where status = 'paid' and total > 250000000`)).toBeGreaterThan(0);
  expect(await count(sql`select count(*) as n from product.invoice where issued_at > '2026-11-20' or paid_at > '2026-11-20'`)).toBe(0);
});

test('100 000 people can be sorted and paged by an index', async () => {
  for (const order of ['created_at', 'last_sign_in_at', 'display_name', 'email']) {
    const tx = await database.owner.startTransaction().execute();
    try {
      await sql`set local enable_seqscan = off`.execute(tx);
      await sql`set local enable_sort = off`.execute(tx);
      const { rows } = await sql<Record<string, string>>`explain select id from product.person order by ${sql.id(order)} desc, id desc limit 100`.execute(tx);
      expect(rows.map((row) => Object.values(row)[0]).join('\n'), order).toMatch(/Index (Only )?Scan/);
    } finally {
      await tx.rollback().execute();
    }
  }
});

test('the gateway writes webhook secrets and can never read one, by declaration or by query (R4, C12)', async () => {
  await expect(sql`select signing_key from product.webhook_secret`.execute(database.app)).rejects.toThrow(/permission denied/);
  await expect(sql`update product.webhook_secret set signing_key = signing_key returning signing_key`.execute(database.app)).rejects.toThrow(/permission denied/);
  expect(await count(sql`select count(webhook_id) as n from product.webhook_secret`)).toBe(await count(sql`select count(*) as n from product.webhook`));
});

test('the credit ledger takes no change and no removal from the gateway', async () => {
  await expect(sql`update product.credit_entry set memo = 'x'`.execute(database.app)).rejects.toThrow(/permission denied/);
  await expect(sql`delete from product.credit_entry`.execute(database.app)).rejects.toThrow(/permission denied/);
});

test('every update of a versioned row raises its version by one', async () => {
  const { before, id } = await readOne(database.app, sql<{ before: number; id: string }>`select id, version as before from product.invoice limit 1`);
  const { after } = await readOne(
    database.app,
    sql<{ after: number }>`update product.invoice set times_sent = times_sent, version = 77 where id = ${id} returning version as after`,
  );
  expect(after).toBe(before + 1);
});
