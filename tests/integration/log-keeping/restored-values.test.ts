import { randomUUID } from 'node:crypto';
import { person } from '@sallyport/schema/modules/people/person.resource.ts';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { repeatErasures } from '@sallyport/server/integrity/keeping/repeat-erasures.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSecondGateway } from '../../harness/second-gateway.ts';
import { openLog, refund } from '../audit/log-fixture.ts';
import { findInEveryTable } from './every-value.ts';
import { type KeepingScene, openKeepingScene } from './keeping-scene.ts';
import { proveAll } from './proofs-of-all.ts';

const [NAME, EMAIL, ADDRESS] = ['Canary Restored', 'restored.canary@penyewa.example', '203.0.113.78'];
const ALL = [NAME, EMAIL, ADDRESS];
/** Tables that a backup of the values would bring back. */
const TABLES = ['audit.personal_value', 'gateway.approval_value', 'product.person', 'product.product_session'];
const BY = { surface: 'cli', actorId: 'command-line', actorName: 'Command line' } as const;

let scene: KeepingScene;
let superuserPool: pg.Pool;
let superuser: Kysely<unknown>;
let id: string;
beforeAll(async () => {
  scene = await openKeepingScene();
  superuserPool = openPool({ connectionString: scene.test.database.url, max: 1, applicationName: 'restorer' });
  superuser = kyselyOn(superuserPool);
  await sql`update product.person set display_name = ${NAME}, email = ${EMAIL} where id = (select person_id from product.product_session order by 1 limit 1)`.execute(superuser);
  const { rows } = await sql<{ id: string; tenantId: string }>`select id, tenant_id as "tenantId" from product.person where email = ${EMAIL}`.execute(superuser);
  id = rows[0]?.id ?? '';
  await sql`update product.product_session set ip_address = ${ADDRESS} where person_id = ${id}`.execute(superuser);
  await changeName('before the erasure', rows[0]?.tenantId ?? '');
  await dump();
  expect((await scene.approve(scene.siti, await scene.file(scene.agus, 'erasePerson', { id }))).codes).toEqual([]);
  await scene.test.gateway.integrity.sealNow();
  expect(await findInEveryTable(superuser, ALL)).toEqual(kept());
});
afterAll(async () => {
  await superuserPool?.end();
  await scene?.close();
});

const kept = (): readonly string[] => expect.toSatisfy((hits: readonly string[]) => hits.every((hit) => hit.startsWith('backup.'))) as never;

/** Leaves the person's name beside the log, as an act on it would. */
async function changeName(to: string, tenantId: string | null = null): Promise<void> {
  const { app } = scene.test.database;
  const draft = {
    target: { type: person.name, id },
    tenantId,
    before: { displayName: NAME, email: EMAIL },
    after: { displayName: `${NAME} ${to}` },
    classes: { displayName: 'personal', email: 'personal' },
  } as const;
  await openLog(app).append(app, refund(draft));
  await scene.test.gateway.integrity.sealNow();
}

const copyOf = (table: string) => sql.id('backup', table.replace('.', '_'));

async function dump(): Promise<void> {
  await sql`create schema backup`.execute(superuser);
  for (const table of TABLES) await sql`create table ${copyOf(table)} as select * from ${sql.table(table)}`.execute(superuser);
}

/** Puts the rows of the backup in the place of those that are there, as a restore of these tables does. */
async function restore(tables: readonly string[]): Promise<void> {
  await sql`set session_replication_role = replica`.execute(superuser);
  for (const table of tables) {
    const columns = await sql<{ list: string }>`
      select string_agg(quote_ident(attname), ', ' order by attnum) as list from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped and attgenerated = ''`.execute(
      superuser,
    );
    const list = sql.raw(columns.rows[0]?.list ?? '');
    await sql`delete from ${sql.table(table)}`.execute(superuser);
    await sql`insert into ${sql.table(table)} (${list}) overriding system value select ${list} from ${copyOf(table)}`.execute(superuser);
  }
  await sql`set session_replication_role = origin`.execute(superuser);
}

