import { randomUUID } from 'node:crypto';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLog, refund } from '../audit/log-fixture.ts';
import { type KeepingScene, openKeepingScene, PERSON_OF_THE_PAST } from './keeping-scene.ts';
import { appendInThePast } from '../../helpers/past-events.ts';
import { proveAll } from './proofs-of-all.ts';

let scene: KeepingScene;
let superuserPool: pg.Pool;
let app: Kysely<unknown>;
let owner: Kysely<unknown>;
let superuser: Kysely<unknown>;
beforeAll(async () => {
  scene = await openKeepingScene({
    more: [
      ['2016-01-reading', ['2016-01-02T03:04:05.000001Z']],
      ['2016-02-reading', ['2016-02-02T03:04:05.000001Z']],
      ['2016-03-reading', ['2016-03-02T03:04:05.000001Z']],
    ],
  });
  await scene.closeSegments();
  superuserPool = openPool({ connectionString: scene.test.database.url, max: 1, applicationName: 'insider' });
  superuser = kyselyOn(superuserPool);
  ({ app, owner } = scene.test.database);
});
afterAll(async () => {
  await superuserPool?.end();
  await scene?.close();
});

/** As the owner, past the gateway and what takes two people: what speaks against it in the log itself still does. */
const prune = (id: string, db: Kysely<unknown> = owner) => sql`select * from audit.drop_segment(${id})`.execute(db);
const hold = async (scope: { tenant?: string; recordType?: string; recordId?: string; from?: string; through?: string }, db: Kysely<unknown> = app): Promise<string> => {
  const id = randomUUID();
  await sql`
    insert into audit.legal_hold (id, tenant_id, record_type, record_id, first_day, last_day, reason, placed_by, correlation_id)
    select ${id}, ${scope.tenant ?? null}, ${scope.recordType ?? null}, ${scope.recordId ?? null}, ${scope.from ?? null}::date, ${scope.through ?? null}::date, 'test', staff.id, gen_random_uuid()
    from gateway.staff staff limit 1`.execute(db);
  return id;
};
const release = async (id: string): Promise<void> => {
  await sql`insert into audit.legal_hold_release (hold_id, reason, released_by) select ${id}, 'test', staff.id from gateway.staff staff limit 1`.execute(owner);
};
/** As a superuser who has switched the fences off, and undone afterwards. */
const tampered = async (statement: string, meanwhile: () => Promise<void>, undo: string): Promise<void> => {
  await sql`set session_replication_role = replica`.execute(superuser);
  try {
    // Triggers that fire always have to be switched off one by one.
    await sql`alter table audit.event_2015_01_act disable trigger all`.execute(superuser);
    await sql.raw(statement).execute(superuser);
    await meanwhile();
    await sql.raw(undo).execute(superuser);
    await sql`alter table audit.event_2015_01_act enable always trigger event_rows_stay, enable always trigger event_table_stays`.execute(superuser);
  } finally {
    await sql`set session_replication_role = origin`.execute(superuser);
  }
};

