import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { answerOf, type Colleagues, openColleagues } from './colleagues.ts';

let house: Colleagues;
let asker: TestClient;
let operator: TestClient;
let administrator: TestClient;
beforeAll(async () => {
  house = await openColleagues();
  [asker, operator, administrator] = [await house.signIn('Rina Wulandari'), await house.signIn('Lestari Handayani'), await house.signIn('Siti Rahmawati')];
});
afterAll(() => house.close());

const NAME = 'Rina Wulandari';
/** Held by nobody who merely looks: what is asked for on loan. */
const SUSPEND = 'accounts.tenant.suspend';
const ask = (more: Readonly<Record<string, unknown>> = {}, client = asker) =>
  house.act(client, 'requestElevation', { everywhere: false, tenants: [house.tenants[0]], permissions: [SUSPEND], minutes: 15, ...more });
const suspend = (tenant: string | undefined) =>
  asker.query('mutation ($input: SuspendTenantInput!) { suspendTenant(input: $input) { status } }', {
    input: { id: tenant, preview: true, justification: { reason: 'abuse', ticket: 'OPS-1' } },
  });
const may = async (tenant: string | undefined): Promise<string> => {
  const answer = await suspend(tenant);
  return answer.data?.['suspendTenant']?.status ?? answer.codes.join();
};

/** Asks, has it approved, and answers the ID of the grant that came of it. */
async function lend(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const filed = await ask(more);
  expect(filed.codes).toEqual([]);
  const requestId = filed.data?.['requestElevation'].approvalRequest.id;
  expect((await house.approve(operator, requestId)).codes).toEqual([]);
  const { rows } = await sql<{ id: string }>`select id from gateway.access_grant where approval_id = ${requestId}`.execute(house.test.database.owner);
  expect(rows).toHaveLength(1);
  return rows[0]?.id ?? '';
}
/** As if so many minutes had gone by since the grant was given. */
const later = (id: string, minutes: number) =>
  sql`
    update gateway.access_grant set activated_at = activated_at - make_interval(mins => ${minutes}::int), expires_at = expires_at - make_interval(mins => ${minutes}::int),
      activate_before = activate_before - make_interval(mins => ${minutes}::int) where id = ${id}`.execute(house.test.database.owner);
const stateOf = async (id: string): Promise<string> => (await asker.query('query ($id: ID!) { accessGrant(id: $id) { state } }', { id })).data?.['accessGrant'].state;

test('E16 T2 A5 one tenant for 15 minutes: another tenant at minute 1, the same one after the end, and a dropped one again are refused', async () => {
  expect(await may(house.tenants[0])).toBe('FORBIDDEN');
  const id = await lend();
  expect(await may(house.tenants[0])).toBe('PREVIEWED');
  await later(id, 1);
  expect(await may(house.tenants[1])).toBe('FORBIDDEN');
  await later(id, 13);
  expect(await may(house.tenants[0])).toBe('PREVIEWED');
  await later(id, 1);
  expect([await may(house.tenants[0]), await stateOf(id)]).toEqual(['FORBIDDEN', 'EXPIRED']);

  const dropped = await lend();
  expect(await may(house.tenants[0])).toBe('PREVIEWED');
  expect((await house.send(asker, 'dropElevation', { id: dropped })).codes).toEqual([]);
  expect(await may(house.tenants[0])).toBe('FORBIDDEN');
  for (const action of ['activateElevation', 'dropElevation']) expect((await house.send(asker, action, { id: dropped })).codes, action).toEqual(['CONFLICT']);
  expect(await stateOf(dropped)).toBe('REVOKED');
});