const repeatedEvents = async () =>
  (await scene.test.events({ kind: 'log.erasure.repeated' })).map(({ outcome, reason_code: code, detail, actor_id: actor }) => ({ outcome, code, detail, actor }));

test('H16 H09 L14 values that come back with a backup are gone again once a gateway has started, and the log says so', { timeout: 60_000 }, async () => {
  await restore(TABLES);
  const back = (await findInEveryTable(superuser, ALL)).filter((hit) => !hit.startsWith('backup.'));
  expect([...new Set(back.map((hit) => hit.split(':')[0]))]).toEqual(['audit.personal_value', 'product.person', 'product.product_session']);
  // Two that start at one moment do it once.
  const gateways = await Promise.all([openSecondGateway(scene.test), openSecondGateway(scene.test)]);
  expect(await findInEveryTable(superuser, ALL)).toEqual(kept());
  const [erased] = (await scene.test.events({ kind: 'people.person.erased' })).filter(({ outcome }) => outcome === 'ok');
  const repeated = await repeatedEvents();
  expect(repeated.filter(({ outcome }) => outcome === 'ok')).toEqual([
    {
      outcome: 'ok',
      code: null,
      actor: 'gateway',
      detail: expect.objectContaining({ erasureEventId: erased?.['id'], erasedBy: 'erasePerson', valuesErased: 3, recordsReplaced: 1, recordsLeft: 0 }),
    },
  ]);
  expect(repeated[0]?.detail.recordsDeleted).toBeGreaterThan(0);
  const story = await scene.test.events({ correlationId: erased?.['correlation_id'] });
  expect(story.map(({ kind }) => kind)).toContain('log.erasure.repeated');
  expect((await proveAll(scene.test)).absent).toEqual([]);
  for (const gateway of gateways) await gateway.close();
});

