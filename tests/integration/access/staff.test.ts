import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeAt } from '@sallyport/server/auth/totp.ts';
import type { TestClient } from '../../helpers/gateway.ts';
import { answerOf, type Colleagues, openColleagues } from './colleagues.ts';

const ADMINISTRATOR = 'Siti Rahmawati';
const OPERATOR = 'Lestari Handayani';

let house: Colleagues;
let administrator: TestClient;
let operator: TestClient;
beforeAll(async () => {
  house = await openColleagues();
  [administrator, operator] = [await house.signIn(ADMINISTRATOR), await house.signIn(OPERATOR)];
});
afterAll(() => house.close());

const epoch = async () => (await sql<{ epoch: number }>`select extract(epoch from clock_timestamp())::float8 as epoch`.execute(house.test.database.owner)).rows[0]?.epoch ?? 0;
const tokenIn = (link: string): string => new URL(link).hash.slice(1);

/** Enrols over HTTP with the link, then signs in with the next code. Answers the session's cookie holder. */
async function enrol(link: string, password: string): Promise<Response> {
  const stranger = house.test.stranger();
  const opened = await stranger.post('/auth/enrol', { token: tokenIn(link) });
  if (!opened.ok) return opened;
  const { secret } = (await opened.json()) as { secret: string };
  return stranger.post('/auth/enrol/confirm', { token: tokenIn(link), password, code: codeAt(secret, await epoch()) });
}

