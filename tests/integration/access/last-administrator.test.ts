import { warnOfEndingAdministration } from '@sallyport/server/jobs/grants/warn-of-ending-administration.ts';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Answered, TestClient } from '../../helpers/gateway.ts';
import { type Colleagues, openColleagues } from './colleagues.ts';

const FIRST = 'Siti Rahmawati';
const SECOND = 'Wahyu Setiawan';

let house: Colleagues;
let operators: readonly [TestClient, TestClient];
const grants = new Map<string, string>();
beforeAll(async () => {
  house = await openColleagues();
  operators = [await house.signIn('Agus Pratama'), await house.signIn('Lestari Handayani')];
  for (const name of [FIRST, SECOND]) grants.set(name, (await house.grantsOf(name))[0]?.id ?? '');
});
afterAll(() => house.close());

/** Both administrators as they were, whatever the test before did to them. */
beforeEach(async () => {
  await sql`update gateway.access_grant set revoked_at = null, revoked_by = null, expires_at = clock_timestamp() + interval '1 year' where id = any(${[...grants.values()]}::uuid[])`.execute(
    house.test.database.owner,
  );
  await sql`update gateway.staff set state = 'active', disabled_at = null where display_name in (${FIRST}, ${SECOND})`.execute(house.test.database.owner);
});

/** As an administrator would count them: active people with a live role that gives roles, everywhere. */
const left = async (): Promise<number> =>
  (
    await sql<{ count: number }>`
      select count(distinct g.staff_id)::int as count from gateway.access_grant g join gateway.staff s on s.id = g.staff_id
      where s.state = 'active' and g.role = 'platform-admin' and g.is_global and g.revoked_at is null and (g.expires_at is null or g.expires_at > clock_timestamp())`.execute(
      house.test.database.owner,
    )
  ).rows[0]?.count ?? 0;
const grantOf = (name: string) => ({ id: grants.get(name) });
const outcome = ({ codes }: Answered): string => codes.join() || 'done';

test('F11 the last administrator is neither disabled, nor re-enrolled, nor loses the grant, by their own hand or another', async () => {
  const [operator] = operators;
  const first = await house.signIn(FIRST);
  expect(outcome(await house.act(operator, 'revokeGrant', grantOf(SECOND)))).toBe('done');
  expect(outcome(await house.act(operator, 'revokeGrant', grantOf(FIRST)))).toBe('LAST_OWNER');
  expect(outcome(await house.act(first, 'revokeGrant', grantOf(FIRST)))).toBe('LAST_OWNER');
  expect(outcome(await house.act(operator, 'disableStaff', { id: await house.idOf(FIRST) }))).toBe('LAST_OWNER');
  expect((await first.query('{ viewer { id } }')).codes).toEqual([]);
  expect(await left()).toBe(1);
  const refusals = (await house.test.events({ kind: 'access.grant.revoked' })).filter(({ reason_code }) => reason_code === 'LAST_OWNER');
  expect(refusals).toHaveLength(2);
});

test('F11 with two administrators one can go, and a colleague who is none always can', async () => {
  const [operator] = operators;
  expect(outcome(await house.act(operator, 'disableStaff', { id: await house.idOf(SECOND) }))).toBe('done');
  expect(outcome(await house.act(operator, 'disableStaff', { id: await house.idOf('Maya Kusuma') }))).toBe('done');
  expect(await left()).toBe(1);
});

test('F11 who is invited, disabled, expired or limited to tenants is no administrator who could stay behind', async () => {
  const [operator] = operators;
  const second = await house.idOf(SECOND);
  const { owner } = house.test.database;
  for (const [why, statement] of [
    ['expired', sql`update gateway.access_grant set expires_at = clock_timestamp() where id = ${grants.get(SECOND)}`],
    [
      'limited',
      sql`update gateway.access_grant set expires_at = clock_timestamp() + interval '1 day', is_global = false, tenant_ids = ${[house.tenants[0]]}::text[] where id = ${grants.get(SECOND)}`,
    ],
    ['invited', sql`update gateway.staff set state = 'invited' where id = ${second}`],
  ] as const) {
    await statement.execute(owner);
    expect([why, outcome(await house.act(operator, 'revokeGrant', grantOf(FIRST)))]).toEqual([why, 'LAST_OWNER']);
  }
  await sql`update gateway.access_grant set is_global = true, tenant_ids = '{}' where id = ${grants.get(SECOND)}`.execute(owner);
});