test('H20 H03 the serving role by itself changes nothing of segments, periods, holds, statements, erasures or values', async () => {
  const month = new Date().toISOString().slice(0, 7);
  const refused = [
    `update audit.segment set pruned_at = now(), pruned_digest = sha256('') where id = '2015-01-act'`,
    `update audit.segment set sealed_at = null where id = '2015-01-act'`,
    `update audit.segment set id = '2015-01-reading' where id = '2015-01-act'`,
    `delete from audit.segment where id = '2015-01-act'`,
    `insert into audit.segment (id, month, retention) values ('2014-01-act', '2014-01-01', 'act')`,
    `drop table audit.event_2015_01_act`,
    `delete from audit.event_2015_01_act`,
    `truncate audit.event_2015_01_act`,
    `update audit.retention_period set years = 2`,
    `update audit.retention_period set retention = 'reading' where retention = 'act'`,
    `insert into audit.retention_statement (origin, note) values ('a', 'b')`,
    `select audit.keep_retention_statement(E'forged/retention\\nact 999999 2026-01\\n\\n— forged AAAA\\n')`,
    `select audit.keep_retention_statement(audit.retention_text() || E'act 999999 2026-01\\n\\n— forged AAAA\\n')`,
    `delete from audit.personal_value`,
    `delete from gateway.approval_value`,
    `delete from audit.legal_hold`,
    `delete from audit.erasure`,
    `select audit.note_segments()`,
    `insert into audit.legal_hold_release (hold_id, reason, released_by) select hold.id, 'x', hold.placed_by from audit.legal_hold hold`,
    `insert into audit.erasure (id, record_type, record_id, values_erased, subjects, reason, erased_by, correlation_id) select id, 'person', 'x', 0, '{}', 'x', id, id from gateway.staff limit 1`,
    `insert into audit.act_of_two (resource, shown, told) values ('x', '{}', '{}')`,
    `select audit.set_retention_period('act', 1, null)`,
    `select audit.drop_segment('2015-01-act')`,
    `select audit.delete_values('{}', '{}')`,
    `select audit.prune_segment('${month}-act', null)`,
    `select audit.prune_segment('2015-01-refusal; drop table audit.leaf', null)`,
  ];
  for (const statement of refused) await expect(sql.raw(statement).execute(app), statement).rejects.toThrow();
  const owners = [
    `delete from audit.segment`,
    `update audit.legal_hold set reason = 'x'`,
    `delete from audit.legal_hold_release`,
    `update audit.erasure set values_erased = 0`,
    `delete from audit.retention_statement`,
    `truncate audit.erasure`,
  ];
  const held = await hold({ from: '2010-01-01', through: '2010-01-31' });
  await release(held);
  await scene.test.database.owner.transaction().execute(async (tx) => {
    await sql`insert into audit.erasure (id, record_type, record_id, values_erased, subjects, reason, erased_by, correlation_id) select gen_random_uuid(), 'person', 'x', 0, '{}', 'x', id, id from gateway.staff limit 1`.execute(
      tx,
    );
    await sql`insert into audit.retention_statement (origin, note) values ('test', 'test')`.execute(tx);
  });
  for (const statement of owners) await expect(sql.raw(statement).execute(scene.test.database.owner), statement).rejects.toThrow();
});

test('H20 called past the gateway, the database refuses what is open, not due, not the oldest, held, or not there', async () => {
  await expect(prune('2015-02-act')).rejects.toThrow('the oldest goes first');
  await expect(prune('2024-05-act')).rejects.toThrow('is not over');
  await expect(prune('1999-12-act')).rejects.toThrow('no such segment');
  await expect(prune(`${new Date().toISOString().slice(0, 7)}-act`)).rejects.toThrow('not sealed');
  const holds = [
    { tenant: 'tenant-7' },
    { recordType: 'person', recordId: PERSON_OF_THE_PAST },
    // Who acted, and what is mentioned anywhere in the event.
    { recordType: 'staffMember', recordId: '0199c0de-0000-7000-8000-000000000001' },
    { recordType: 'accessGrant', recordId: 'session-1' },
    { from: '2015-01-31', through: '2015-01-31' },
    { from: '2014-01-01', through: '2026-01-01' },
  ];
  for (const scope of holds) {
    const id = await hold(scope);
    await expect(prune('2015-01-act'), JSON.stringify(scope)).rejects.toThrow('A legal hold keeps this segment');
    await release(id);
  }
  const elsewhere = [
    await hold({ tenant: 'tenant-8' }),
    await hold({ recordType: 'person', recordId: PERSON_OF_THE_PAST.slice(0, -1) }),
    await hold({ from: '2015-02-01', through: '2015-12-31' }),
  ];
  expect((await sql<{ holds: number }>`select audit.segment_holds('2015-01-act', true) as holds`.execute(app)).rows[0]?.holds).toBe(0);
  expect(await scene.stateOf('2015-02-act')).toBe('HELD');
  expect(await scene.stateOf('2015-01-act')).toBe('DUE');
  for (const id of elsewhere) await release(id);
});

test('H20 H01 a segment that was tampered with can’t be pruned: the evidence of it stays', async () => {
  const bytes = `(select canonical from audit.event_2015_01_act order by time limit 1)`;
  const { rows } = await sql<{ hex: string }>`select encode(${sql.raw(bytes)}, 'hex') as hex`.execute(superuser);
  const first = `id = (select id from audit.event_2015_01_act order by time limit 1)`;
  const refused = () => expect(prune('2015-01-act')).rejects.toThrow('is not what was sealed');
  await tampered(
    `update audit.event_2015_01_act set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), 'tenant-7', 'tenant-9'), 'UTF8') where ${first}`,
    refused,
    `update audit.event_2015_01_act set canonical = '\\x${rows[0]?.hex}' where ${first}`,
  );
  await tampered(
    `create table kept_row as select * from audit.event_2015_01_act where ${first}; delete from audit.event_2015_01_act where ${first}`,
    refused,
    `insert into audit.event_2015_01_act select * from kept_row; drop table kept_row`,
  );
  await tampered(
    `insert into audit.event_2015_01_act select * from audit.event_2015_01_act where ${first}`,
    refused,
    `delete from audit.event_2015_01_act where ctid = (select max(ctid) from audit.event_2015_01_act)`,
  );
  const { rows: intact } = await sql<{ altered: number }>`select altered from audit.segment s, audit.measure_segment(s) where s.id = '2015-01-act'`.execute(superuser);
  expect(intact).toEqual([{ altered: 0 }]);
});

