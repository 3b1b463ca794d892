import { randomUUID } from 'node:crypto';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { beginLog } from '@sallyport/server/integrity/begin-log.ts';
import { StartRefusal } from '@sallyport/server/start-refusal.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let client: pg.Client;
async function append(count: number): Promise<void> {
  const log = createAuditLog({ db: gateway.database.app, policy: { hash: 'a'.repeat(64) }, environment: 'test', roles: new Map() });
  const draft = { kind: 'billing.invoice.read', outcome: 'ok', effect: 'read', surface: 'api', ip: null, viewer: null } as const;
  await Promise.all(Array.from({ length: count }, () => log.record({ ...draft, correlationId: randomUUID() })));
}
beforeAll(async () => {
  gateway = await startTestGateway();
  await gateway.asRole('support-viewer');
  // Sealed together, so that there are sizes that nobody signed.
  await append(10);
  await gateway.gateway.integrity.sealNow();
  client = new pg.Client({ connectionString: gateway.database.appUrl });
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await gateway?.close();
});

/** Everything that the tree is made of. */
const tree = async () =>
  (
    await gateway.database.ownerPool.query(
      `select (select md5(string_agg(l::text, ',' order by log_index)) from audit.leaf l) as leaves, (select md5(string_agg(n::text, ',' order by level, position)) from audit.node n) as nodes,
         (select h::text from audit.log_head h) as head, (select md5(string_agg(c::text, ',' order by size)) from audit.checkpoint c) as checkpoints,
         (select md5(string_agg(g::text, ',')) from audit.log_gap g) as gaps`,
    )
  ).rows;

const TABLES = ['leaf', 'node', 'log_head', 'checkpoint', 'log_gap'] as const;
const ATTEMPTS = TABLES.flatMap((table) => [
  `delete from audit.${table}`,
  `truncate audit.${table}`,
  `insert into audit.${table} select * from audit.${table} limit 1`,
  `alter table audit.${table} disable trigger all`,
  `drop table audit.${table}`,
  `alter table audit.${table} owner to current_user`,
  `create rule nothing as on insert to audit.${table} do instead nothing`,
]);

test.each([
  ...ATTEMPTS,
  "update audit.leaf set leaf_hash = sha256('')",
  "update audit.node set hash = sha256('')",
  "update audit.log_head set size = 0, root = sha256(''), edge = ''",
  "update audit.checkpoint set note = ''",
  'update audit.log_gap set origin_after = origin_before',
  // A waiting event can't be made to be forgotten, or to be another one.
  'delete from audit.unsealed',
  "update audit.unsealed set leaf_hash = sha256('')",
  'truncate audit.unsealed',
  'delete from audit.cosignature',
  "update audit.cosignature set line = '— somebody AAAA'",
  'delete from audit.log_key',
  "update audit.log_key set verifier = 'somebody'",
  'update audit.log_key set since_size = 0',
  'create or replace function audit.seal(most integer, out first bigint, out edge bytea, out leaf_hashes bytea) language sql as $$ select null::bigint, null::bytea, null::bytea $$',
  'create or replace function audit.thin_checkpoints() returns bigint language sql as $$ select 0::bigint $$',
  'alter function audit.seal(integer) owner to current_user',
])("H13 the gateway's login may not: %s", async (statement) => {
  const before = await tree();
  await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
  expect(await tree()).toEqual(before);
});

test('H13 the auditor reads the tree and writes nothing', async () => {
  const { rows } = await gateway.database.ownerPool.query<{ name: string; reads: boolean; writes: boolean }>(
    `select name, has_table_privilege('sallyport_auditor', 'audit.' || name, 'select') as reads, has_table_privilege('sallyport_auditor', 'audit.' || name, 'insert, update, delete, truncate, trigger') as writes
     from unnest($1::text[]) as name`,
    [TABLES],
  );
  expect(rows).toEqual(TABLES.map((name) => ({ name, reads: true, writes: false })));
});

