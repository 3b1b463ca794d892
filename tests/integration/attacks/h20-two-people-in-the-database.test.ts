import { createHash, randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMPLETE, type Forgery, forge } from '../log-keeping/forged-act.ts';
import { type KeepingScene, openKeepingScene } from '../log-keeping/keeping-scene.ts';
import { proveAll } from '../log-keeping/proofs-of-all.ts';

let scene: KeepingScene;
let app: Kysely<unknown>;
let owner: Kysely<unknown>;
let siti: string;
let agus: string;
/** An account of Siti's by its mailbox. */
let alias: string;
beforeAll(async () => {
  scene = await openKeepingScene();
  await scene.closeSegments();
  ({ app, owner } = scene.test.database);
  const idOf = async (email: string) => (await sql<{ id: string }>`select id::text from gateway.staff where email = ${email}`.execute(owner)).rows[0]?.id ?? '';
  [siti, agus] = [await idOf(scene.siti.person.email), await idOf(scene.agus.person.email)];
  alias = randomUUID();
  await sql`
    insert into gateway.staff (id, email, display_name, state, password_hash, totp_ciphertext, totp_key_id)
    values (${alias}, ${scene.siti.person.email.replace('@', '+two@')}, 'Siti too', 'active', 'x', 'x', 'x')`.execute(owner);
});
afterAll(() => scene?.close());

const yearsOf = async () => (await sql<{ years: number }>`select years from audit.retention_period where retention = 'reading'`.execute(owner)).rows[0]?.years;
const forged = (parts: Partial<Forgery>) => forge(scene.test, { ...COMPLETE, requester: siti, reviewer: agus, ...parts });