test('B18 A14 an invitation shows its link once, opens nothing by itself, and its link works once', async () => {
  const answer = await house.act(administrator, 'inviteStaff', { displayName: 'Nia Kartika', email: ' Nia.Kartika@Sallyport.Example. ' });
  expect(answer.codes).toEqual(['BAD_INPUT']);
  const key = '7b6f7c04-6f0e-4a4e-9c1b-0a1f7f0a7a11';
  const invited = await house.act(administrator, 'inviteStaff', { displayName: 'Nia Kartika', email: 'Nia.Kartika@Sallyport.Example' }, { idempotencyKey: key });
  expect(invited.codes).toEqual([]);
  const { enrolmentLink, staffMember, correlationId } = answerOf(invited, 'inviteStaff');
  expect(staffMember).toMatchObject({ state: 'INVITED' });
  expect(enrolmentLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/enrol#.{43}$/);
  const { rows } =
    await sql`select email, invited_by = ${await house.idOf(ADMINISTRATOR)} as by_her, (select count(*)::int from gateway.access_grant where staff_id = s.id) as grants from gateway.staff s where id = ${staffMember.id}`.execute(
      house.test.database.owner,
    );
  expect(rows).toEqual([{ email: 'nia.kartika@sallyport.example', by_her: true, grants: 0 }]);
  const log = JSON.stringify(await house.test.events({ correlationId }));
  expect(log).not.toContain(tokenIn(enrolmentLink));
  expect(log).not.toContain('nia.kartika');
  expect((await enrol(enrolmentLink, 'a passphrase of hers')).status).toBe(200);
  expect((await enrol(enrolmentLink, 'a passphrase of his')).status).toBe(401);
  expect(await house.stateOf('Nia Kartika')).toBe('active');
});

test('A09 an address that is taken answers the same whatever became of its account', async () => {
  const messages = new Set<string>();
  for (const name of ['Maya Kusuma', 'Intan Maharani', 'Yoga Saputra']) {
    if (name === 'Yoga Saputra')
      await sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where display_name = ${name}`.execute(house.test.database.owner);
    const email = `${name.toLowerCase().replace(' ', '.')}@sallyport.example`;
    const answer = await house.act(administrator, 'inviteStaff', { displayName: 'Somebody Else', email });
    expect(answer.codes).toEqual(['CONFLICT']);
    messages.add(answer.errors[0]?.message ?? '');
  }
  expect(messages.size).toBe(1);
});

test('A04 G08 disabling ends sessions, tokens, elevations and requests in one commit, an event each; nothing of it comes back but what was standing', async () => {
  const name = 'Budi Santoso';
  const staff = await house.idOf(name);
  const person = await house.signIn(name);
  const second = await house.signIn(name);
  const lent = await house.give(name, { role: 'permissions', permissions: ['accounts.tenant.suspend'], kind: 'elevation' });
  const made = await person.act('mutation Act($input: CreateTokenInput!) { createToken(input: $input) { status token } }', {
    input: { name: 'nightly script', permissions: ['accounts.tenant.read'], tenants: [house.tenants[0]], minutes: 30, justification: { reason: 'nightly' } },
  });
  expect(made.codes).toEqual([]);
  const { token } = answerOf(made, 'createToken');
  const byToken = () => house.test.stranger().query('{ viewer { id } }', {}, { headers: { authorization: `Bearer ${token}` } });
  expect((await byToken()).data?.['viewer']).toEqual({ id: staff });
  const asked = await house.act(person, 'requestElevation', { everywhere: false, tenants: [house.tenants[1]], role: 'BILLING_OPERATOR', minutes: 15 });
  const requestId = asked.data?.['requestElevation'].approvalRequest.id;

  expect((await house.send(operator, 'disableStaff', { id: staff })).codes).toEqual(['STEP_UP_REQUIRED']);
  const disabled = await house.act(operator, 'disableStaff', { id: staff });
  expect(disabled.data?.['disableStaff']).toMatchObject({ status: 'EXECUTED', staffMember: { state: 'DISABLED' } });
  expect([(await person.query('{ viewer { id } }')).codes, (await second.query('{ viewer { id } }')).codes, (await byToken()).codes]).toEqual([
    ['UNAUTHENTICATED'],
    ['UNAUTHENTICATED'],
    ['UNAUTHENTICATED'],
  ]);
  const events = await house.test.events({ correlationId: disabled.data?.['disableStaff'].correlationId });
  const kinds = events.map(({ kind }) => kind).sort();
  expect(kinds.filter((kind) => kind === 'access.session.ended')).toHaveLength(2);
  expect(kinds).toEqual(expect.arrayContaining(['access.staff.disabled', 'access.grant.revoked', 'tokens.token.revoked']));
  expect(events.find(({ kind, outcome }) => kind === 'access.staff.disabled' && outcome === 'ok')?.['detail']).toMatchObject({
    sessionsEnded: 2,
    temporaryGrantsEnded: 1,
    tokensRevoked: 1,
    requestsEnded: 1,
  });
  const ended = await sql<{ state: string }>`select state from gateway.approval_ending where request_id = ${requestId}`.execute(house.test.database.owner);
  expect(ended.rows).toEqual([{ state: 'cancelled' }]);
  expect((await house.test.stranger().post('/auth/sign-in', { email: person.person.email, password: person.person.password })).status).toBe(401);

  await house.actWith(administrator, operator, 'enableStaff', { id: staff });
  expect(await house.stateOf(name)).toBe('active');
  expect((await byToken()).codes).toEqual(['UNAUTHENTICATED']);
  expect((await person.query('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  const back = await (await house.signIn(name)).query('{ viewer { grants { id kind } } }');
  expect(back.data?.['viewer'].grants.map(({ kind }: { kind: string }) => kind)).toEqual(['standing']);
  expect((await house.grantsOf(name)).find(({ id }) => id === lent)?.revoked).toBe(true);
});

test('A16 a disabled account that was never enrolled comes back as invited, and its old link stays void', async () => {
  const invited = await house.act(administrator, 'inviteStaff', { displayName: 'Tono Wirawan', email: 'tono.wirawan@sallyport.example' });
  const { enrolmentLink, staffMember } = answerOf(invited, 'inviteStaff');
  await house.act(operator, 'disableStaff', { id: staffMember.id });
  expect((await enrol(enrolmentLink, 'a passphrase of his')).status).toBe(401);
  await house.actWith(operator, administrator, 'enableStaff', { id: staffMember.id });
  expect(await house.stateOf('Tono Wirawan')).toBe('invited');
  expect((await enrol(enrolmentLink, 'a passphrase of his')).status).toBe(401);
});

test('B17 B18 A06 renewing an enrolment takes two, voids password, authenticator, sessions and tokens, shows nothing; the link is made after it, and helps whoever was locked out after 100 failures', async () => {
  const name = 'Dewi Lestari';
  const staff = await house.idOf(name);
  const person = await house.signIn(name);
  await sql`
    insert into gateway.attempt_budget (scope, subject, short_used, short_started_at, long_used, long_started_at, consecutive)
    values ('second-factor', ${staff}, 10, clock_timestamp(), 50, clock_timestamp(), 100)
    on conflict (scope, subject) do update set consecutive = 100, short_used = 10, long_used = 50`.execute(house.test.database.owner);
  const locked = await administrator.query('query ($id: ID!) { staffMember(id: $id) { lockedOut secondFactorSince } }', { id: staff });
  expect(locked.data?.['staffMember'].lockedOut).toBe(true);
  expect((await house.send(administrator, 'renewEnrolment', { id: staff })).codes).toEqual(['STEP_UP_REQUIRED']);
  expect((await house.act(administrator, 'makeEnrolmentLink', { id: staff })).codes).toEqual(['CONFLICT']);
  const renewed = await house.act(administrator, 'renewEnrolment', { id: staff });
  expect(renewed.data?.['renewEnrolment'], renewed.codes.join()).toMatchObject({ status: 'PENDING_APPROVAL' });
  expect((await person.query('{ viewer { id } }')).codes).toEqual([]);
  expect((await house.approve(operator, answerOf(renewed, 'renewEnrolment').approvalRequest.id)).codes).toEqual([]);
  expect((await house.act(administrator, 'renewEnrolment', { id: staff })).codes).toEqual(['CONFLICT']);
  expect((await house.send(administrator, 'makeEnrolmentLink', { id: staff })).codes).toEqual(['STEP_UP_REQUIRED']);
  expect((await house.act(operator, 'makeEnrolmentLink', { id: staff })).codes).toEqual(['FORBIDDEN']);
  const first = answerOf(await house.act(administrator, 'makeEnrolmentLink', { id: staff }), 'makeEnrolmentLink');
  const { enrolmentLink, correlationId } = answerOf(await house.act(administrator, 'makeEnrolmentLink', { id: staff }), 'makeEnrolmentLink');
  expect((await enrol(first.enrolmentLink, 'a passphrase of hers')).status).toBe(401);
  const log = await house.test.events({ correlationId });
  expect(log.filter(({ outcome }) => outcome === 'ok').map(({ kind }) => kind)).toEqual(expect.arrayContaining(['access.staff.enrolment-link-made']));
  expect(JSON.stringify(log)).not.toContain(tokenIn(enrolmentLink));
  expect((await person.query('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  expect((await house.test.stranger().post('/auth/sign-in', { email: person.person.email, password: person.person.password })).status).toBe(401);
  const { rows } = await sql`
    select state, password_hash is null as no_password, totp_ciphertext is null as no_secret, totp_fingerprint is null as no_print,
      (select count(*)::int from gateway.recovery_code where staff_id = s.id) as codes, (select count(*)::int from gateway.known_device where staff_id = s.id) as devices
    from gateway.staff s where id = ${staff}`.execute(house.test.database.owner);
  expect(rows).toEqual([{ state: 'invited', no_password: true, no_secret: true, no_print: true, codes: 0, devices: 0 }]);
  expect((await enrol(enrolmentLink, 'a passphrase of hers')).status).toBe(200);
  const after = await sql`select state, octet_length(totp_fingerprint) as print from gateway.staff where id = ${staff}`.execute(house.test.database.owner);
  expect(after.rows).toEqual([{ state: 'active', print: 32 }]);
  expect((await house.grantsOf(name)).filter(({ revoked }) => !revoked)).toHaveLength(1);
});

test('R13 nobody disables, enables or re-enrols themselves or another account of theirs, and the console does not offer it', async () => {
  const own = await house.idOf(ADMINISTRATOR);
  for (const action of ['disableStaff', 'enableStaff', 'renewEnrolment', 'makeEnrolmentLink'])
    expect((await house.act(administrator, action, { id: own })).codes, action).toEqual(['FORBIDDEN']);
  const linked = await house.idOf('Putri Anggraini');
  await sql`update gateway.staff set person_id = ${own} where id = ${linked}`.execute(house.test.database.owner);
  expect((await house.act(administrator, 'disableStaff', { id: linked })).codes).toEqual(['FORBIDDEN']);
  const offered = await administrator.query('query ($id: ID!) { staffMember(id: $id) { sameHumanAs actions { name } } }', { id: linked });
  expect(offered.data?.['staffMember'].sameHumanAs).toBe(ADMINISTRATOR);
  expect(offered.data?.['staffMember'].actions).toEqual([]);
  await sql`update gateway.staff set person_id = null where id = ${linked}`.execute(house.test.database.owner);
});

test('R17 L14 names are for who manages access, addresses for the Platform Admin alone, hashes and secrets for nobody', async () => {
  const list = '{ staffMembers(first: 100) { nodes { displayName state lastSeenAt secondFactorSince grants(first: 5) { role } } } }';
  for (const name of [ADMINISTRATOR, OPERATOR, 'Hendra Gunawan']) expect((await (await house.signIn(name)).query(list)).codes, name).toEqual([]);
  for (const name of ['Rina Wulandari', 'Fajar Nugroho', 'Putri Anggraini']) expect((await (await house.signIn(name)).query(list)).codes, name).toEqual(['FORBIDDEN']);
  const contact = '{ staffMembers(first: 1) { nodes { email } } }';
  const read = await administrator.query(contact);
  expect(read.codes).toEqual([]);
  expect((await operator.query(contact)).codes).toEqual(['FORBIDDEN']);
  const { fields } = (await administrator.query('{ __type(name: "StaffMember") { fields { name } } }')).data?.['__type'] ?? { fields: [] };
  for (const { name } of fields) expect(name).not.toMatch(/hash|secret|ciphertext|fingerprint|token/i);
});

test('D02 nobody is invited under a name that somebody here bears, however it is written, and of two at once one is; a disabled namesake is no hindrance', async () => {
  const invite = (displayName: string, email: string) => house.act(administrator, 'inviteStaff', { displayName, email });
  for (const [index, name] of ['Agus Pratama', ' agus  PRATAMA ', 'AGUS PRATAMA'].entries()) {
    const answer = await invite(name, `namesake.${index}@sallyport.example`);
    expect([name, answer.codes, answer.errors[0]?.extensions['issues']]).toEqual([name, ['BAD_INPUT'], [expect.objectContaining({ path: 'input.displayName' })]]);
  }
  const second = await house.signIn('Wahyu Setiawan');
  for (let round = 0; round < 6; round += 1) {
    const displayName = `Wulan Sari ${round}`;
    const sends = [
      await house.ready(administrator, 'inviteStaff', { displayName, email: `wulan.a${round}@sallyport.example` }),
      await house.ready(second, 'inviteStaff', { displayName, email: `wulan.b${round}@sallyport.example` }),
    ];
    const both = await Promise.all(sends.map((send) => send()));
    expect(both.map(({ codes }) => codes.join()).sort()).toEqual(['', 'BAD_INPUT']);
  }
  await house.act(operator, 'disableStaff', { id: await house.idOf('Wulan Sari 0') });
  expect((await invite('Wulan Sari 0', 'wulan.3@sallyport.example')).codes).toEqual([]);
});

test('B17 R4 whoever it is about is not the second person, and the request waits on for somebody else', async () => {
  const name = 'Wahyu Setiawan';
  const filed = await house.act(administrator, 'renewEnrolment', { id: await house.idOf(name) });
  const requestId = answerOf(filed, 'renewEnrolment').approvalRequest.id;
  expect((await house.approve(await house.signIn(name), requestId)).codes).toEqual(['SELF_APPROVAL']);
  const open = await sql`select 1 from gateway.approval_ending where request_id = ${requestId}`.execute(house.test.database.owner);
  expect([open.rows, await house.stateOf(name)]).toEqual([[], 'active']);
  expect((await house.approve(operator, requestId)).codes).toEqual([]);
  expect(await house.stateOf(name)).toBe('invited');
});

test('R17 H16 the version of a member of staff holds nothing that not everybody who sees it may read', async () => {
  const id = await house.idOf('Maya Kusuma');
  const version = async () => (await operator.query('query ($id: ID!) { staffMember(id: $id) { version } }', { id })).data?.['staffMember'].version;
  const before = await version();
  await sql`update gateway.staff set email = 'changed@sallyport.example' where id = ${id}`.execute(house.test.database.owner);
  expect(await version()).toBe(before);
  await sql`update gateway.staff set email = 'maya.kusuma@sallyport.example' where id = ${id}`.execute(house.test.database.owner);
});