test('A5 T2 an elevation that waits opens nothing, starts its clock at the activation, runs once, and lapses unless it is activated in time', async () => {
  const id = await lend({ startsOnActivation: true });
  expect([await stateOf(id), await may(house.tenants[0])]).toEqual(['WAITING', 'FORBIDDEN']);
  expect((await house.send(operator, 'activateElevation', { id })).codes).toEqual(['FORBIDDEN']);
  expect((await house.send(asker, 'activateElevation', { id })).data?.['activateElevation'].accessGrant.state).toBe('ACTIVE');
  expect(await may(house.tenants[0])).toBe('PREVIEWED');
  const { rows } = await sql`select expires_at - activated_at = interval '15 minutes' as quarter from gateway.access_grant where id = ${id}`.execute(house.test.database.owner);
  expect(rows).toEqual([{ quarter: true }]);
  expect((await house.send(asker, 'activateElevation', { id })).codes).toEqual(['CONFLICT']);
  await later(id, 15);
  expect((await house.send(asker, 'activateElevation', { id })).codes).toEqual(['CONFLICT']);

  const late = await lend({ startsOnActivation: true });
  await later(late, 24 * 60);
  expect(await stateOf(late)).toBe('LAPSED');
  expect((await house.send(asker, 'activateElevation', { id: late })).codes).toEqual(['CONFLICT']);
});

test('A5 K04 of 20 activations at once one starts the clock; activation against drop leaves one story', async () => {
  const id = await lend({ startsOnActivation: true });
  const answers = await Promise.all(Array.from({ length: 20 }, () => house.send(asker, 'activateElevation', { id })));
  expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
  expect(new Set(answers.flatMap(({ codes }) => codes))).toEqual(new Set(['CONFLICT']));
  await house.send(asker, 'dropElevation', { id });
  for (let round = 0; round < 5; round += 1) {
    const waiting = await lend({ startsOnActivation: true });
    await Promise.all([house.send(asker, 'activateElevation', { id: waiting }), house.send(asker, 'dropElevation', { id: waiting })]);
    const [state, allowed] = [await stateOf(waiting), await may(house.tenants[0])];
    expect([state, allowed]).toEqual(state === 'REVOKED' ? ['REVOKED', 'FORBIDDEN'] : ['ACTIVE', 'PREVIEWED']);
    await house.send(asker, 'dropElevation', { id: waiting });
  }
});

test('R13 D01 power over access and the right to approve are never lent, singly or in a role; nor what is held, nor nothing, nor to a token', async () => {
  const refused = async (more: Readonly<Record<string, unknown>>, client = asker) => (await ask(more, client)).codes;
  for (const permissions of [
    ['access.grant.give'],
    ['access.elevation.approve'],
    ['billing.invoice.approve-refund'],
    ['emergency.break-glass.use'],
    ['reviews.item.decide'],
    ['tokens.token.revoke-any'],
  ])
    expect(await refused({ everywhere: true, tenants: [], permissions }), permissions.join()).toEqual(['FORBIDDEN']);
  for (const role of ['PLATFORM_ADMIN', 'SECURITY_OPERATOR']) expect(await refused({ everywhere: true, tenants: [], permissions: [], role }), role).toEqual(['FORBIDDEN']);
  expect(await refused({ permissions: ['accounts.tenant.read'] })).toEqual(['CONFLICT']);
  expect(await refused({ permissions: [], role: 'SUPPORT_VIEWER' })).toEqual(['CONFLICT']);
  for (const more of [
    { role: 'BILLING_OPERATOR' },
    { permissions: [] },
    { permissions: null },
    { everywhere: true },
    { tenants: [] },
    { minutes: 4 },
    { minutes: 481 },
    { permissions: ['no.such.permission'] },
    { permissions: ['people.person.search-all'] },
  ])
    expect(await refused(more), JSON.stringify(more)).toEqual(['BAD_INPUT']);
  expect(
    (
      await asker.query('mutation ($input: RequestElevationInput!) { requestElevation(input: $input) { status } }', {
        input: { everywhere: true, minutes: 15, role: 'BREAK_GLASS' },
      })
    ).codes,
  ).toEqual(['BAD_INPUT']);
});