test('F11 60 races for the last two administrators by every pair of ways: one is always left, and never both refused', async () => {
  const [one, other] = operators;
  const ways = {
    'revoke the first': () => house.ready(one, 'revokeGrant', grantOf(FIRST)),
    'disable the first': async () => house.ready(one, 'disableStaff', { id: await house.idOf(FIRST) }),
    'revoke the second': () => house.ready(other, 'revokeGrant', grantOf(SECOND)),
    'disable the second': async () => house.ready(other, 'disableStaff', { id: await house.idOf(SECOND) }),
  };
  const pairs = (['revoke the first', 'disable the first'] as const).flatMap((a) => (['revoke the second', 'disable the second'] as const).map((b) => [a, b] as const));
  const seen = new Map<string, number>();
  for (let round = 0; round < 60; round += 1) {
    const [a, b] = pairs[round % pairs.length] ?? ['revoke the first', 'revoke the second'];
    const [first, second] = [await ways[a](), await ways[b]()];
    const outcomes = (await Promise.all([first(), second()])).map(outcome).sort();
    expect([a, b, await left()]).toEqual([a, b, 1]);
    expect(outcomes).toEqual(['LAST_OWNER', 'done']);
    seen.set(outcomes.join(), (seen.get(outcomes.join()) ?? 0) + 1);
    await sql`update gateway.access_grant set revoked_at = null where id = any(${[...grants.values()]}::uuid[])`.execute(house.test.database.owner);
    await sql`update gateway.staff set state = 'active', disabled_at = null where display_name in (${FIRST}, ${SECOND})`.execute(house.test.database.owner);
  }
  expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(60);
}, 60_000);

test('F11 the two administrators turn on each other at once: one stays, whoever it is', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [first, second] = [await house.signIn(FIRST), await house.signIn(SECOND)];
    const sends = [await house.ready(first, 'revokeGrant', grantOf(SECOND)), await house.ready(second, 'revokeGrant', grantOf(FIRST))];
    const outcomes = (await Promise.all(sends.map((send) => send()))).map(outcome);
    expect([await left(), outcomes.filter((each) => each === 'done')]).toEqual([1, ['done']]);
    expect(['FORBIDDEN', 'LAST_OWNER', 'CONFLICT']).toContain(outcomes.find((each) => each !== 'done'));
    await sql`update gateway.access_grant set revoked_at = null where id = any(${[...grants.values()]}::uuid[])`.execute(house.test.database.owner);
  }
}, 30_000);

test('F11 time is not held up: before it takes the last administrator the log says so, and after', async () => {
  const { database } = house.test;
  const audit = createAuditLog({ db: database.app, policy: { hash: '0'.repeat(64) }, environment: 'test', roles: new Map() });
  const warnings = async () => (await house.test.events({ kind: 'access.administration.ends-soon' })).map(({ detail }) => detail.administrators);
  await warnOfEndingAdministration(database.app, audit);
  expect(await warnings()).toEqual([]);
  const endIn = (days: number) =>
    sql`update gateway.access_grant set expires_at = clock_timestamp() + make_interval(days => ${days}::int) where id = any(${[...grants.values()]}::uuid[])`.execute(
      database.owner,
    );
  await endIn(15);
  await warnOfEndingAdministration(database.app, audit);
  expect(await warnings()).toEqual([]);
  await endIn(13);
  await warnOfEndingAdministration(database.app, audit);
  await endIn(0);
  await warnOfEndingAdministration(database.app, audit);
  expect(await warnings()).toEqual([2, 0]);
});