test('H16 a start finds nothing to do where nothing came back; what was written after the erasure stays', { timeout: 60_000 }, async () => {
  const before = await repeatedEvents();
  await changeName('after the erasure');
  await (await openSecondGateway(scene.test)).close();
  expect(await repeatedEvents()).toEqual(before);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from audit.personal_value where subject_id = ${id}`.execute(superuser);
  expect(rows).toEqual([{ count: 3 }]);
  // Nor does one that finds the older values among them take the later ones.
  await sql`insert into audit.personal_value select * from backup.audit_personal_value where subject_id = ${id}`.execute(superuser);
  await (await openSecondGateway(scene.test)).close();
  expect((await sql<{ count: number }>`select count(*)::int as count from audit.personal_value where subject_id = ${id}`.execute(superuser)).rows).toEqual([{ count: 3 }]);
  await sql`delete from audit.personal_value where subject_id = ${id}`.execute(superuser);
});

test('H16 where only the product’s rows are back the command does it, from the log alone; a hold keeps what it holds, on the log', { timeout: 60_000 }, async () => {
  await restore(['product.person', 'product.product_session']);
  await sql`alter table audit.erasure rename to erasure_lost`.execute(superuser);
  await sql`create table audit.erasure as select * from audit.erasure_lost limit 0`.execute(superuser);
  await sql`grant select on audit.erasure to sallyport_app`.execute(superuser);
  await sql`alter table audit.erasure owner to sallyport_owner`.execute(superuser);
  const parts = { db: scene.test.database.app, registry: buildGatewaySchema(modules).registry, audit: openLog(scene.test.database.app), log: createLog('silent') };
  expect((await scene.act(scene.agus, 'placeLegalHold', { recordType: 'person', recordId: id })).codes).toEqual([]);
  expect(await repeatErasures(parts, 'all', BY)).toEqual({ repeated: 0, left: 1 });
  expect((await repeatedEvents()).at(-1)).toMatchObject({ outcome: 'denied', code: 'CONFLICT', actor: 'command-line' });
  const { rows } = await sql<{ id: string }>`select id from audit.hold_in_force`.execute(superuser);
  expect((await scene.approve(scene.agus, await scene.file(scene.siti, 'releaseLegalHold', { id: rows[0]?.id }))).codes).toEqual([]);
  expect(await repeatErasures(parts, 'all', BY)).toEqual({ repeated: 1, left: 0 });
  expect(await repeatErasures(parts, 'all', BY)).toEqual({ repeated: 0, left: 0 });
  expect(await findInEveryTable(superuser, ALL)).toEqual(kept());
  await sql`drop table audit.erasure`.execute(superuser);
  await sql`alter table audit.erasure_lost rename to erasure`.execute(superuser);
});

const staffId = async (email: string): Promise<string> =>
  (await sql<{ id: string }>`select id::text from gateway.staff where email = ${email}`.execute(superuser)).rows[0]?.id ?? '';

test.each(['nothing', 'that nothing went', 'another erasure'])('H16 H13 what the serving login has erased once more with %s on the log does not stand', async (said) => {
  const { app } = scene.test.database;
  const [erased] = (await scene.test.events({ kind: 'people.person.erased' })).filter(({ outcome }) => outcome === 'ok');
  await sql`insert into audit.personal_value select * from backup.audit_personal_value where subject_id = ${id} on conflict do nothing`.execute(superuser);
  const count = async () => (await sql<{ count: number }>`select count(*)::int as count from audit.personal_value where subject_id = ${id}`.execute(superuser)).rows[0]?.count;
  const there = await count();
  expect(there).toBeGreaterThan(0);
  const again = app.transaction().execute(async (tx) => {
    const { rows } = await sql<{ erased: number }>`select erased::int as erased from audit.erase_again(${erased?.['id']}::uuid)`.execute(tx);
    expect(rows[0]?.erased).toBeGreaterThan(0);
    if (said === 'nothing') return;
    await openLog(app).append(tx, {
      kind: 'log.erasure.repeated',
      outcome: 'ok',
      effect: 'write',
      correlationId: erased?.['correlation_id'],
      surface: 'job',
      ip: null,
      viewer: null,
      actorId: 'gateway',
      actorName: 'Gateway process',
      approvalId: erased?.['approval_id'],
      detail: { erasureEventId: said === 'another erasure' ? randomUUID() : erased?.['id'], valuesErased: said === 'that nothing went' ? 0 : rows[0]?.erased },
    });
  });
  await expect(again).rejects.toThrow(/Nothing is erased again without a word on the log/);
  expect(await count()).toBe(there);
  await sql`delete from audit.personal_value where subject_id = ${id}`.execute(superuser);
});

type Told = 'act' | 'act as a reading' | 'filed' | 'approved' | 'approved by who asked' | 'approved by nobody known' | 'approved by another account of who asked';

test.each<readonly [signed: readonly Told[], withTheCall: Told | null]>([
  [['act'], null],
  [['act', 'filed'], null],
  [['act', 'approved'], null],
  [['filed', 'approved'], null],
  [['act', 'filed', 'approved by who asked'], null],
  [['act', 'filed', 'approved by nobody known'], null],
  [['act', 'filed', 'approved by another account of who asked'], null],
  [['act as a reading', 'filed', 'approved'], null],
  [['act', 'filed'], 'approved'],
  [['act', 'approved'], 'filed'],
  [['filed', 'approved'], 'act'],
])('H16 H13 of an erasure the signed log tells %j, and %s is said with the call: it is not done again', async (signed, withTheCall) => {
  const { app } = scene.test.database;
  const log = openLog(app);
  const [correlationId, approvalId, actId, alias] = Array.from({ length: 4 }, () => randomUUID()) as [string, string, string, string];
  const [siti, agus] = [await staffId(scene.siti.person.email), await staffId(scene.agus.person.email)];
  await sql`
    insert into gateway.staff (id, email, display_name, state, password_hash, totp_ciphertext, totp_key_id)
    select ${alias}, ${scene.siti.person.email.replace('@', `+${alias}@`)}, 'Siti too', 'active', 'x', 'x', 'x'`.execute(superuser);
  const common = { outcome: 'ok', effect: 'write', correlationId, surface: 'console', ip: null, viewer: null, approvalId, action: 'erasePerson' } as const;
  const act = { ...common, id: actId, kind: 'people.person.erased', actorId: siti, detail: { erased: { person: [id] } } } as const;
  const said = {
    act,
    'act as a reading': { ...act, effect: 'read' },
    filed: { ...common, kind: 'approvals.request.filed', actorId: siti },
    approved: { ...common, kind: 'approvals.request.approved', actorId: agus },
    'approved by who asked': { ...common, kind: 'approvals.request.approved', actorId: siti },
    'approved by nobody known': { ...common, kind: 'approvals.request.approved', actorId: randomUUID() },
    'approved by another account of who asked': { ...common, kind: 'approvals.request.approved', actorId: alias },
  } as const satisfies Record<Told, unknown>;
  for (const told of signed) await log.append(app, said[told]);
  await scene.test.gateway.integrity.sealNow();
  const call = () =>
    app.transaction().execute(async (tx) => {
      if (withTheCall) await log.append(tx, said[withTheCall]);
      return sql<{ erased: number }>`select erased::int as erased from audit.erase_again(${actId}::uuid)`.execute(tx);
    });
  await expect(call()).rejects.toThrow('The log tells of no erasure by two people here');
  if (signed.includes('act as a reading')) return;
  // With all of it on the signed log, it is what the log tells.
  for (const told of ['act', 'filed', 'approved'] as const) if (!signed.includes(told)) await log.append(app, said[told]);
  await scene.test.gateway.integrity.sealNow();
  expect((await sql<{ erased: number }>`select erased::int as erased from audit.erase_again(${actId}::uuid)`.execute(app)).rows).toEqual([{ erased: 0 }]);
});

test.each([40, 110, 250])('H16 an erasure that took %i sessions with it, more than its event may name, is done and done again', { timeout: 60_000 }, async (sessions) => {
  const { rows } = await sql<{ id: string; tenantId: string }>`
    select id, tenant_id as "tenantId" from product.person where state = 'active' and display_name not like 'Erased%' and id <> ${id} order by id limit 1`.execute(superuser);
  const [{ id: another, tenantId } = { id: '', tenantId: '' }] = rows;
  await sql`
    insert into product.product_session (tenant_id, person_id, client, device, ip_address, started_at, last_seen_at, expires_at)
    select ${tenantId}, ${another}, 'web', 'A browser', ${ADDRESS}, now(), now(), now() + interval '1 day' from generate_series(1, ${sessions})`.execute(superuser);
  const target = { type: person.name, id: another };
  await openLog(scene.test.database.app).append(
    scene.test.database.app,
    refund({ target, tenantId, before: { email: EMAIL }, after: { email: null }, classes: { email: 'personal' } }),
  );
  await sql`create schema aside`.execute(superuser);
  for (const table of ['audit.personal_value', 'product.product_session'])
    await sql`create table ${sql.id('aside', table.replace('.', '_'))} as select * from ${sql.table(table)}`.execute(superuser);
  expect((await scene.approve(scene.siti, await scene.file(scene.agus, 'erasePerson', { id: another }))).codes).toEqual([]);
  await scene.test.gateway.integrity.sealNow();
  await sql`insert into audit.personal_value select * from aside.audit_personal_value where subject_id = ${another}`.execute(superuser);
  await sql`insert into product.product_session select * from aside.product_product_session where person_id = ${another}`.execute(superuser);
  await sql`drop schema aside cascade`.execute(superuser);
  await (await openSecondGateway(scene.test)).close();
  expect((await repeatedEvents()).at(-1)).toMatchObject({
    outcome: 'ok',
    detail: { valuesErased: 2, recordsDeleted: expect.toSatisfy((deleted: number) => deleted >= sessions), recordsLeft: 0 },
  });
  expect((await findInEveryTable(superuser, [EMAIL, ADDRESS])).filter((hit) => !hit.startsWith('backup.'))).toEqual([]);
});