test('H20 H16 H13 the serving login alone lets go of nothing, and what it tries leaves everything where it was', async () => {
  expect((await scene.act(scene.siti, 'placeLegalHold', { firstDay: '2001-01-01', lastDay: '2001-01-02' })).codes).toEqual([]);
  const { rows } = await sql<{ hold: string; type: string; id: string }>`
    select (select id::text from audit.legal_hold limit 1) as hold, subject_type as type, subject_id as id from audit.personal_value limit 1`.execute(owner);
  const { hold = '', type = '', id = '' } = rows[0] ?? {};
  const subjects = JSON.stringify({ erased: { [type]: [id] } });
  const acts: Readonly<Record<string, (approval: string | null) => ReturnType<typeof sql>>> = {
    prune: (approval) => sql`select * from audit.prune_segment('2015-01-act', ${approval}::uuid)`,
    period: (approval) => sql`select audit.set_retention_period('reading', 7, ${approval}::uuid)`,
    release: (approval) => sql`select audit.release_hold(${hold}::uuid, ${approval}::uuid, ${siti}::uuid, 'mine')`,
    erase: (approval) => sql`select * from audit.erase_values(${type}, ${id}, ${subjects}::jsonb, '{}', ${approval}::uuid, ${siti}::uuid, 'mine', null, gen_random_uuid())`,
  };
  const state = async () =>
    (
      await sql`
        select (select count(*)::int from audit.event_2015_01_act) as events, (select count(*)::int from audit.personal_value) as values, (select count(*)::int from audit.erasure) as erasures,
          (select count(*)::int from audit.legal_hold_release) as releases, (select years from audit.retention_period where retention = 'reading') as years,
          (select count(*)::int from audit.act_of_two) as acts`.execute(owner)
    ).rows;
  const before = await state();
  // Somebody has asked for it; nobody has approved it.
  const filed = await scene.file(scene.siti, 'setRetentionPeriod', { id: 'reading', years: 7 });
  for (const [name, act] of Object.entries(acts)) {
    for (const approval of [null, randomUUID(), filed.id]) await expect(act(approval).execute(app), `${name} ${approval}`).rejects.toThrow(/Nobody lets go of the log alone/);
    // Tried out and undone, as a preview is.
    await expect(
      app.transaction().execute(async (tx) => {
        await act(null).execute(tx);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    for (const dodge of ['set constraints all immediate', 'set constraints all deferred', 'savepoint one', "set local session_replication_role = 'replica'"])
      await expect(
        app.transaction().execute(async (tx) => {
          await sql.raw(dodge).execute(tx);
          await act(null).execute(tx);
        }),
        `${name} after ${dodge}`,
      ).rejects.toThrow(/Nobody lets go of the log alone|permission denied/);
  }
  expect(await state()).toEqual(before);
});

test.each<readonly [string, Partial<Forgery>, RegExp]>([
  ['shown as other years', { shown: 4 }, /a request that showed this/],
  ['of another class', { targetId: 'act', shownId: 'act' }, /a request that showed this/],
  ['that shows it beside another record', { targetId: 'act' }, /a request that showed this/],
  ['that shows another record', { shownId: 'act' }, /a request that showed this/],
  ['that has lapsed', { minutesToLive: -1 }, /a request that has not lapsed/],
  ['that nobody reviewed', { reviewed: null, approvalEvent: false }, /another person’s approval/],
  ['that was denied', { reviewed: 'deny' }, /another person’s approval/],
  ['approved as something else', { reviewOf: 'another' }, /another person’s approval/],
  ['approved without a word on the log', { approvalEvent: false }, /another person’s approval/],
  ['that takes two approvals and has one', { rule: { ...COMPLETE.rule, alternatives: [{ approver: 'x', quorum: 2 }] } }, /another person’s approval/],
  ['whose rule asks for nobody', { rule: { ...COMPLETE.rule, alternatives: [] }, reviewed: null, approvalEvent: false }, /violates check constraint/],
  ['that has not ended', { ending: null }, /the end of the request/],
  ['that was withdrawn', { ending: 'cancelled' }, /the end of the request/],
  ['whose approver gave no code', { approverProof: 'none' }, /the approver’s proof/],
  ['whose approver’s code was for another moment', { approverProof: 'spent-before' }, /the approver’s proof/],
  ['whose approver has signed out', { session: 'ended' }, /the approver’s proof/],
  ['whose approver may only read', { session: 'read-only' }, /the approver’s proof/],
  ['whose requester gave no code', { requesterProof: 'none' }, /the requester’s proof/],
  ['whose requester’s code was not spent', { requesterProof: 'unspent' }, /the requester’s proof/],
  ['that the log has not heard of', { filing: 'never' }, /the request on the signed log/],
  ['that reaches the log with the act', { filing: 'with-the-act' }, /the request on the signed log/],
  ['that the forger seals together with the act', { filing: 'sealed-with-the-act' }, /the request on the signed log/],
  ['that the forger seals behind a savepoint, while others commit', { filing: 'sealed-behind-a-savepoint' }, /the request on the signed log/],
  ['that is undone once the act was looked at', { undone: true }, /another person’s approval/],
  ['that the log has as somebody else’s', { filedBy: 'reviewer' }, /the request on the signed log/],
  ['whose act the log does not hear of', { actEvent: 'none' }, /the act’s event/],
  ['whose act the log has otherwise', { actEvent: 'other-years' }, /the act’s event/],
])('H20 H13 a forged request %s is not carried out', async (_, parts, missing) => {
  await expect(forged(parts)).rejects.toThrow(missing);
  expect(await yearsOf()).toBe(2);
});

test('H16 H20 H13 an erasure is done as its event tells it: of these subjects, and no others', async () => {
  const { rows } = await sql<{ type: string; id: string }>`select distinct subject_type as type, subject_id as id from audit.personal_value`.execute(owner);
  const [{ type, id } = { type: '', id: '' }] = rows;
  const other = 'somebody else';
  const values = async () => (await sql<{ count: number }>`select count(*)::int as count from audit.personal_value`.execute(owner)).rows[0]?.count ?? 0;
  const digestOf = (...ids: readonly string[]) =>
    createHash('sha256')
      .update(
        ids
          .map((each) => `${type}/${each}`)
          .sort()
          .join('\n'),
      )
      .digest('hex');
  const erasure = { type, id, subjects: { erased: { [type]: [id] } }, detail: { subjectDigest: digestOf(id) } };
  const before = await values();
  await expect(forged({ erasure: { ...erasure, subjects: { erased: { [type]: [id, other] } } } })).rejects.toThrow(/the act’s event/);
  await expect(forged({ erasure: { ...erasure, subjects: { erased: { [type]: [id] }, deleted: { [type]: [other] } } } })).rejects.toThrow(/the act’s event/);
  await expect(forged({ erasure: { ...erasure, detail: {} } })).rejects.toThrow(/the act’s event/);
  await expect(forged({ erasure: { ...erasure, detail: { subjectDigest: digestOf(other) } } })).rejects.toThrow(/the act’s event/);
  await expect(forged({ erasure: { ...erasure, subjects: { erased: { [type]: [other] } } } })).rejects.toThrow(/booked under one of its subjects/);
  // One ID that reads as two: the digest of both is the same.
  const two = `${other}\n${type}/${id}`;
  await expect(forged({ erasure: { type, id: two, subjects: { erased: { [type]: [two] } }, detail: { subjectDigest: digestOf(other, id) } } })).rejects.toThrow(/of one line/);
  expect(await values()).toBe(before);
  await forged({ erasure });
  expect(await values()).toBeLessThan(before);
  const booked = await sql<{ subjects: unknown }>`select subjects from audit.erasure where record_id = ${id}`.execute(owner);
  expect(booked.rows).toEqual([{ subjects: erasure.subjects }]);
  // An event whose detail had no room says so; the booking holds whose values went.
  await forged({ erasure: { type, id: other, subjects: { erased: { [type]: [other] } }, detail: { omitted: { bytes: 99_999 } } } });
});

test('H20 D01 D02 whoever asks, and whoever is the same human, is nobody’s second person; nor is who was disabled', async () => {
  await expect(forged({ reviewer: siti })).rejects.toThrow(/Nobody decides on their own request/);
  await expect(forged({ reviewer: alias })).rejects.toThrow(/another person’s approval/);
  await expect(forged({ requester: alias, reviewer: siti })).rejects.toThrow(/another person’s approval/);
  await sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = ${agus}`.execute(owner);
  await expect(forged({})).rejects.toThrow(/another person’s approval/);
  await sql`update gateway.staff set state = 'active', disabled_at = null where id = ${agus}`.execute(owner);
  expect(await yearsOf()).toBe(2);
});

test('H20 K06 L04 one segment is looked through at a time, and nobody waits long for it: what takes half an hour must not take every connection', { timeout: 30_000 }, async () => {
  /** As the gateway asks, with the patience that hashing takes. @returns milliseconds until it is turned away */
  const turnedAway = async (segment: string) => {
    const begun = performance.now();
    const asked = app.transaction().execute(async (tx) => {
      await sql`set local statement_timeout = '30min'`.execute(tx);
      await sql`select * from audit.prune_segment(${segment}, null)`.execute(tx);
    });
    await expect(asked).rejects.toMatchObject({ code: '55P03' });
    return performance.now() - begun;
  };
  await owner.transaction().execute(async (other) => {
    await sql`select from audit.segment where id = '2015-01-act' for update`.execute(other);
    const waiting = turnedAway('2015-01-act');
    const isWaited = async () =>
      (await sql<{ waits: boolean }>`select exists (select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))) as waits`.execute(other)).rows[0]
        ?.waits;
    await expect.poll(isWaited).toBe(true);
    expect(await turnedAway('2015-02-act')).toBeLessThan(3_000);
    expect(await waiting).toBeLessThan(15_000);
  });
});

test('H20 H13 L4 who forges everything has left it on the signed log first, where it stays; and can use it once', async () => {
  const requestId = await forged({});
  expect(await yearsOf()).toBe(3);
  const { rows } = await sql<{ kind: string; covered_before: boolean }>`
    select e.kind, exists (
      select from audit.leaf leaf join audit.checkpoint c on c.size > leaf.log_index join audit.act_of_two act on act.request_id = ${requestId}::uuid and c.signed_at < act.done_at
      where leaf.event_id = e.id) as covered_before
    from audit.event e where e.approval_id = ${requestId} order by e.sequence`.execute(owner);
  expect(rows.map(({ kind }) => kind)).toEqual(['approvals.request.filed', 'approvals.request.approved', 'log.retention.set']);
  expect(rows[0]?.covered_before).toBe(true);
  await expect(sql`select audit.set_retention_period('reading', 3, ${requestId}::uuid)`.execute(app)).rejects.toThrow(/duplicate key/);
  await expect(sql`select audit.set_retention_period('reading', 2, ${requestId}::uuid)`.execute(app)).rejects.toThrow(/a request that showed this/);
  for (const statement of ['update audit.act_of_two set request_id = null', 'delete from audit.act_of_two', 'truncate audit.act_of_two', 'delete from audit.event'])
    await expect(sql.raw(statement).execute(owner), statement).rejects.toThrow(/append-only/);
  expect((await proveAll(scene.test)).absent).toEqual([]);
});

test('H20 a request from before there was a book of such acts is not good for another one', async () => {
  const filed = await scene.file(scene.siti, 'setRetentionPeriod', { id: 'refusal', years: 4 });
  expect((await scene.approve(scene.agus, filed)).codes).toEqual([]);
  await scene.test.gateway.integrity.sealNow();
  await sql`alter table audit.act_of_two disable trigger user`.execute(owner);
  await sql`delete from audit.act_of_two where request_id = ${filed.id}::uuid`.execute(owner);
  await sql`alter table audit.act_of_two enable always trigger acts_are_of_two, enable always trigger acts_of_two_stay, enable always trigger act_of_two_table_stays`.execute(
    owner,
  );
  await expect(sql`select audit.set_retention_period('refusal', 4, ${filed.id}::uuid)`.execute(app)).rejects.toThrow(/the approver’s proof/);
});
