import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeAt } from '@sallyport/server/auth/totp.ts';
import type { TestClient } from '../../helpers/gateway.ts';
import { answerOf, type Colleagues, openColleagues, WHY } from './colleagues.ts';

const ADMINISTRATOR = 'Siti Rahmawati';
const SECOND_ADMINISTRATOR = 'Wahyu Setiawan';
const OPERATOR = 'Lestari Handayani';

let house: Colleagues;
let administrator: TestClient;
let operator: TestClient;
beforeAll(async () => {
  house = await openColleagues();
  [administrator, operator] = [await house.signIn(ADMINISTRATOR), await house.signIn(OPERATOR)];
});
afterAll(() => house.close());

const grant = async (name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  staff: await house.idOf(name),
  role: 'SUPPORT_VIEWER',
  everywhere: false,
  tenants: [house.tenants[0]],
  days: 30,
  ...more,
});

const endingOf = async (requestId: string) => (await sql`select state, cause from gateway.approval_ending where request_id = ${requestId}`.execute(house.test.database.owner)).rows;

test('L10 R20 a role is given with reach, reason, giver and end, and holds from the next request on', async () => {
  const holder = await house.signIn('Maya Kusuma');
  const mayRefund = async () =>
    (await holder.query('{ viewer { permissions { name tenantIds } } }')).data?.['viewer'].permissions.find(({ name }: { name: string }) => name === 'billing.invoice.refund');
  expect(await mayRefund()).toBeUndefined();
  const routine = await house.act(administrator, 'giveGrant', await grant('Maya Kusuma', { everywhere: undefined }));
  expect(routine.data?.['giveGrant'], routine.codes.join()).toMatchObject({ status: 'EXECUTED', accessGrant: { state: 'ACTIVE', kind: 'STANDING' } });
  const requestId = await house.actWith(operator, administrator, 'giveGrant', await grant('Maya Kusuma', { role: 'BILLING_OPERATOR', days: 10, everywhere: undefined }));
  expect(await mayRefund()).toEqual({ name: 'billing.invoice.refund', tenantIds: [house.tenants[0]] });
  const request = (await sql<{ story: string }>`select correlation_id::text as story from gateway.approval_request where id = ${requestId}`.execute(house.test.database.owner))
    .rows[0];
  const id = (await sql<{ id: string }>`select id from gateway.access_grant where approval_id = ${requestId}`.execute(house.test.database.owner)).rows[0]?.id ?? '';
  const { rows } = await sql`
    select role, is_global, tenant_ids, reason, ticket, granted_by = ${await house.idOf(ADMINISTRATOR)} as by_her, expires_at - created_at = interval '10 days' as ten_days from gateway.access_grant where id = ${id}`.execute(
    house.test.database.owner,
  );
  expect(rows).toEqual([{ role: 'billing-operator', is_global: false, tenant_ids: [house.tenants[0]], reason: WHY.reason, ticket: WHY.ticket, by_her: true, ten_days: true }]);
  const events = await house.test.events({ correlationId: request?.story ?? '', kind: 'access.grant.given' });
  expect(events.map(({ outcome, reason_code }) => [outcome, reason_code])).toEqual([
    ['denied', 'STEP_UP_REQUIRED'],
    ['ok', null],
  ]);
  expect(events[1]).toMatchObject({ target_type: 'accessGrant', target_id: id, tenant_id: house.tenants[0] });
});

test('R13 D10 D14 power over access and privileged power wait for a second person, however few tenants are named; routine does not', async () => {
  for (const [more, waits] of [
    [{ role: 'PLATFORM_ADMIN' }, true],
    [{ role: 'SECURITY_OPERATOR' }, true],
    [{ role: 'BILLING_OPERATOR', everywhere: true, tenants: [] }, true],
    [{ role: 'BILLING_OPERATOR' }, true],
    [{ role: 'BILLING_OPERATOR', tenants: house.tenants }, true],
    [{ role: 'SUPPORT_VIEWER' }, false],
    [{ role: 'SUPPORT_VIEWER', everywhere: true, tenants: [] }, false],
  ] as const) {
    const before = (await house.grantsOf('Yoga Saputra')).length;
    const answer = await house.act(administrator, 'giveGrant', await grant('Yoga Saputra', more));
    expect([more.role, answer.data?.['giveGrant'].status], answer.codes.join()).toEqual([more.role, waits ? 'PENDING_APPROVAL' : 'EXECUTED']);
    expect((await house.grantsOf('Yoga Saputra')).length - before).toBe(waits ? 0 : 1);
  }
});

