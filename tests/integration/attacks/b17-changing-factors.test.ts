import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, PASSWORD, SESSION_COOKIE, signIn, startSignIn } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

test('B17 A06 a new authenticator needs password and current code; then the old one is void, other sessions end and the cookie changes', async () => {
  const person = await fixture.addPerson();
  const [client, other] = [await signIn(fixture, person), await signIn(fixture, person)];
  expect((await client.send('/auth/totp/replace', { password: 'not my password', code: await fixture.codeOf(person) })).code).toBe('BAD_INPUT');
  expect((await client.send('/auth/totp/replace', { password: PASSWORD, code: '000000' })).code).toBe('STEP_UP_FAILED');
  const old = client.cookies.get(SESSION_COOKIE);
  const started = await client.send('/auth/totp/replace', { password: PASSWORD, code: await fixture.codeOf(person) });
  expect(started.body).toMatchObject({
    secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
    otpauthUri: expect.stringContaining('otpauth://totp/'),
    qrSvg: expect.stringContaining('<svg'),
  });
  expect(client.cookies.get(SESSION_COOKIE)).not.toBe(old);
  const renewed = { ...person, totpSecret: String(started.body['secret']) };
  const { replacement } = started.body;
  expect((await other.send('/auth/totp/replace/confirm', { replacement, code: await fixture.codeOf(renewed) })).code).toBe('NOT_FOUND');
  const confirmed = await client.send('/auth/totp/replace/confirm', { replacement, code: await fixture.codeOf(renewed) });
  expect(confirmed.body['recoveryCodes']).toHaveLength(10);
  expect((await client.send('/auth/totp/replace/confirm', { replacement, code: await fixture.codeOf(renewed, 1) })).code).toBe('NOT_FOUND');
  expect(await codeOfRefusal(other.viewer())).toBe('UNAUTHENTICATED');
  expect(await codeOfRefusal(client.viewer())).toBeNull();
  await fixture.forgetStep(person);
  expect((await client.send('/auth/recovery-codes', { code: await fixture.codeOf(person) })).code).toBe('STEP_UP_FAILED');
  expect((await client.send('/auth/recovery-codes', { code: await fixture.codeOf(renewed) })).code).toBeNull();
  expect(await fixture.logged('access.totp.replaced')).toHaveLength(1);
});

test('A06 a new password needs the old one and a code; other sessions and marks of known browsers end, the old password is dead', async () => {
  const person = await fixture.addPerson();
  const [client, other] = [await signIn(fixture, person), await signIn(fixture, person)];
  const newPassword = 'kuda betul baterai stapler';
  const change = (body: object) => client.send('/auth/password', { password: PASSWORD, newPassword, ...body });
  expect((await change({ code: await fixture.codeOf(person), newPassword: 'too short' })).detail.issues).toEqual([expect.objectContaining({ path: 'newPassword' })]);
  expect((await change({ code: await fixture.codeOf(person), password: 'not my password' })).code).toBe('BAD_INPUT');
  expect((await change({ code: '000000' })).code).toBe('STEP_UP_FAILED');
  expect((await change({ code: await fixture.codeOf(person) })).body).toEqual({ changed: true });
  expect(await codeOfRefusal(other.viewer())).toBe('UNAUTHENTICATED');
  expect(await codeOfRefusal(client.viewer())).toBeNull();
  expect((await startSignIn(fixture.client(), person)).code).toBe('UNAUTHENTICATED');
  expect((await startSignIn(fixture.client(), { ...person, password: newPassword })).code).toBeNull();
});

test('B21 a recovery code signs in once, also when 20 try it at the same time, and says how many are left', async () => {
  const person = await fixture.addPerson();
  const codes = (await (await signIn(fixture, person)).send('/auth/recovery-codes', { code: await fixture.codeOf(person) })).body['recoveryCodes'] as string[];
  expect(new Set(codes).size).toBe(10);
  const clients = Array.from({ length: 20 }, () => fixture.client());
  for (const client of clients) await startSignIn(client, person);
  const answers = await Promise.all(clients.map((client) => client.send('/auth/recovery-code', { code: codes[0] })));
  const winner = clients[answers.findIndex(({ code }) => code === null)];
  expect(answers.filter(({ code }) => code === null)).toHaveLength(1);
  expect((await winner?.viewer())?.session.secondFactor).toBe('recovery-code');
  expect((await winner?.send('/auth/profile'))?.body).toMatchObject({ recoveryCodes: { left: 9 } });
  await fixture.forgetAttempts();
  const again = fixture.client();
  await startSignIn(again, person);
  expect((await again.send('/auth/recovery-code', { code: codes[0] })).code).toBe('STEP_UP_FAILED');
  expect((await again.send('/auth/recovery-code', { code: codes[1]?.toLowerCase().replaceAll('-', '') })).code).toBeNull();
});

test("B21 recovery codes are hashed at rest and are one person's", async () => {
  const [person, other] = [await fixture.addPerson(), await fixture.addPerson()];
  const codes = (await (await signIn(fixture, person)).send('/auth/recovery-codes', { code: await fixture.codeOf(person) })).body['recoveryCodes'] as string[];
  const client = fixture.client();
  await startSignIn(client, other);
  expect((await client.send('/auth/recovery-code', { code: codes[0] })).code).toBe('STEP_UP_FAILED');
  const { rows } = await sql<{ dump: string }>`select string_agg(recovery_code::text, ' ') as dump from gateway.recovery_code`.execute(fixture.database.owner);
  for (const code of codes) for (const form of [code, code.replaceAll('-', ''), Buffer.from(code.replaceAll('-', '')).toString('hex')]) expect(rows[0]?.dump).not.toContain(form);
});