test.each([
  [
    'a head that the log has not had',
    'select audit.keep_checkpoint(origin, size, sha256(root), note) from (select h.origin, h.size, h.root, c.note from audit.log_head h join audit.checkpoint c using (origin, size)) as head',
  ],
  [
    'a head of the future',
    'select audit.keep_checkpoint(origin, size + 1000, root, note) from (select h.origin, h.size, h.root, c.note from audit.log_head h join audit.checkpoint c using (origin, size)) as head',
  ],
  [
    'a false root for an earlier size that nobody signed',
    'select audit.keep_checkpoint(h.origin, n, sha256(h.root), c.note) from audit.log_head h join audit.checkpoint c using (origin, size), generate_series(1, h.size) n where not exists (select from audit.checkpoint other where other.size = n) limit 1',
  ],
  ['a tree without its leaves', `select audit.advance(size, size + 5, sha256(root), edge, '{}', '{}', '{}') from audit.log_head`],
  ['a tree that shrinks', `select audit.advance(size, size - 1, sha256(root), edge, '{}', '{}', '{}') from audit.log_head`],
  ['a tree that stays', `select audit.advance(size, size, sha256(root), edge, '{}', '{}', '{}') from audit.log_head`],
])('H13 the functions of the tree refuse %s', async (_, statement) => {
  const before = await tree();
  await expect(client.query(statement)).rejects.toThrow();
  expect(await tree()).toEqual(before);
});

test("H13 leaves that the gateway's login places and leaves lying are in the tree after the next round: nothing waits behind them", async () => {
  const { integrity } = gateway.gateway;
  for (let turn = 0, placed = 0; placed === 0; turn += 1) {
    expect(turn, 'the gateway was always quicker').toBeLessThan(100);
    await append(1);
    placed = (await client.query<{ placed: number }>(`select coalesce(octet_length(leaf_hashes), 0) / 32 as placed from audit.seal(1)`)).rows[0]?.placed ?? 0;
  }
  await append(1);
  // A round for what lay about, and one for what waits.
  await integrity.sealNow();
  await integrity.sealNow();
  const { rows } = await client.query<{ size: string; leaves: string; waiting: string; signed: string }>(
    `select size::text, (select count(*)::text from audit.leaf) as leaves, (select count(*)::text from audit.unsealed) as waiting, (select max(c.size)::text from audit.checkpoint c) as signed from audit.log_head`,
  );
  expect(rows[0]).toEqual({ size: rows[0]?.leaves, leaves: rows[0]?.size, waiting: '0', signed: rows[0]?.size });
});

test('H13 a line that is no cosignature is left out of a checkpoint, which stays readable', async () => {
  await client.query(`insert into audit.cosignature (origin, size, witness, line) select origin, max(size), 'somebody', '— somebody AAAA' from audit.checkpoint group by origin`);
  const latest = await gateway.gateway.integrity.reader.latestCheckpoint();
  expect(latest?.note).not.toContain('somebody');
  const { rows } = await client.query<{ lines: number }>('select count(*)::int as lines from audit.cosignature where size = $1', [latest?.size]);
  expect(rows[0]?.lines).toBe(1);
});

test('H13 what could never become a leaf is not taken into the queue, where everything would wait behind it', async () => {
  await expect(client.query(`insert into audit.unsealed (event_id, time, retention, leaf_hash) values (gen_random_uuid(), now(), 'act', 'short')`)).rejects.toMatchObject({
    code: '23514',
  });
});

// These come last: the log has another name from here on, and then a head that is not its own.
test('H09 H13 a name that nobody acknowledged is given no key: nothing is signed under it, and no gateway starts on it', async () => {
  await client.query(`select audit.continue_log(gen_random_uuid(), origin, origin || '/gap/1', 1, 'x') from audit.log_head`);
  await expect(beginLog(gateway.database.app, gateway.keys, { configured: null, invented: 'log.example/other' })).rejects.toThrow(StartRefusal);
  await expect(gateway.gateway.integrity.sealNow()).rejects.toThrow(/no key that signs/);
  expect((await client.query(`select from audit.checkpoint where origin like '%/gap/1'`)).rowCount).toBe(0);
});

test("H13 a head that the gateway's login moves to a root of its own making is not signed", async () => {
  for (let turn = 0, moved = 0; moved === 0; turn += 1) {
    expect(turn, 'the gateway was always quicker').toBeLessThan(100);
    await append(1);
    await client.query('begin');
    await client.query('select audit.seal(100)');
    const { rowCount } = await client.query(`
      select audit.advance(head.size, leaves.count, sha256('mine'), head.edge, '{}', '{}', '{}')
      from audit.log_head head, (select count(*) as count from audit.leaf) leaves where head.size < leaves.count`);
    await client.query('commit');
    moved = rowCount ?? 0;
  }
  await expect(gateway.gateway.integrity.sealNow()).rejects.toThrow(/do not lead to the root/);
  expect((await client.query(`select from audit.checkpoint where root = sha256('mine')`)).rowCount).toBe(0);
});
