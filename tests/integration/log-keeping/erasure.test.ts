import { createHash, randomUUID } from 'node:crypto';
import { modules } from '@sallyport/schema/index.ts';
import { approveMfaResets, resetMfaOfPeople } from '@sallyport/schema/modules/people/permissions.ts';
import { mfaReset } from '@sallyport/schema/modules/people/person.event.ts';
import { person } from '@sallyport/schema/modules/people/person.resource.ts';
import { defineAction } from '@sallyport/schema/vocabulary/define-action.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { findDiscrepancies } from '@sallyport/server/audit/read-records.ts';
import { type Kysely, sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findInEveryTable, findInStatistics } from './every-value.ts';
import { type Filed, type KeepingScene, openKeepingScene, PERSON_OF_THE_PAST } from './keeping-scene.ts';
import { proveAll } from './proofs-of-all.ts';

/** Acts on personal data, for the demo product has none that takes any: done at once, and through a request. */
const renaming = {
  on: person,
  permission: resetMfaOfPeople,
  label: { en: 'Rename', id: 'Ganti nama' },
  description: { en: 'Changes a name.', id: 'Mengganti nama.' },
  confirm: { en: 'Rename {title}', id: 'Ganti nama {title}' },
  done: { en: '{title} is renamed.', id: '{title} telah diganti.' },
  sensitive: 'never',
  justification: 'reason',
  input: {
    displayName: { type: 'text', maxLength: 100, class: 'personal', label: { en: 'Name', id: 'Nama' } },
    phone: { type: 'text', maxLength: 40, class: 'personal', label: { en: 'Phone', id: 'Telepon' } },
  },
  event: mfaReset,
} as const;
const rename = async (tx: Parameters<NonNullable<Parameters<typeof defineAction>[0]['run']>>[0], id: string, { displayName, phone }: { displayName: string; phone: string }) => {
  await sql`update product.person set display_name = ${displayName}, phone = ${phone} where id = ${id}`.execute(tx);
  return {};
};
const renameNow = defineAction({ ...renaming, name: 'renameNow', run: (tx, { target, input }) => rename(tx, target.id, input) });
const renameByTwo = defineAction({
  ...renaming,
  name: 'renameByTwo',
  approval: [{ stated: { en: 'always', id: 'selalu' }, when: () => true, alternatives: [{ approver: approveMfaResets, quorum: 1 }] }],
  run: (tx, { target, input }) => rename(tx, target.id, input),
});

const NAMES = ['Canary Zulaikha Pertama', 'Canary Zulaikha Kedua', 'Canary Zulaikha Ketiga', 'Canary Zulaikha Keempat'] as const;
const PHONES = ['+62 811 7777 0001', '+62 811 7777 0002', '+62 811 7777 0003', '+62 811 7777 0004'] as const;
const EMAIL = 'zulaikha.canary@penyewa.example';
const ADDRESS = '203.0.113.77';
const ALL = [...NAMES, ...PHONES, EMAIL, ADDRESS];

let scene: KeepingScene;
let superuserPool: pg.Pool;
let superuser: Kysely<unknown>;
beforeAll(async () => {
  scene = await openKeepingScene({
    worker: true,
    modules: modules.map((module) => (module.name === 'people' ? { ...module, actions: [...module.actions, renameNow, renameByTwo] } : module)),
  });
  superuserPool = openPool({ connectionString: scene.test.database.url, max: 1, applicationName: 'scanner' });
  superuser = kyselyOn(superuserPool);
});
afterAll(async () => {
  await superuserPool?.end();
  await scene?.close();
});

/** A person in whom all values are found, with a session of theirs. */
async function makeCanary(): Promise<{ readonly id: string; readonly tenantId: string }> {
  const { rows } = await sql<{ id: string; tenantId: string }>`
    update product.person set display_name = ${NAMES[0]}, phone = ${PHONES[0]}, email = ${EMAIL}
    where id = (select person_id from product.product_session join product.person p on p.id = person_id where p.state = 'active' and p.display_name not like 'Erased%' order by p.email = ${EMAIL} desc, person_id limit 1)
    returning id, tenant_id as "tenantId"`.execute(scene.test.database.owner);
  const [made] = rows;
  if (!made) throw new Error('nobody is signed in');
  await sql`update product.product_session set ip_address = ${ADDRESS} where person_id = ${made.id}`.execute(scene.test.database.owner);
  return made;
}

