import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, signIn, startSignIn } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

test("A12 a stranger's flood leaves the holder's session, and the holder's known browser, untouched", async () => {
  const person = await fixture.addPerson();
  const holder = await signIn(fixture, person);
  const stranger = fixture.client(undefined, '203.0.113.66');
  for (let at = 0; at < 25; at += 1) await stranger.send('/auth/sign-in', { email: person.email, password: 'guess after guess' });
  expect((await startSignIn(stranger, person)).code).toBe('RATE_LIMITED');
  expect(await codeOfRefusal(holder.viewer())).toBeNull();
  await holder.send('/auth/sign-out', {});
  expect((await startSignIn(holder, person)).code).toBeNull();
  expect((await holder.send('/auth/totp', { code: await fixture.codeOf(person) })).code).toBeNull();
});

test('A12 from a new browser the holder waits at most the stated time', async () => {
  const person = await fixture.addPerson();
  for (let at = 0; at < 12; at += 1) await fixture.client().send('/auth/sign-in', { email: person.email, password: 'guess after guess' });
  const refused = await startSignIn(fixture.client(), person);
  expect(refused.detail.retryAfterSeconds).toBeLessThanOrEqual(300);
  await sql`update gateway.attempt_budget set short_started_at = short_started_at - make_interval(secs => ${refused.detail.retryAfterSeconds ?? 0})`.execute(
    fixture.database.owner,
  );
  expect((await startSignIn(fixture.client(), person)).code).toBeNull();
});

test("A12 a known browser's mark counts for its own person only, and its own guesses are bounded too", async () => {
  const [person, other] = [await fixture.addPerson(), await fixture.addPerson()];
  const browser = await signIn(fixture, person);
  for (let at = 0; at < 10; at += 1) await browser.send('/auth/sign-in', { email: other.email, password: 'guess after guess' });
  expect((await browser.send('/auth/sign-in', { email: other.email, password: 'guess after guess' })).code).toBe('RATE_LIMITED');
  expect((await fixture.client().send('/auth/sign-in', { email: other.email, password: other.password })).code).toBe('RATE_LIMITED');
  for (let at = 0; at < 10; at += 1) await browser.send('/auth/sign-in', { email: person.email, password: 'guess after guess' });
  expect((await startSignIn(browser, person)).code).toBe('RATE_LIMITED');
});