test('A2 the second administrator approves: the grant names request and requester, and the beneficiary can never be the approver', async () => {
  const filed = await house.act(administrator, 'giveGrant', await grant('Fajar Nugroho', { role: 'SECURITY_OPERATOR', everywhere: true, tenants: [] }));
  const requestId = filed.data?.['giveGrant'].approvalRequest.id;
  const approved = await house.approve(operator, requestId);
  expect(approved.codes).toEqual([]);
  const { rows } = await sql`
    select role, approval_id, granted_by = ${await house.idOf(ADMINISTRATOR)} as by_requester from gateway.access_grant where staff_id = ${await house.idOf('Fajar Nugroho')} and approval_id is not null`.execute(
    house.test.database.owner,
  );
  expect(rows).toEqual([{ role: 'security-operator', approval_id: requestId, by_requester: true }]);

  const forHimself = await house.act(administrator, 'giveGrant', await grant(SECOND_ADMINISTRATOR, { role: 'SECURITY_OPERATOR', everywhere: true, tenants: [] }));
  const before = await house.grantsOf(SECOND_ADMINISTRATOR);
  const tried = await house.approve(await house.signIn(SECOND_ADMINISTRATOR), forHimself.data?.['giveGrant'].approvalRequest.id);
  expect(tried.codes).toEqual(['SELF_APPROVAL']);
  expect(await endingOf(forHimself.data?.['giveGrant'].approvalRequest.id)).toEqual([]);
  expect(await house.grantsOf(SECOND_ADMINISTRATOR)).toEqual(before);
  // He has not used it up: whoever may still can.
  expect((await house.approve(operator, forHimself.data?.['giveGrant'].approvalRequest.id)).codes).toEqual([]);
  expect((await house.grantsOf(SECOND_ADMINISTRATOR)).length).toBe(before.length + 1);
});

test('G3 R13 nobody gives to themselves, nor to another account of theirs: by link, by mailbox, by authenticator', async () => {
  const { owner } = house.test.database;
  const own = await house.idOf(ADMINISTRATOR);
  const give = async (name: string) => (await house.act(administrator, 'giveGrant', await grant(name))).codes;
  expect(await give(ADMINISTRATOR)).toEqual(['FORBIDDEN']);
  const other = await house.idOf('Putri Anggraini');
  const kept = (await sql<{ email: string; totp_fingerprint: Buffer }>`select email, totp_fingerprint from gateway.staff where id = ${other}`.execute(owner)).rows[0];
  await sql`update gateway.staff set person_id = ${own} where id = ${other}`.execute(owner);
  expect(await give('Putri Anggraini')).toEqual(['FORBIDDEN']);
  await sql`update gateway.staff set person_id = null, email = (select replace(email, '@', '+second@') from gateway.staff where id = ${own}) where id = ${other}`.execute(owner);
  expect(await give('Putri Anggraini')).toEqual(['FORBIDDEN']);
  await sql`update gateway.staff set email = ${kept?.email}, totp_fingerprint = (select totp_fingerprint from gateway.staff where id = ${own}) where id = ${other}`.execute(owner);
  expect(await give('Putri Anggraini')).toEqual(['FORBIDDEN']);
  await sql`update gateway.staff set totp_fingerprint = ${kept?.totp_fingerprint} where id = ${other}`.execute(owner);
  expect(await give('Putri Anggraini')).toEqual([]);
});

test("R13 D02 an administrator who has a colleague enrol anew, and takes the link themselves, can't approve for themselves with that account", async () => {
  const { test: gateway } = house;
  const name = 'Agus Pratama';
  await house.actWith(operator, administrator, 'renewEnrolment', { id: await house.idOf(name) });
  const made = await house.act(administrator, 'makeEnrolmentLink', { id: await house.idOf(name) });
  const token = new URL(answerOf(made, 'makeEnrolmentLink').enrolmentLink).hash.slice(1);
  const stranger = gateway.stranger();
  const { secret } = (await (await stranger.post('/auth/enrol', { token })).json()) as { secret: string };
  const now = (await sql<{ epoch: number }>`select extract(epoch from clock_timestamp())::float8 as epoch`.execute(gateway.database.owner)).rows[0]?.epoch ?? 0;
  expect((await stranger.post('/auth/enrol/confirm', { token, password: 'taken over by a colleague', code: codeAt(secret, now) })).status).toBe(200);
  const email = `${name.toLowerCase().replace(' ', '.')}@sallyport.example`;
  const taken = await gateway.as({ email, password: 'taken over by a colleague', totpSecret: secret, roles: [], tenants: [], displayName: name, grants: [] });
  const filed = await house.act(administrator, 'giveGrant', await grant('Yoga Saputra', { role: 'SECURITY_OPERATOR', everywhere: true, tenants: [] }));
  const requestId = filed.data?.['giveGrant'].approvalRequest.id;
  expect((await house.approve(taken, requestId)).codes).toEqual(['SELF_APPROVAL']);
  // Nor the other way round: what that account asks for.
  const asked = await house.act(taken, 'requestElevation', { tenants: [house.tenants[0]], permissions: ['billing.invoice.refund'], minutes: 15 });
  const elevationId = answerOf(asked, 'requestElevation').approvalRequest.id;
  expect((await house.approve(administrator, elevationId)).codes).toEqual(['SELF_APPROVAL']);
  expect((await house.approve(await house.signIn(SECOND_ADMINISTRATOR), elevationId)).codes).toEqual([]);
  await sql`update gateway.enrolment_link set used_at = used_at - interval '31 days' where staff_id = ${await house.idOf(name)}`.execute(gateway.database.owner);
  expect((await house.approve(taken, requestId)).codes).toEqual([]);
});