test('H20 an event with a time that is not its own keeps its segment from going, rather than excusing the absence of what must stay', async () => {
  await appendInThePast(scene.test.database.owner, '2016-03-03T00:00:00.000000Z', { effect: 'read' });
  await scene.closeSegments();
  await prune('2016-01-reading');
  await expect(prune('2016-03-reading')).rejects.toThrow('the oldest goes first');
  await prune('2016-02-reading');
  await expect(prune('2016-03-reading')).rejects.toThrow('is not what was sealed');
  // Come before the segment was closed, it would have the statement excuse the absence of all that stands before it.
  await openLog(app).append(app, refund({ outcome: 'denied' }));
  await scene.test.gateway.integrity.sealNow();
  await appendInThePast(scene.test.database.owner, '2016-04-03T00:00:00.000000Z', { outcome: 'denied' });
  await scene.closeSegments();
  expect(await scene.stateOf('2016-04-refusal')).toBe('DUE');
  await expect(prune('2016-04-refusal')).rejects.toThrow('one of them was written with a time that was not its own');
});

test('H20 while a segment goes, appends wait for nothing; while somebody reads it, it stays and can be asked for again', { timeout: 60_000 }, async () => {
  const log = openLog(app);
  await scene.test.database.owner.transaction().execute(async (reader) => {
    await sql`select count(*) from audit.event_2015_01_act`.execute(reader);
    const filed = await scene.act(scene.siti, 'pruneLogSegment', { id: '2015-01-act' });
    expect(filed.codes).toEqual(['UNAVAILABLE']);
  });
  const filed = await scene.file(scene.siti, 'pruneLogSegment', { id: '2015-01-act' });
  await scene.test.database.owner.transaction().execute(async (reader) => {
    await sql`select count(*) from audit.event_2015_01_act`.execute(reader);
    expect((await scene.approve(scene.agus, filed)).codes).toEqual(['UNAVAILABLE']);
  });
  await owner.transaction().execute(async (tx) => {
    await prune('2015-01-act', tx);
    const appends = Array.from({ length: 20 }, () => log.append(app, refund()));
    await expect(Promise.race([Promise.all(appends), new Promise((_, reject) => setTimeout(() => reject(new Error('appends wait')), 5000))])).resolves.toHaveLength(20);
    await sql`rollback`.execute(tx);
    await sql`begin`.execute(tx);
  });
  // The same request, approved again once nobody reads.
  expect((await scene.approve(scene.agus, filed)).codes).toEqual([]);
  expect((await proveAll(scene.test)).absent.filter(({ retention }) => retention === 'act')).toHaveLength(2);
});

test('H20 a hold and a pruning at one moment: whoever is first decides, and two prunings of one segment are one', { timeout: 60_000 }, async () => {
  const begun = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const placing = app.transaction().execute(async (tx) => {
    const id = await hold({ from: '2015-02-01', through: '2015-02-02' }, tx);
    begun.resolve();
    await go.promise;
    return id;
  });
  await begun.promise;
  const pruning = prune('2015-02-act').then(
    () => 'pruned',
    (fault: Error) => fault.message,
  );
  setTimeout(() => go.resolve(), 300);
  const id = await placing;
  expect(await pruning).toContain('A legal hold keeps this segment');
  await release(id);

  const results = await Promise.allSettled(Array.from({ length: 6 }, () => prune('2015-02-act')));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) if (result.status === 'rejected') expect(String(result.reason.message)).toMatch(/has been pruned|lock timeout/);

  // The other way round: a hold that comes while its segment goes stands, and what went before it is gone.
  const dropped = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const first = owner.transaction().execute(async (tx) => {
    await prune('2015-03-act', tx);
    dropped.resolve();
    await end.promise;
  });
  await dropped.promise;
  const later = hold({ from: '2015-03-01', through: '2015-04-30' });
  setTimeout(() => end.resolve(), 300);
  await first;
  await later;
  await expect(prune('2015-04-act')).rejects.toThrow('A legal hold');
  await release(await later);
  expect((await proveAll(scene.test)).absent.filter(({ retention }) => retention === 'act')).toHaveLength(6);
});
