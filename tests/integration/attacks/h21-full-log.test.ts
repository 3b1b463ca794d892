import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkBooks, countDiscrepancies } from '../../harness/log-checks/check-books.ts';
import { ADJUST, adjustment, booked, openTenants } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

const TABLES = ['unsealed', 'leaf', 'node', 'checkpoint'] as const;
type Table = (typeof TABLES)[number];

let gateway: TestGateway;
let dewi: TestClient;
let tenant: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  dewi = await gateway.asRole('billing-operator');
  tenant = (await openTenants(gateway))[0] ?? '';
  await sql`create function audit.full_disk() returns trigger language plpgsql as $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`.execute(
    gateway.database.owner,
  );
});
afterEach(async () => {
  for (const table of TABLES) await sql`drop trigger if exists full_disk on ${sql.table(`audit.${table}`)}`.execute(gateway.database.owner);
});
afterAll(() => gateway?.close());

const fill = (table: Table): Promise<unknown> =>
  sql`create trigger full_disk before insert on ${sql.table(`audit.${table}`)} for each statement execute function audit.full_disk()`.execute(gateway.database.owner);
const act = async (): Promise<{ readonly code: string | null; readonly correlationId: string; readonly event: string | undefined }> => {
  const correlationId = randomUUID();
  const answer = await dewi.query(ADJUST, { input: adjustment(tenant) }, { correlationId, idempotencyKey: randomUUID() });
  return { code: answer.codes[0] ?? null, correlationId, event: answer.data?.['adjustCredit']?.auditEventId };
};
const state = async (): Promise<{ readonly size: number; readonly signed: number; readonly waiting: number }> => {
  const { rows } = await sql<{ size: number; signed: number; waiting: number }>`
    select size, (select max(size) from audit.checkpoint) as signed, (select count(*)::int from audit.unsealed) as waiting from audit.log_head`.execute(gateway.database.owner);
  return rows[0] ?? { size: -1, signed: -1, waiting: -1 };
};

test('H21 H04 no room for what waits to be sealed: every change is refused and rolled back, reads work, and so does everything afterwards', async () => {
  await fill('unsealed');
  for (let turn = 0; turn < 3; turn += 1) {
    const { code, correlationId } = await act();
    expect(code).toBe('AUDIT_UNAVAILABLE');
    expect(await booked(gateway, correlationId)).toBe(0);
  }
  const read = await dewi.query('{ tenants(first: 3) { nodes { id name } } }');
  expect(read.codes).toEqual([]);
  expect(read.data?.['tenants'].nodes).toHaveLength(3);
  await sql`drop trigger full_disk on audit.unsealed`.execute(gateway.database.owner);
  const { code, correlationId } = await act();
  expect(code).toBeNull();
  expect(await booked(gateway, correlationId)).toBe(1);
});

test.each<readonly [Table]>([['leaf'], ['checkpoint']])(
  'H21 no room in audit.%s: what was acknowledged waits, nothing of it is lost or signed half, and it is sealed and signed when there is room',
  async (table) => {
    await gateway.gateway.integrity.sealNow();
    const before = await state();
    await fill(table);
    const done = await Promise.all([act(), act(), act()]);
    expect(done.map(({ code }) => code)).toEqual([null, null, null]);
    await expect(gateway.gateway.integrity.sealNow()).rejects.toMatchObject({ code: '53100' });
    const during = await state();
    expect(during.signed).toBe(before.signed);
    if (table === 'leaf') expect(during).toMatchObject({ size: before.size, waiting: expect.toSatisfy((waiting: number) => waiting >= 3) });
    expect((await dewi.query('{ tenants(first: 1) { nodes { id } } }')).codes).toEqual([]);
    await sql`drop trigger full_disk on ${sql.table(`audit.${table}`)}`.execute(gateway.database.owner);
    await gateway.gateway.integrity.sealNow();
    const after = await state();
    expect(after).toMatchObject({ waiting: 0, signed: after.size });
    const { discrepancies } = await checkBooks(gateway.database.ownerPool, { signed: [], witnessed: [], acknowledged: done.flatMap(({ event }) => event ?? []) });
    expect(countDiscrepancies(discrepancies)).toBe(0);
  },
);