/** Leaves the person's values wherever the gateway could leave them: events, requests that wait and that ran, previews, reads, searches, kept answers. */
async function leaveTraces(id: string): Promise<Filed> {
  const { agus, siti } = scene;
  const because = { reason: 'Customer asked', ticket: 'TEST-9' };
  const input = (index: 1 | 2 | 3) => ({ id, displayName: NAMES[index], phone: PHONES[index], justification: because });
  const now = 'mutation Act($input: RenameNowInput!) { renameNow(input: $input) { status changes { field before after } person { displayName } } }';
  const byTwo = 'mutation Act($input: RenameByTwoInput!) { renameByTwo(input: $input) { status approvalRequest { id shownDigest } } }';
  expect((await agus.query(now, { input: { ...input(1), preview: true } })).codes).toEqual([]);
  expect((await agus.query(now, { input: input(1) }, { idempotencyKey: 'rename-once' })).codes).toEqual([]);
  const filed = (await agus.query(byTwo, { input: input(2) })).data?.['renameByTwo'].approvalRequest as Filed;
  expect((await scene.approve(siti, filed)).codes).toEqual(['FORBIDDEN']);
  await sql`update product.person set display_name = ${NAMES[2]} where id = ${id}`.execute(scene.test.database.owner);
  const waiting = (await agus.query(byTwo, { input: input(3) }, { idempotencyKey: 'rename-waits' })).data?.['renameByTwo'].approvalRequest as Filed;
  await agus.query('query($id: ID!) { person(id: $id) { displayName email phone sessions(first: 5) { ipAddress } } }', { id });
  await agus.act('query($search: String!) { people(filter: { search: $search }) { nodes { displayName email phone } } }', { search: EMAIL });
  return waiting;
}

/** Long scans, many codes. */
const PATIENCE = { timeout: 90_000 };

/** Until every message has been delivered, and every mail written. */
async function delivered(): Promise<void> {
  await vi.waitUntil(async () => (await sql`select from graphile_worker._private_jobs`.execute(superuser)).rows.length === 0, { timeout: 30_000, interval: 200 });
}

test('H16 L14 after an erasure nothing in the whole database holds the values, and every proof stands', PATIENCE, async () => {
  const { id } = await makeCanary();
  const waiting = await leaveTraces(id);
  await delivered();
  const before = await findInEveryTable(superuser, ALL);
  // The scanner bites, and values stand only where they may be erased.
  expect([...new Set(before.map((hit) => hit.split(':')[0]))]).toEqual(['audit.personal_value', 'gateway.approval_value', 'product.person', 'product.product_session']);
  const proven = await proveAll(scene.test);

  const preview = await scene.agus.query('mutation($input: ErasePersonInput!) { erasePerson(input: $input) { status changes { field before after masked } } }', {
    input: { id, preview: true },
  });
  expect(preview.data?.['erasePerson'].status).toBe('PREVIEWED');
  const filed = await scene.file(scene.agus, 'erasePerson', { id });
  // The approver is shown how many values go from how many places, and none of them.
  const shown = await scene.changesShown(scene.siti, filed);
  const { rows: counted } = await sql<{ values: string; entries: string; requests: string }>`
    with subject as (select 'person' as type, ${id} as id union all select 'productSession', id::text from product.product_session where person_id = ${id})
    select ((select count(*) from audit.personal_value join subject on (subject_type, subject_id) = (type, id)) + (select count(*) from gateway.approval_value join subject on (target_type, target_id) = (type, id)))::text as values,
      (select count(distinct event_id) from audit.personal_value join subject on (subject_type, subject_id) = (type, id))::text as entries,
      (select count(distinct request_id) from gateway.approval_value join subject on (target_type, target_id) = (type, id))::text as requests`.execute(superuser);
  expect(shown).toMatchObject({ recordId: [null, id], valuesErased: [null, counted[0]?.values], logEntries: [null, counted[0]?.entries], requests: [null, counted[0]?.requests] });
  expect([Number(counted[0]?.values), Number(counted[0]?.requests)]).toEqual([expect.toSatisfy((values: number) => values > 4), 2]);
  expect(ALL.filter((value) => JSON.stringify(shown).includes(value))).toEqual([]);
  // Asking has left nothing more.
  expect(await findInEveryTable(superuser, ALL)).toEqual(before);
  expect((await scene.approve(scene.siti, filed)).codes).toEqual([]);
  await delivered();

  expect(await findInEveryTable(superuser, ALL)).toEqual([]);
  await sql`analyze`.execute(superuser);
  expect(await findInStatistics(superuser, ALL)).toEqual([]);
  const after = await proveAll(scene.test);
  expect([after.absent, after.entries]).toEqual([[], after.size]);
  expect(after.size).toBeGreaterThan(proven.size);
  expect(await findDiscrepancies(scene.test.database.app).next()).toMatchObject({ done: true });

  const { rows } = await sql<{ name: string; email: string; phone: string | null; state: string }>`
    select display_name as name, email, phone, state from product.person where id = ${id}`.execute(scene.test.database.owner);
  expect(rows[0]).toEqual({ name: 'Erased person', email: `erased-${id}@erased.invalid`, phone: null, state: 'deactivated' });
  const [event] = (await scene.test.events({ kind: 'people.person.erased' })).filter(({ outcome }) => outcome === 'ok');
  expect([event?.['before']['email'], event?.['after']['email'], event?.['before']['displayName']]).toEqual([{ replaced: true }, { replaced: true }, { replaced: true }]);
  expect(event?.['approval_id']).toBe(filed.id);
  const erasures = await sql<{ values: number }>`select values_erased as values from audit.erasure where record_id = ${id}`.execute(scene.test.database.owner);
  expect(erasures.rows).toEqual([{ values: event?.['detail'].valuesErased }]);
  expect(event?.['detail'].erased).toEqual({ person: [id] });
  const deleted: readonly string[] = event?.['detail'].deleted.productSession;
  expect(deleted.length).toBeGreaterThan(0);
  const lines = [`person/${id}`, ...deleted.map((session) => `productSession/${session}`)].sort();
  expect(event?.['detail'].subjectDigest).toBe(createHash('sha256').update(lines.join('\n')).digest('hex'));

  // What waited with those values can't be carried out any more, and nothing is left to erase.
  expect((await scene.approve(scene.siti, waiting)).codes).toEqual(['FORBIDDEN']);
  expect((await scene.act(scene.agus, 'erasePerson', { id })).codes).toEqual(['CONFLICT']);
});

