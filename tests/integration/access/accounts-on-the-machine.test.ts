import { addSecondAdministrator } from '@sallyport/server/auth/accounts/add-second-administrator.ts';
import { AccountRefusal } from '@sallyport/server/auth/accounts/find-account.ts';
import { linkAccounts } from '@sallyport/server/auth/accounts/link-accounts.ts';
import { renewEnrolmentOnMachine } from '@sallyport/server/auth/accounts/renew-enrolment.ts';
import { restoreAdministrator } from '@sallyport/server/auth/accounts/restore-administrator.ts';
import { noteGrantUse } from '@sallyport/server/jobs/grants/note-grant-use.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOfRefusal, createAccessFixture, factsFrom, signIn, type AccessFixture, type TestPerson } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

const onMachine = () => ({ ...factsFrom('127.0.0.1'), surface: 'cli' }) as const;
const eventsOf = async (kind: string, target: string) =>
  (
    await sql<{
      surface: string;
      detail: Record<string, unknown>;
    }>`select surface, detail from audit.event where kind = ${kind} and target_id = ${target} order by sequence`.execute(fixture.database.owner)
  ).rows;
const administrator = () => fixture.addPerson({ grants: [{ role: 'platform-admin', tenants: 'global' }] });
const personOf = async (person: TestPerson): Promise<string> =>
  (await sql<{ id: string }>`select coalesce(person_id, id) as id from gateway.staff where id = ${person.id}`.execute(fixture.database.owner)).rows[0]?.id ?? '';

test('F11 the only administrator who lost the authenticator gets back in through the machine; sessions and lent access end, the log says so', async () => {
  const person = await administrator();
  const client = await signIn(fixture, person);
  await sql`
    insert into gateway.access_grant (id, staff_id, kind, role, is_global, reason, expires_at, minutes)
    values (gen_random_uuid(), ${person.id}, 'elevation', 'billing-operator', true, 'test', clock_timestamp() + interval '1 hour', 60)`.execute(fixture.database.owner);
  const { url } = await renewEnrolmentOnMachine(
    fixture.database.app,
    fixture.audit,
    { email: person.email.toUpperCase(), publicUrl: 'https://admin.sallyport.example' },
    onMachine(),
  );
  expect(await codeOfRefusal(client.viewer())).toBe('UNAUTHENTICATED');
  expect((await fixture.client().send('/auth/enrol', { token: new URL(url).hash.slice(1) })).body).toMatchObject({ email: person.email });
  expect(await eventsOf('access.staff.enrolment-renewed', person.id)).toMatchObject([{ surface: 'cli', detail: { sessionsEnded: 1, temporaryGrantsEnded: 1 } }]);
  const grants = await sql`select kind, revoked_at is not null as revoked from gateway.access_grant where staff_id = ${person.id} order by kind`.execute(fixture.database.owner);
  expect(grants.rows).toEqual([
    { kind: 'elevation', revoked: true },
    { kind: 'standing', revoked: false },
  ]);
});