test('R12 G4 who does not hold the right to give gives nothing, and nonsense is refused without a change', async () => {
  const before = await house.grantsOf('Rina Wulandari');
  for (const name of [OPERATOR, 'Hendra Gunawan', 'Budi Santoso', 'Ratna Permata'])
    expect((await house.act(await house.signIn(name), 'giveGrant', await grant('Rina Wulandari'))).codes, name).toEqual(['FORBIDDEN']);
  const wrong: readonly Readonly<Record<string, unknown>>[] = [
    { everywhere: true },
    { everywhere: undefined, tenants: undefined },
    { tenants: [] },
    { tenants: null },
    { days: 0 },
    { days: 367 },
    { staff: '00000000-0000-4000-8000-000000000000' },
    { staff: "' or true" },
    { tenants: ['00000000-0000-4000-8000-000000000000'] },
    { tenants: [house.tenants[0], house.tenants[0]] },
  ];
  for (const more of wrong) expect((await house.act(administrator, 'giveGrant', await grant('Rina Wulandari', more))).codes, JSON.stringify(more)).toEqual(['BAD_INPUT']);
  expect((await administrator.query('mutation { giveGrant(input: { staff: "x", role: BREAK_GLASS, everywhere: true, days: 1 }) { status } }')).codes).toEqual(['BAD_INPUT']);
  expect(await house.grantsOf('Rina Wulandari')).toEqual(before);
});

test('A5 A05 a revoked grant is gone at the next request, with who and why; twice is CONFLICT; a stranger may not', async () => {
  const id = await house.give('Rina Wulandari', { role: 'billing-operator' });
  const viewer = await house.signIn('Rina Wulandari');
  const held = (await viewer.query('{ viewer { grants { id } } }')).data?.['viewer'].grants.map((each: { id: string }) => each.id);
  expect(held).toContain(id);
  expect((await house.send(await house.signIn('Hendra Gunawan'), 'revokeGrant', { id })).codes).toEqual(['FORBIDDEN']);
  expect((await house.send(operator, 'revokeGrant', { id })).codes).toEqual(['STEP_UP_REQUIRED']);
  const revoked = await house.act(operator, 'revokeGrant', { id });
  expect(revoked.data?.['revokeGrant']).toMatchObject({ status: 'EXECUTED', accessGrant: { state: 'REVOKED' } });
  expect((await viewer.query('{ viewer { grants { id } } }')).data?.['viewer'].grants.map((each: { id: string }) => each.id)).not.toContain(id);
  expect((await house.send(operator, 'revokeGrant', { id })).codes).toEqual(['CONFLICT']);
  const told = await operator.query('query ($id: ID!) { accessGrant(id: $id) { state revokedBy revokeReason } }', { id });
  expect(told.data?.['accessGrant']).toEqual({ state: 'REVOKED', revokedBy: OPERATOR, revokeReason: WHY.reason });
});

test("R19 L19 everybody sees their own access and nobody else's; who manages access sees all of it", async () => {
  const list = '{ accessGrants(first: 100) { totalCount nodes { staffId title state reason grantedBy lastUsedAt expiresAt } } }';
  const own = await house.idOf('Rina Wulandari');
  const seen = await (await house.signIn('Rina Wulandari')).query(list);
  expect(seen.codes).toEqual([]);
  expect(new Set(seen.data?.['accessGrants'].nodes.map((each: { staffId: string }) => each.staffId))).toEqual(new Set([own]));
  const [foreign] = await house.grantsOf(OPERATOR);
  expect((await (await house.signIn('Rina Wulandari')).query('query ($id: ID!) { accessGrant(id: $id) { title } }', { id: foreign?.id })).codes).toEqual(['NOT_FOUND']);
  const all = await (await house.signIn('Hendra Gunawan')).query(list);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from gateway.access_grant`.execute(house.test.database.owner);
  expect(all.data?.['accessGrants'].totalCount).toBe(rows[0]?.count);
});

test('R14 rolesInForce: what each role carries and how many active people hold it, by who may see access', async () => {
  const asked = '{ rolesInForce { name permissions holders } }';
  const answer = await operator.query(asked);
  const { rows } = await sql<{ holders: number }>`
    select count(distinct staff_id)::int as holders from gateway.access_grant g join gateway.staff s on s.id = g.staff_id and s.state = 'active' where role = 'security-operator' and revoked_at is null`.execute(
    house.test.database.owner,
  );
  const role = answer.data?.['rolesInForce'].find(({ name }: { name: string }) => name === 'security-operator');
  expect(role).toMatchObject({ holders: rows[0]?.holders });
  expect(role.permissions).toContain('access.grant.revoke');
  expect((await (await house.signIn('Rina Wulandari')).query(asked)).codes).toEqual(['FORBIDDEN']);
});