test('H16 of a record that is gone, the values beside the log are erased; of one that is there they are not', PATIENCE, async () => {
  const { id } = await makeCanary();
  const erase = (recordType: string, recordId: string) => scene.act(scene.siti, 'eraseLogSubject', { recordType, recordId });
  expect((await erase('person', id)).errors[0]?.message).toBe('This record is still there. Erase it on its own page.');
  expect((await erase('persona', id)).codes).toEqual(['BAD_INPUT']);
  expect((await erase('person', 'nobody')).codes).toEqual(['BAD_INPUT']);
  expect((await erase('person', randomUUID())).codes).toEqual(['CONFLICT']);
  expect((await findInEveryTable(superuser, ['past.example'])).length).toBeGreaterThan(0);
  const filed = await scene.file(scene.siti, 'eraseLogSubject', { recordType: 'person', recordId: PERSON_OF_THE_PAST.toUpperCase() });
  expect((await scene.approve(scene.agus, filed)).codes).toEqual([]);
  expect(await findInEveryTable(superuser, ['past.example'])).toEqual([]);
  expect((await proveAll(scene.test)).absent).toEqual([]);
  const { data } = await scene.siti.query('query($id: ID!) { logErasures(filter: { recordId: { eq: $id } }) { nodes { recordType valuesErased } } }', { id: PERSON_OF_THE_PAST });
  expect(data?.['logErasures'].nodes).toEqual([{ recordType: 'person', valuesErased: 16 }]);
});

test('H16 a legal hold of the person, of their tenant, or of the time of an event refuses an erasure; released by two, it does not', PATIENCE, async () => {
  const { id, tenantId } = await makeCanary();
  await scene.agus.query('mutation Act($input: RenameNowInput!) { renameNow(input: $input) { status } }', {
    input: { id, displayName: NAMES[1], phone: PHONES[1], justification: { reason: 'Customer asked' } },
  });
  const today = new Date().toISOString().slice(0, 10);
  for (const scope of [{ recordType: 'person', recordId: ` ${id.toUpperCase()}` }, { tenant: [tenantId.toUpperCase()] }, { firstDay: today, lastDay: today }]) {
    const filed = await scene.file(scene.agus, 'erasePerson', { id });
    expect((await scene.act(scene.agus, 'placeLegalHold', scope)).codes).toEqual([]);
    const asked = await scene.act(scene.agus, 'erasePerson', { id });
    expect([asked.codes, asked.errors[0]?.message]).toEqual([['CONFLICT'], 'A legal hold keeps these values.']);
    // A request from before the hold is of no use either.
    expect((await scene.approve(scene.siti, filed)).codes).toEqual(['CONFLICT']);
    const { data } = await scene.siti.query('{ legalHolds(filter: { state: { eq: IN_FORCE } }) { nodes { id } } }');
    expect(data?.['legalHolds'].nodes).toHaveLength(1);
    const hold = data?.['legalHolds'].nodes[0].id;
    expect((await scene.approve(scene.agus, await scene.file(scene.siti, 'releaseLegalHold', { id: hold }))).codes).toEqual([]);
    expect((await scene.act(scene.siti, 'releaseLegalHold', { id: hold })).codes).toEqual(['CONFLICT']);
  }
  expect((await findInEveryTable(superuser, [NAMES[1]])).length).toBeGreaterThan(0);
  expect((await scene.approve(scene.siti, await scene.file(scene.agus, 'erasePerson', { id }))).codes).toEqual([]);
  expect(await findInEveryTable(superuser, ALL)).toEqual([]);
});

test('a hold of nothing is none: exactly one of tenant, record and days, and they exist', async () => {
  const bad = [
    {},
    { recordType: 'persona', recordId: 'x' },
    { recordType: 'person' },
    { firstDay: '2026-02-30', lastDay: '2026-03-01' },
    { firstDay: '2026-03-02', lastDay: '2026-03-01' },
    { tenant: ['00000000-0000-4000-8000-000000000000'] },
    { recordType: 'person', recordId: 'x' },
    { recordType: 'person', recordId: randomUUID(), firstDay: '2026-03-01', lastDay: '2026-03-01' },
  ];
  for (const input of bad) expect((await scene.act(scene.agus, 'placeLegalHold', input)).codes, JSON.stringify(input)).toEqual(['BAD_INPUT']);
});