test('A2 A8 the request needs reason and ticket and a code, and the asker never decides it: one approver, two for privileged access everywhere', async () => {
  expect(
    (
      await house.send(asker, 'requestElevation', {
        everywhere: false,
        tenants: [house.tenants[0]],
        permissions: [SUSPEND],
        minutes: 15,
        justification: { reason: 'only a reason' },
      })
    ).codes,
  ).toEqual(['JUSTIFICATION_REQUIRED']);
  expect((await house.send(asker, 'requestElevation', { everywhere: false, tenants: [house.tenants[0]], permissions: [SUSPEND], minutes: 15 })).codes).toEqual([
    'STEP_UP_REQUIRED',
  ]);
  const own = await ask({ tenants: [house.tenants[2]], permissions: ['people.mfa.reset'] }, operator);
  expect(own.codes).toEqual(['CONFLICT']);
  const byOperator = await ask({ tenants: [house.tenants[2]], permissions: ['billing.invoice.refund'] }, operator);
  expect((await house.approve(operator, byOperator.data?.['requestElevation'].approvalRequest.id)).codes).toEqual(['SELF_APPROVAL']);

  const wide = await ask({ everywhere: true, tenants: undefined });
  const requestId = wide.data?.['requestElevation'].approvalRequest.id;
  const before = (await house.grantsOf(NAME)).length;
  expect((await house.approve(operator, requestId)).codes).toEqual([]);
  expect((await house.grantsOf(NAME)).length).toBe(before);
  expect((await house.approve(administrator, requestId)).codes).toEqual([]);
  expect((await house.grantsOf(NAME)).length).toBe(before + 1);
  const given = (await house.grantsOf(NAME)).at(-1);
  expect(given).toMatchObject({ kind: 'elevation', revoked: false });
  expect((await house.act(operator, 'revokeGrant', { id: given?.id })).codes).toEqual([]);
});

test('D14 six tenants named one by one take two approvers as all of them do, five take one', async () => {
  const { rows } = await sql<{ id: string }>`select id from product.tenant order by id limit 6`.execute(house.test.database.owner);
  const tenants = rows.map(({ id }) => id);
  for (const [count, quorum] of [
    [5, 1],
    [6, 2],
  ] as const) {
    const filed = await ask({ tenants: tenants.slice(0, count), everywhere: undefined });
    const { id } = answerOf(filed, 'requestElevation').approvalRequest;
    const kept = await sql`select rule::json -> 'alternatives' -> 0 ->> 'quorum' as quorum from gateway.approval_request where id = ${id}`.execute(house.test.database.owner);
    expect([count, kept.rows]).toEqual([count, [{ quorum: String(quorum) }]]);
    expect((await house.send(asker, 'cancelRequest', { id, justification: undefined })).codes).toEqual([]);
  }
});

test('A2 T2 an elevation can be asked for again while the first still runs', async () => {
  const first = await lend();
  const second = await lend({ minutes: 30 });
  expect([await stateOf(first), await stateOf(second)]).toEqual(['ACTIVE', 'ACTIVE']);
  for (const id of [first, second]) await house.send(asker, 'dropElevation', { id });
  expect(await may(house.tenants[0])).toBe('FORBIDDEN');
});

test('L5 L15 one correlation ID tells the story of an elevation from asking to dropping', async () => {
  const filed = await ask({ startsOnActivation: true });
  const { correlationId, approvalRequest } = answerOf(filed, 'requestElevation');
  await house.approve(operator, approvalRequest.id);
  const { rows } = await sql<{ id: string }>`select id from gateway.access_grant where approval_id = ${approvalRequest.id}`.execute(house.test.database.owner);
  await house.send(asker, 'activateElevation', { id: rows[0]?.id });
  await house.send(asker, 'dropElevation', { id: rows[0]?.id });
  const kinds = (await house.test.events({ correlationId })).filter(({ outcome }) => outcome === 'ok').map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining(['approvals.request.filed', 'approvals.request.approved', 'access.elevation.granted', 'access.elevation.activated', 'access.elevation.dropped']),
  );
});
