import { createHash } from 'node:crypto';
import { openNote } from '@sallyport/server/transparency/note.ts';
import { parseVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { parseRetentionStatement } from '@sallyport/server/transparency/retention-statement.ts';
import { latestRetentionNote } from '@sallyport/server/integrity/keeping/retention-statements.ts';
import { rotateLogKey } from '@sallyport/server/integrity/rotate-log-key.ts';
import { checkWholeLog } from '@sallyport/server/integrity/verify-whole-log.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog } from '../audit/log-fixture.ts';
import { type KeepingScene, openKeepingScene } from './keeping-scene.ts';
import { appendInThePast } from '../../helpers/past-events.ts';
import { proveAll } from './proofs-of-all.ts';

let scene: KeepingScene;
beforeAll(async () => {
  scene = await openKeepingScene();
  await scene.closeSegments();
});
afterAll(() => scene?.close());

const rowsOf = async (table: string): Promise<number> => {
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${`audit.${table}`}) is not null as there`.execute(scene.test.database.owner);
  if (!rows[0]?.there) return -1;
  return (await sql<{ count: number }>`select count(*)::int as count from ${sql.id('audit', table)}`.execute(scene.test.database.owner)).rows[0]?.count ?? -1;
};

test('H20 a segment is a record: open this month, sealed once over and signed, due after its period', async () => {
  const month = new Date().toISOString().slice(0, 7);
  expect(await scene.stateOf('2015-02-act')).toBe('DUE');
  expect(await scene.stateOf('2024-05-act')).toBe('SEALED');
  expect(await scene.stateOf('2015-02-refusal')).toBe('EMPTY');
  expect(await scene.stateOf(`${month}-act`)).toBe('OPEN');
  const { data } = await scene.siti.query(
    '{ logSegments(filter: { state: { in: [DUE] } }, orderBy: [{ field: MONTH, direction: ASC }]) { totalCount nodes { name events firstIndex lastIndex dueAt } } }',
  );
  expect(data?.['logSegments'].nodes.map(({ name, events }: { name: string; events: string }) => [name, Number(events)])).toEqual([
    ['2015-01-act', 2],
    ['2015-02-act', 3],
    ['2015-03-act', 1],
    ['2015-04-act', 1],
  ]);
  expect(Date.parse(data?.['logSegments'].nodes[0].dueAt)).toBe(Date.parse('2022-02-01T00:00:00Z'));
});

test('H20 what has not served its time, is still open, or has an older one before it, is refused and stays', async () => {
  const refused = async (id: string) => {
    const answer = await scene.act(scene.siti, 'pruneLogSegment', { id });
    return [answer.codes, answer.errors[0]?.message];
  };
  const month = new Date().toISOString().slice(0, 7);
  expect(await refused('2024-05-act')).toEqual([['CONFLICT'], expect.stringContaining('whose retention period is over')]);
  expect(await refused(`${month}-act`)).toEqual([['CONFLICT'], expect.any(String)]);
  expect(await refused('2015-02-act')).toEqual([['CONFLICT'], 'An older segment of this class is still there: the oldest goes first.']);
  expect((await scene.act(scene.siti, 'pruneLogSegment', { id: '1999-01-act' })).codes).toEqual(['NOT_FOUND']);
  expect([await rowsOf('event_2024_05_act'), await rowsOf('event_2015_02_act')]).toEqual([1, 3]);
  const refusals = (await scene.test.events({ kind: 'log.segment.pruned' })).filter(({ outcome, reason_code: code }) => outcome === 'denied' && code !== 'STEP_UP_REQUIRED');
  expect(refusals.map(({ reason_code: code }) => code)).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'NOT_FOUND']);
});

test('H20 D02 one person alone prunes nothing, nor does the approver’s role ask', async () => {
  expect((await scene.act(scene.agus, 'pruneLogSegment', { id: '2015-01-act' })).codes).toEqual(['FORBIDDEN']);
  const filed = await scene.file(scene.siti, 'pruneLogSegment', { id: '2015-01-act' });
  expect((await scene.approve(scene.siti, filed)).codes).toEqual(['SELF_APPROVAL']);
  expect(await rowsOf('event_2015_01_act')).toBe(2);
  await scene.act(scene.siti, 'cancelRequest', { id: filed.id });
});

test('H20 L13 pruned by two: the event tells what went, a signed statement what may be absent, and every proof stands', async () => {
  const before = await proveAll(scene.test);
  expect(before.absent).toEqual([]);
  const leaves = await sql<{ log_index: number; leaf_hash: Buffer }>`
    select log_index, leaf_hash from audit.leaf where event_id = any(${[...(scene.past.get('2015-01-act') ?? [])]}::uuid[]) order by log_index`.execute(scene.test.database.owner);
  const values = async () => (await sql<{ count: number }>`select count(*)::int as count from audit.personal_value`.execute(scene.test.database.owner)).rows[0]?.count ?? 0;
  const valuesBefore = await values();
  expect(await latestRetentionNote(scene.test.database.app)).toBeNull();
  const filed = await scene.file(scene.siti, 'pruneLogSegment', { id: '2015-01-act' });
  const leafHashes = createHash('sha256')
    .update(Buffer.concat(leaves.rows.map((leaf) => leaf.leaf_hash)))
    .digest('hex');
  // What the approver is shown is what will go, to the index and the hash.
  const shown = await scene.changesShown(scene.agus, filed);
  expect(shown).toMatchObject({
    state: ['DUE', 'PRUNED'],
    prunedEvents: [null, '2'],
    prunedFirstIndex: [null, String(leaves.rows[0]?.log_index)],
    prunedLastIndex: [null, String(leaves.rows[1]?.log_index)],
    prunedValues: [null, '4'],
    prunedDigest: [null, leafHashes],
  });
  expect((await scene.approve(scene.agus, filed)).codes).toEqual([]);

  const [event] = (await scene.test.events({ kind: 'log.segment.pruned' })).filter(({ outcome }) => outcome === 'ok');
  expect(event?.['detail']).toMatchObject({
    month: '2015-01',
    retention: 'act',
    events: 2,
    firstIndex: leaves.rows[0]?.log_index,
    lastIndex: leaves.rows[1]?.log_index,
    leafHashes,
    personalValues: 4,
  });
  expect(event?.['approval_id']).not.toBeNull();
  expect(await rowsOf('event_2015_01_act')).toBe(-1);
  expect(await values()).toBe(valuesBefore - 4);
  expect(await scene.stateOf('2015-01-act')).toBe('PRUNED');

  const after = await proveAll(scene.test);
  expect(after.absent).toEqual(leaves.rows.map(({ log_index: index }) => ({ index, retention: 'act' })));
  expect(after.size).toBeGreaterThan(before.size);
  expect(await checkWholeLog(scene.test.database.app, after.size, async () => undefined)).toBeNull();

  const note = (await latestRetentionNote(scene.test.database.app)) ?? '';
  const keys = await sql<{ verifier: string; origin: string }>`select verifier, origin from audit.log_key, audit.log_head`.execute(scene.test.database.owner);
  const origin = keys.rows[0]?.origin ?? '';
  const { text } = openNote(
    note,
    keys.rows.map(({ verifier }) => parseVerifierKey(verifier)),
  );
  expect(parseRetentionStatement(text, origin)).toEqual({
    origin,
    classes: [{ retention: 'act', minimumIndex: (leaves.rows[1]?.log_index ?? 0) + 1, prunedBefore: '2015-02', entries: 2 }],
  });
});

test('H20 what was pruned can’t be pruned again, and its month is not made anew', async () => {
  expect((await scene.act(scene.siti, 'pruneLogSegment', { id: '2015-01-act' })).codes).toEqual(['CONFLICT']);
  const { rows } = await sql<{ made: number }>`select audit.make_segments('2015-01-01', '2015-01-01') as made`.execute(scene.test.database.app);
  expect(rows[0]?.made).toBe(0);
  await expect(appendInThePast(scene.test.database.owner, '2015-01-15T00:00:00.000000Z')).rejects.toThrow(/no partition of relation/);
});

test('H20 a period is set by two, within 2 to 7 years, and makes a segment due', async () => {
  const set = (years: number) => scene.act(scene.siti, 'setRetentionPeriod', { id: 'act', years });
  expect((await set(1)).codes).toEqual(['BAD_INPUT']);
  expect((await set(8)).codes).toEqual(['BAD_INPUT']);
  expect((await set(7)).codes).toEqual(['CONFLICT']);
  const filed = await scene.file(scene.siti, 'setRetentionPeriod', { id: 'act', years: 2 });
  expect(await scene.stateOf('2024-05-act')).toBe('SEALED');
  expect((await scene.approve(scene.agus, filed)).codes).toEqual([]);
  expect(await scene.stateOf('2024-05-act')).toBe('DUE');
  const [event] = (await scene.test.events({ kind: 'log.retention.set' })).filter(({ outcome }) => outcome === 'ok');
  expect([event?.['before'], event?.['after']]).toEqual([{ years: 7 }, { years: 2 }]);
});

test('H20 H09 whoever trusts a key that came later finds a statement that it signed, and GET /log/retention serves it', async () => {
  const { app, owner } = scene.test.database;
  const before = await latestRetentionNote(app);
  const verifier = await rotateLogKey(app, openLog(app), scene.test.keys);
  const note = (await latestRetentionNote(app)) ?? '';
  expect(note).not.toBe(before);
  const { text } = openNote(note, [parseVerifierKey(verifier)]);
  expect(before?.startsWith(text)).toBe(true);
  const served = await (await scene.test.asRole('compliance-auditor')).get('/log/retention');
  expect([served.status, await served.text()]).toEqual([200, note]);
  expect((await scene.test.stranger().get('/log/retention')).status).toBe(401);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit.retention_statement`.execute(owner);
  expect(rows[0]?.count).toBe(2);
});
