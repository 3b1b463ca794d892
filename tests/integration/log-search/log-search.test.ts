import { randomUUID } from 'node:crypto';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { indexEvents } from '@sallyport/server/search/index-events.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog, refund } from '../audit/log-fixture.ts';
import { beginTestLog, listEvents, matrixText, reader, sealAll, search } from './search-fixture.ts';

let database: TestDatabase;
const everywhere = reader('global');

/** Appends, seals and indexes. */
async function put(...drafts: readonly Partial<AuditEventDraft>[]): Promise<string[]> {
  const ids: string[] = [];
  for (const draft of drafts) ids.push((await openLog(database.app).append(database.app, refund(draft))).id);
  await sealAll(database.app);
  while ((await indexEvents(database.app, 100)) !== 0);
  return ids;
}

/** Every column of an event but those that are its own. */
async function eventColumns() {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns where table_schema = 'audit' and table_name = 'event' and column_name not in ('id', 'sequence')`.execute(
    database.owner,
  );
  return sql.raw(rows.map(({ name }) => `"${name}"`).join(', '));
}

beforeAll(async () => {
  database = await createTestDatabase();
  await beginTestLog(database.owner);
});
afterAll(() => database?.drop());

describe('search over the log', () => {
  test('L17: an event is found by reason, ticket, actor, action, kind, code, target and correlation ID, whole or from their beginning', async () => {
    const correlationId = randomUUID();
    const targetId = randomUUID();
    const [id] = await put({
      correlationId,
      target: { type: 'invoice', id: targetId },
      reason: 'Overcharged (twice) by the quarterly run',
      ticket: 'SUP-90210',
      reasonCode: 'STEP_UP_REQUIRED',
      outcome: 'denied',
    });
    for (const text of [
      'overcharged',
      'OVERCH',
      'twice quarterly',
      'SUP-90210',
      'sup-902',
      '90210',
      'step_up_required',
      'ayu 90210',
      'refundInvoice 90210',
      'billing.invoice.refunded 90210',
      'refunded SUP-90210',
      targetId,
      targetId.toUpperCase(),
      targetId.slice(0, 8),
      correlationId,
    ])
      expect((await search(database.app, everywhere, text)).ids, text).toEqual([id]);
    for (const text of ['overcharged absent', 'vercharged', 'tw', targetId.slice(2, 12), 'overcharged & absent', '!overcharged']) {
      const found = await search(database.app, everywhere, text);
      // `!` and `&` are no operators: they stand around words.
      expect(found.ids, text).toEqual(text === '!overcharged' ? [id] : []);
      expect(found.codes, text).toEqual([]);
    }
  });

  test('C03 C17: rows outside the reach are not found, not counted, and not told from rows that do not exist', async () => {
    const word = `zebra${randomUUID().slice(0, 8)}`;
    const [inSeven, inEight, ofNone] = await put({ tenantId: 'tenant-7', reason: word }, { tenantId: 'tenant-8', reason: word }, { tenantId: null, reason: word });
    expect(new Set((await search(database.app, everywhere, word)).ids)).toEqual(new Set([inSeven, inEight, ofNone]));
    const seven = await search(database.app, reader(new Set(['tenant-7'])), word);
    expect(seven).toMatchObject({ ids: [inSeven], total: 1, isExact: true });
    expect(await search(database.app, reader(new Set(['tenant-7'])), word, { tenantId: { eq: 'tenant-8' } })).toEqual(
      await search(database.app, reader(new Set(['tenant-7'])), 'neverwrittenanywhere', { tenantId: { eq: 'tenant-8' } }),
    );
    // The index is not what decides: an entry that names another tenant shows nothing of a row outside the reach.
    await database.ownerPool.query('update audit.search_entry set tenant_id = $1 where id = $2', ['tenant-7', inEight]);
    expect((await search(database.app, reader(new Set(['tenant-7'])), word)).ids).toEqual([inSeven]);
    await database.ownerPool.query('update audit.search_entry set tenant_id = $1 where id = $2', ['tenant-8', inEight]);
    for (const nested of [
      { or: [{ search: word }] },
      { not: { not: { search: word } } },
      { and: [{ search: word }, { outcome: { eq: 'OK' } }] },
      { and: [{ and: [{ search: word }] }] },
    ])
      expect((await listEvents(database.app, reader(new Set(['tenant-7'])), { filter: nested })).ids, JSON.stringify(nested)).toEqual([inSeven]);
  });

  test('C07 L14: neither changes, nor network facts, nor personal values are in the index, whatever the searcher may read', async () => {
    await put({
      reason: 'plain',
      ip: '203.0.113.77',
      before: { email: 'needle@haystack.example', status: 'needlebefore' },
      after: { email: 'other@haystack.example', status: 'needleafter' },
      classes: { email: 'personal', status: 'internal' },
      detail: { userAgent: 'needleagent', note: 'needledetail' },
    });
    const auditor = reader('global', 'audit.event.read-changes', 'audit.event.read-network');
    for (const text of ['203.0.113.77', 'needle', 'haystack', 'needlebefore', 'needleafter', 'needleagent', 'needledetail'])
      expect((await search(database.app, auditor, text)).ids, text).toEqual([]);
    const { rows } = await sql<{ hits: number }>`select count(*)::int as hits from audit.search_entry where words::text ~* 'needle|haystack|203\\.0'`.execute(database.owner);
    expect(rows[0]?.hits).toBe(0);
  });

  test('C05: without the right to read events the search is refused, and recorded as a reading with it', async () => {
    expect((await search(database.app, null, 'anything')).codes).not.toEqual([]);
    const elsewhere = await search(database.app, reader(new Set<string>()), 'anything');
    expect(elsewhere.codes).toEqual(['FORBIDDEN']);
    expect((await search(database.app, everywhere, 'anything')).listings).toEqual(['audit.events.read']);
  });

  test.each([
    "' or true --",
    "'; drop table audit.search_entry; --",
    "foo' & 'bar",
    String.raw`\'`,
    '$1',
    ':*',
    '((((',
    "it''s",
    '<->',
    '%',
    '_',
    "o'brien\\",
    '\u202Eevil',
    '\uD800',
    '😀',
    '-- /* */',
    'a:*b|c&d!e',
  ])('B01: %s is only text', async (text) => {
    const found = await search(database.app, everywhere, text);
    expect(found.codes).toEqual([]);
    expect(found.ids.length).toBe(0);
  });

  test('a NUL, nothing, and too much are refused before the database is asked', async () => {
    for (const text of ['a\0b', '   ', 'x'.repeat(201)]) expect((await search(database.app, everywhere, text)).codes).toEqual(['BAD_INPUT']);
    for (const text of ['a\0b', '   ', 'x'.repeat(201)]) expect((await listEvents(database.app, everywhere, { filter: { or: [{ search: text }] } })).codes).toEqual(['BAD_INPUT']);
  });

  test('words of any script are found, composed or not, in any case', async () => {
    const [id] = await put({ reason: 'Žluťoučký kůň – ΣΊΣΥΦΟΣ, 請求書 №42 naïve ﬁnance İstanbul' });
    for (const text of ['žluťoučký', 'ZLUT\u030COUC\u030CKY\u0301'.normalize('NFD').replace('Z', 'Z\u030C'), 'kůň', 'nai\u0308ve', 'finance', '請求書', '請求書 no42'])
      expect((await search(database.app, everywhere, text)).ids, text).toEqual([id]);
  });

  test('pages run in the order of the log, by cursor and by offset, each event once', async () => {
    const word = `page${randomUUID().slice(0, 8)}`;
    const ids = await put(...Array.from({ length: 23 }, (_, index) => ({ reason: `${word} number${index}` })));
    for (const orderBy of [undefined, [{ field: 'TIME', direction: 'ASC' }], [{ field: 'ID', direction: 'DESC' }]]) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page = await listEvents(database.app, everywhere, { filter: { search: word }, first: 7, after, orderBy });
        expect(page.codes).toEqual([]);
        expect(page.total).toBe(23);
        seen.push(...page.ids);
        after = page.ids.length === 7 ? page.endCursor : null;
      } while (after);
      const inOrder = orderBy?.[0]?.direction === 'ASC' ? ids : ids.toReversed();
      expect(seen).toEqual(inOrder);
    }
    expect((await listEvents(database.app, everywhere, { filter: { search: word }, first: 5, offset: 20 })).ids).toHaveLength(3);
  });

  test('a list is counted to 10,000 and says so', async () => {
    const word = `many${randomUUID().slice(0, 8)}`;
    const [id = ''] = await put({ reason: word, tenantId: 'tenant-many' });
    const { rows } = await sql<{
      name: string;
    }>`select column_name as name from information_schema.columns where table_schema = 'audit' and table_name = 'event' and column_name not in ('id', 'sequence')`.execute(
      database.owner,
    );
    const names = sql.raw(rows.map(({ name }) => `"${name}"`).join(', '));
    await sql`insert into audit.event (id, ${names}) select gen_random_uuid(), ${names} from audit.event, generate_series(1, 10050) where id = ${id}`.execute(database.owner);
    const listed = await listEvents(database.app, everywhere, { filter: { tenantId: { eq: 'tenant-many' } }, first: 1 });
    expect(listed).toMatchObject({ total: 10_000, isExact: false });
    expect(await listEvents(database.app, everywhere, { filter: { tenantId: { eq: 'tenant-many' } }, first: 1 }, true)).toMatchObject({ total: 10_000, isExact: false });
    expect(await listEvents(database.app, everywhere, { filter: { search: word }, first: 1 })).toMatchObject({ total: 1, isExact: true });
  });

  test('a search that the table has to judge looks at 10,000 records, and says so instead of leaving any out', async () => {
    const word = `crowd${randomUUID().slice(0, 8)}`;
    const [id = ''] = await put({ reason: word, tenantId: 'tenant-crowd' });
    const names = await eventColumns();
    await sql`insert into audit.event (id, ${names}) select gen_random_uuid(), ${names} from audit.event, generate_series(1, 10050) where id = ${id}`.execute(database.owner);
    await sql`insert into audit.search_entry select e.id, e.time, e.retention, e.tenant_id, entry.words from audit.event e, audit.search_entry entry
      where entry.id = ${id} and e.tenant_id = 'tenant-crowd' and e.id <> ${id}`.execute(database.owner);
    const rare = await listEvents(database.app, everywhere, { filter: { search: word, ticket: { eq: 'NONE-1' } }, first: 5 });
    expect(rare.codes).toEqual(['BAD_INPUT']);
    expect(await listEvents(database.app, everywhere, { filter: { search: word, outcome: { eq: 'OK' } }, first: 5 })).toMatchObject({ codes: [], isExact: false });
    expect(await listEvents(database.app, everywhere, { filter: { search: word }, first: 5 })).toMatchObject({ codes: [], total: 1000, isExact: false });
    expect((await listEvents(database.app, everywhere, { filter: { search: word }, first: 5, offset: 10_048 })).ids).toHaveLength(3);
  });

  test('whatever the share of events that fit, and whatever the page, the search finds what a look at every event finds', async () => {
    const mark = `share${randomUUID().slice(0, 8)}`;
    const { rows: sample } = await sql<{ id: string }>`select id from audit.event limit 1`.execute(database.owner);
    // Two months, 9,000 entries: one of them in 2, in 150 and in 4,000 holds a word.
    await sql`select audit.make_search_months('2020-03-01', '2020-04-30')`.execute(database.owner);
    await sql`insert into audit.search_entry (id, time, retention, tenant_id, words)
      select gen_random_uuid(), timestamptz '2020-03-20 00:00Z' + interval '3 minutes' * (i / 2), 'act', 'tenant-' || i % 3,
        array_to_tsvector(array_remove(array[${mark}, '@tenant-' || i % 3, case when i % 2 = 0 then 'half' end, case when i % 150 = 7 then 'some' end, case when i % 4000 = 9 then 'rare' end], null))
      from generate_series(1, 9000) as i where ${sample.length} > 0`.execute(database.owner);
    for (const word of ['half', 'some', 'rare']) {
      const query = `'${mark}' & '${word}'`;
      for (const newest of [true, false]) {
        for (const tenants of [null, ['tenant-1']]) {
          const direction = sql.raw(newest ? 'desc' : 'asc');
          const all = await sql<{
            id: string;
            time: string;
          }>`select id, time from audit.search_entry where words @@ ${query}::tsquery and (${tenants}::text[] is null or tenant_id = any(${tenants}::text[]))
            order by time ${direction}, id ${direction}`.execute(database.owner);
          for (const [from, most] of [
            [0, 3],
            [0, 10_000],
            [1, 40],
            [Math.floor(all.rows.length / 2), 2000],
          ] as const) {
            const place = from === 0 ? null : all.rows[from - 1];
            const found = await sql<{
              id: string;
            }>`select id from audit.find_words(${query}::tsquery, ${tenants}::text[], null, null, ${place?.time ?? null}::timestamptz, ${place?.id ?? null}::uuid, ${newest}, ${most})`.execute(
              database.app,
            );
            expect(found.rows.map(({ id }) => id)).toEqual(all.rows.slice(from, from + most).map(({ id }) => id));
          }
        }
      }
    }
  });

  test('bounds of time narrow to the microsecond, and to other months', async () => {
    const word = `bound${randomUUID().slice(0, 8)}`;
    const ids = await put({ reason: word }, { reason: word }, { reason: word });
    const { rows } = await sql<{ time: string }>`select time from audit.event where id = any(${ids}::uuid[]) order by time`.execute(database.app);
    const [first, second, third] = rows.map(({ time }) => time);
    const within = async (time: Readonly<Record<string, unknown>>): Promise<readonly number[]> => {
      const found = await search(database.app, everywhere, word, { time });
      expect(found.total).toBe(found.ids.length);
      return found.ids.map((id) => ids.indexOf(id)).toSorted();
    };
    expect(await within({ gte: second })).toEqual([1, 2]);
    expect(await within({ gt: second })).toEqual([2]);
    expect(await within({ lte: second })).toEqual([0, 1]);
    expect(await within({ lt: second })).toEqual([0]);
    expect(await within({ gt: first, lt: third })).toEqual([1]);
    expect(await within({ gte: '2001-01-01T00:00:00Z', lt: '2001-02-01T00:00:00Z' })).toEqual([]);
    expect((await search(database.app, everywhere, word, { and: [{ time: { gte: second } }, { time: { lt: third } }] })).ids).toEqual([ids[1]]);
  });

  test('the access matrix says that events are searched by words', () => {
    expect(matrixText).toMatch(/\| AuditEvent\.reason \|.*\| words \|/);
  });
});
