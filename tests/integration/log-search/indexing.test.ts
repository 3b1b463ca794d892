import { randomUUID } from 'node:crypto';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { indexEvents } from '@sallyport/server/search/index-events.ts';
import { startIndexing } from '@sallyport/server/search/start-indexing.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog, refund } from '../audit/log-fixture.ts';
import { beginTestLog, reader, sealAll, search } from './search-fixture.ts';

let database: TestDatabase;
const everywhere = reader('global');
const log = createLog('silent');

beforeAll(async () => {
  database = await createTestDatabase();
  await beginTestLog(database.owner);
});
afterAll(() => database?.drop());

const append = (reason: string): Promise<{ id: string }> => openLog(database.app).append(database.app, refund({ reason }));
const cursor = async (): Promise<number> => (await sql<{ next: number }>`select next_index as next from audit.search_cursor`.execute(database.app)).rows[0]?.next ?? -1;
const size = async (): Promise<number> => (await sql<{ size: number }>`select size from audit.log_head`.execute(database.app)).rows[0]?.size ?? -1;
const doubles = async (): Promise<number> =>
  (await sql<{ many: number }>`select count(*)::int - count(distinct id)::int as many from audit.search_entry`.execute(database.owner)).rows[0]?.many ?? -1;

test('an event is searchable once it has been sealed and indexed, and the lag shows until then', async () => {
  const { id } = await append('lagging');
  expect((await search(database.app, everywhere, 'lagging')).ids).toEqual([]);
  await indexEvents(database.app, 100);
  // Not sealed yet: nothing to index.
  expect((await search(database.app, everywhere, 'lagging')).ids).toEqual([]);
  await sealAll(database.app);
  expect((await size()) - (await cursor())).toBeGreaterThan(0);
  await indexEvents(database.app, 100);
  expect((await search(database.app, everywhere, 'lagging')).ids).toEqual([id]);
  expect((await size()) - (await cursor())).toBe(0);
});

test('several gateways index each event once, whatever they race for', async () => {
  const word = `race${randomUUID().slice(0, 8)}`;
  const gateways = Array.from({ length: 4 }, () => startIndexing(database.app, log));
  for (let wave = 0; wave < 5; wave += 1) {
    await Promise.all(Array.from({ length: 20 }, () => append(word)));
    await sealAll(database.app);
    await Promise.all(gateways.map((gateway) => gateway.indexNow()));
  }
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  expect((await search(database.app, everywhere, word)).total).toBe(100);
  expect(await doubles()).toBe(0);
  expect(await cursor()).toBe(await size());
});

test('a round that fails moves nothing, and the next one does it whole', async () => {
  const word = `broken${randomUUID().slice(0, 8)}`;
  await append(word);
  await sealAll(database.app);
  const before = await cursor();
  await sql`alter table audit.search_entry add constraint refused check (not words @@ ${sql.lit(`'${word}'`)}::tsquery)`.execute(database.owner);
  await expect(indexEvents(database.app, 100)).rejects.toThrow();
  expect(await cursor()).toBe(before);
  await sql`alter table audit.search_entry drop constraint refused`.execute(database.owner);
  await indexEvents(database.app, 100);
  expect((await search(database.app, everywhere, word)).total).toBe(1);
});

test('H13: the serving role can not take words away, change them, or begin anew', async () => {
  for (const statement of [
    'delete from audit.search_entry',
    `update audit.search_entry set words = ''`,
    'truncate audit.search_entry',
    'select audit.rebuild_search()',
    'delete from audit.search_cursor',
  ])
    await expect(sql.raw(statement).execute(database.app), statement).rejects.toThrow('permission denied');
});

test('made anew, the search finds what it found', async () => {
  const word = `anew${randomUUID().slice(0, 8)}`;
  await append(word);
  await sealAll(database.app);
  while ((await indexEvents(database.app, 100)) !== 0);
  const before = await sql<{ id: string }>`select id, time, retention, tenant_id, words::text from audit.search_entry order by id`.execute(database.owner);
  await sql`select audit.rebuild_search()`.execute(database.owner);
  expect((await search(database.app, everywhere, word)).ids).toEqual([]);
  while ((await indexEvents(database.app, 30)) !== 0);
  const after = await sql<{ id: string }>`select id, time, retention, tenant_id, words::text from audit.search_entry order by id`.execute(database.owner);
  expect(after.rows).toEqual(before.rows);
  expect((await search(database.app, everywhere, word)).total).toBe(1);
});

test('H20: with a segment go its words, in the same transaction', async () => {
  const word = `pruned${randomUUID().slice(0, 8)}`;
  const { id } = await append(word);
  await sealAll(database.app);
  await indexEvents(database.app, 100);
  const segment = sql`(select to_char(time at time zone 'UTC', 'YYYY-MM-') || retention from audit.event where id = ${id})`;
  const others = await sql<{ many: number }>`select count(*)::int as many from audit.search_entry where retention <> 'act'`.execute(database.owner);
  await expect(
    database.owner.transaction().execute(async (tx) => {
      await sql`update audit.segment set events = 0, bytes = 0, sealed_at = clock_timestamp(), pruned_at = clock_timestamp(), pruned_digest = sha256('') where id = ${segment}`.execute(
        tx,
      );
      throw new Error('undone');
    }),
  ).rejects.toThrow('undone');
  expect((await search(database.app, everywhere, word)).total).toBe(1);
  await sql`update audit.segment set events = 0, bytes = 0, sealed_at = clock_timestamp(), pruned_at = clock_timestamp(), pruned_digest = sha256('') where id = ${segment}`.execute(
    database.owner,
  );
  const left = await sql<{ retention: string; many: number }>`select retention, count(*)::int as many from audit.search_entry group by 1`.execute(database.owner);
  expect(left.rows.filter(({ retention }) => retention === 'act')).toEqual([]);
  expect(left.rows.reduce((sum, { many }) => sum + many, 0)).toBe(others.rows[0]?.many);
});