test('F11 administration is given back on the machine only while nobody has it, to somebody active, for days', async () => {
  const someone = await fixture.addPerson();
  const invited = await fixture.addPerson({ state: 'invited' });
  const last = await administrator();
  const restore = (person: TestPerson) => restoreAdministrator(fixture.database.app, fixture.audit, { email: person.email, reason: 'The last one left' }, onMachine());
  await expect(restore(someone)).rejects.toThrow(AccountRefusal);
  await sql`update gateway.access_grant set expires_at = clock_timestamp() where staff_id = ${last.id}`.execute(fixture.database.owner);
  await expect(restore(invited)).rejects.toThrow(AccountRefusal);
  const outcomes = await Promise.allSettled([restore(someone), restore(someone), restore(someone)]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { rows } = await sql<{ id: string }>`
    select id from gateway.access_grant where staff_id = ${someone.id} and role = 'platform-admin' and is_global and expires_at between clock_timestamp() + interval '6 days' and clock_timestamp() + interval '7 days'`.execute(
    fixture.database.owner,
  );
  expect(rows).toHaveLength(1);
  expect(await eventsOf('access.grant.given', rows[0]?.id ?? '')).toMatchObject([{ surface: 'cli', detail: { restored: true } }]);
});

test('D10 A16 a second administrator is made on the machine while one person could approve alone: once, of any number at once, and nobody has seen the link', async () => {
  const { owner, app } = fixture.database;
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where revoked_at is null`.execute(owner);
  const make = (name: string, more: { readonly displayName?: string } = {}) =>
    addSecondAdministrator(
      app,
      fixture.audit,
      { email: `${name}@sallyport.example`, displayName: more.displayName ?? `Second ${name}`, reason: 'Nobody could approve', publicUrl: 'https://admin.sallyport.example' },
      onMachine(),
    );
  await expect(make('nobody')).rejects.toThrow(AccountRefusal);
  const first = await administrator();
  const named = (await sql<{ name: string }>`select display_name as name from gateway.staff where id = ${first.id}`.execute(owner)).rows[0]?.name ?? '';
  await expect(make('namesake', { displayName: ` ${named.toUpperCase()}` })).rejects.toThrow(AccountRefusal);
  await expect(
    addSecondAdministrator(app, fixture.audit, { email: first.email, displayName: 'Another', reason: 'r', publicUrl: 'https://admin.sallyport.example' }, onMachine()),
  ).rejects.toThrow(AccountRefusal);
  const outcomes = await Promise.allSettled(['one', 'two', 'three'].map((name) => make(name)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const { rows } = await sql<{ id: string; email: string }>`
    select s.id, s.email from gateway.staff s join gateway.access_grant g on g.staff_id = s.id
    where s.state = 'invited' and g.role = 'platform-admin' and g.is_global and g.granted_by is null and g.reason = 'Nobody could approve' and g.expires_at > clock_timestamp() + interval '365 days'`.execute(
    owner,
  );
  expect(rows).toHaveLength(1);
  const [second] = rows;
  const name = second?.email.split('@')[0] ?? '';
  const { url } = await make(name);
  const opened = await fixture.client().send('/auth/enrol', { token: new URL(url).hash.slice(1) });
  expect(opened.body).toMatchObject({ email: second?.email });
  const links = await sql`select made_by, expires_at > clock_timestamp() as open from gateway.enrolment_link where staff_id = ${second?.id} order by created_at`.execute(owner);
  expect(links.rows).toEqual([
    { made_by: null, open: false },
    { made_by: null, open: true },
  ]);
  expect(await eventsOf('access.staff.invited', second?.id ?? '')).toMatchObject([
    { surface: 'cli', detail: { secondAdministrator: true } },
    { surface: 'cli', detail: { secondAdministrator: true } },
  ]);
  await administrator();
  await expect(make(name)).rejects.toThrow(AccountRefusal);
});

test('D02 accounts that are linked count as one human, those linked before come along, and links at once never make a ring', async () => {
  const [a, b, c, d] = [await fixture.addPerson(), await fixture.addPerson(), await fixture.addPerson(), await fixture.addPerson()];
  const link = (one: TestPerson, other: TestPerson) => linkAccounts(fixture.database.app, fixture.audit, [one.email, other.email], onMachine());
  await link(a, b);
  await link(c, d);
  await link(b, d);
  expect(new Set([await personOf(a), await personOf(b), await personOf(c), await personOf(d)])).toEqual(new Set([d.id]));
  await expect(link(a, c)).rejects.toThrow(AccountRefusal);
  await expect(link(a, a)).rejects.toThrow(AccountRefusal);
  const [e, f] = [await fixture.addPerson(), await fixture.addPerson()];
  await Promise.allSettled([link(e, f), link(f, e)]);
  expect(await personOf(e)).toBe(await personOf(f));
  const viewer = await (await signIn(fixture, a)).viewer();
  expect(viewer?.actor.personId).toBe(d.id);
});

test('G08 last use is what the log says: the last event with outcome ok that names the grant, whoever notes it and how often', async () => {
  const person = await administrator();
  const { rows } = await sql<{ id: string }>`select id from gateway.access_grant where staff_id = ${person.id}`.execute(fixture.database.owner);
  const id = rows[0]?.id ?? '';
  const append = async (outcome: string) =>
    sql`select audit.append(json_build_array(json_build_object('id', gen_random_uuid(), 'formatVersion', 1, 'correlationId', gen_random_uuid()::text, 'kind', 'test.thing.done', 'outcome', ${outcome}::text,
      'surface', 'api', 'environment', 'test', 'policyVersion', repeat('0', 64), 'grantId', ${id}::text, 'head', '{"t":"', 'tail', '"}')))`.execute(fixture.database.app);
  await append('ok');
  await append('denied');
  await Promise.all([noteGrantUse(fixture.database.app), noteGrantUse(fixture.database.app)]);
  const truth = async () => (await sql`select max(time) as time from audit.event where grant_id = ${id} and outcome = 'ok'`.execute(fixture.database.owner)).rows[0];
  const noted = async () => (await sql`select last_used_at as time from gateway.grant_use where grant_id = ${id}`.execute(fixture.database.owner)).rows[0];
  expect(await noted()).toEqual(await truth());
  const first = await noted();
  await append('ok');
  await noteGrantUse(fixture.database.app);
  expect(await noted()).toEqual(await truth());
  expect(await noted()).not.toEqual(first);
  await sql`delete from gateway.grant_use`.execute(fixture.database.owner);
  await noteGrantUse(fixture.database.app);
  expect(await noted()).toEqual(await truth());
});
