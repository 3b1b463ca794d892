import { createEnrolmentLink } from '@sallyport/server/auth/enrolment/enrolment-link.ts';
import { codeAt } from '@sallyport/server/auth/totp.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, startSignIn, type TestPerson } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

const PUBLIC_URL = 'https://admin.sallyport.example';
const PASSWORD = 'a brand new passphrase';
async function invite(): Promise<{ person: TestPerson; token: string; url: string }> {
  const person = await fixture.addPerson({ state: 'invited' });
  const { url } = await createEnrolmentLink(fixture.database.app, person.id, PUBLIC_URL);
  return { person, url, token: new URL(url).hash.slice(1) };
}
const open = async (token: string) => (await fixture.client().send('/auth/enrol', { token })).body as { secret: string; qrSvg: string; otpauthUri: string; email: string };
const confirm = async (token: string, secret: string, password = PASSWORD) =>
  fixture.client().send('/auth/enrol/confirm', { token, password, code: codeAt(secret, await fixture.epoch()) });

test('B18 A14 a new person opens the link, scans, confirms with a first code and signs in with the next one', async () => {
  const { person, token, url } = await invite();
  expect(url).toBe(`${PUBLIC_URL}/enrol#${token}`);
  const setup = await open(token);
  expect(setup).toMatchObject({ email: person.email, qrSvg: expect.stringContaining('<svg'), otpauthUri: expect.stringContaining(`secret=${setup.secret}`) });
  expect((await startSignIn(fixture.client(), { ...person, password: PASSWORD })).code).toBe('UNAUTHENTICATED');
  const code = codeAt(setup.secret, await fixture.epoch());
  const done = await fixture.client().send('/auth/enrol/confirm', { token, password: PASSWORD, code });
  expect(done.body['recoveryCodes']).toHaveLength(10);
  const client = fixture.client();
  await startSignIn(client, { ...person, password: PASSWORD });
  expect((await client.send('/auth/totp', { code })).code).toBe('STEP_UP_FAILED');
  expect((await client.send('/auth/totp', { code: codeAt(setup.secret, (await fixture.epoch()) + 30) })).code).toBeNull();
  expect(await codeOfRefusal(client.viewer())).toBeNull();
});

test("B18 a secret is shown once: a second opening makes another, and the first one's code no longer confirms", async () => {
  const { token } = await invite();
  const [first, second] = [await open(token), await open(token)];
  expect(second.secret).not.toBe(first.secret);
  expect((await confirm(token, first.secret)).code).toBe('STEP_UP_FAILED');
  expect((await confirm(token, second.secret)).code).toBeNull();
  const late = await fixture.client().send('/auth/enrol', { token });
  expect(late.code).toBe('UNAUTHENTICATED');
});

test('B18 A16 of 10 parallel confirmations exactly one wins, and the link is void afterwards', async () => {
  const { token, person } = await invite();
  const { secret } = await open(token);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => confirm(token, secret, `passphrase number ${at}`)));
  expect(answers.filter(({ code }) => code === null)).toHaveLength(1);
  expect((await confirm(token, secret)).code).toBe('UNAUTHENTICATED');
  const { rows } = await sql<{ codes: number }>`select count(*)::int as codes from gateway.recovery_code where staff_id = ${person.id}`.execute(fixture.database.owner);
  expect(rows[0]?.codes).toBe(10);
});

test("A14 an expired, replaced, imagined or malformed link is refused in one text, and a disabled person's too", async () => {
  const { token, person } = await invite();
  await createEnrolmentLink(fixture.database.app, person.id, PUBLIC_URL);
  const expired = await invite();
  await sql`update gateway.enrolment_link set expires_at = clock_timestamp() where staff_id = ${expired.person.id}`.execute(fixture.database.owner);
  const disabled = await invite();
  await sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp(), password_hash = 'x', totp_ciphertext = 'x', totp_key_id = 'x' where id = ${disabled.person.id}`.execute(
    fixture.database.owner,
  );
  const answers = await Promise.all(
    [token, expired.token, disabled.token, 'A'.repeat(43), "' or true --"].map((candidate) => fixture.client().send('/auth/enrol', { token: candidate })),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.code).toBe('UNAUTHENTICATED');
});

test('A17 a weak password, a missing code and a confirmation before any opening change nothing', async () => {
  const { token, person } = await invite();
  expect((await fixture.client().send('/auth/enrol/confirm', { token, password: PASSWORD, code: '123456' })).code).toBe('STEP_UP_FAILED');
  const { secret } = await open(token);
  expect((await confirm(token, secret, 'short')).detail.issues).toEqual([expect.objectContaining({ path: 'password' })]);
  expect((await fixture.client().send('/auth/enrol/confirm', { token, password: PASSWORD })).code).toBe('BAD_INPUT');
  const { rows } = await sql<{ state: string }>`select state from gateway.staff where id = ${person.id}`.execute(fixture.database.owner);
  expect(rows[0]?.state).toBe('invited');
  expect((await confirm(token, secret)).code).toBeNull();
});
