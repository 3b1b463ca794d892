import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, createAccessFixture, signIn, startSignIn } from '../auth/access-fixture.ts';
import { challengeFor, stepUp } from '../auth/step-up-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

test('B02 a code that has signed in does not sign in again, in the same or another session, nor step up, nor make recovery codes', async () => {
  const person = await fixture.addPerson();
  const [first, second] = [fixture.client(), fixture.client()];
  await startSignIn(first, person);
  await startSignIn(second, person);
  const code = await fixture.codeOf(person);
  expect((await first.send('/auth/totp', { code })).code).toBeNull();
  expect((await second.send('/auth/totp', { code })).code).toBe('STEP_UP_FAILED');
  expect((await stepUp(first, await challengeFor(fixture, first), code)).code).toBe('STEP_UP_FAILED');
  expect((await first.send('/auth/recovery-codes', { code })).code).toBe('STEP_UP_FAILED');
});

test('B04 an older step that is still inside the window is refused after a newer one was used', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await startSignIn(client, person);
  expect((await client.send('/auth/totp', { code: await fixture.codeOf(person, 1) })).code).toBeNull();
  expect((await stepUp(client, await challengeFor(fixture, client), await fixture.codeOf(person))).code).toBe('STEP_UP_FAILED');
  expect((await stepUp(client, await challengeFor(fixture, client), await fixture.codeOf(person, 1))).code).toBe('STEP_UP_FAILED');
});

test('B22 wrong, replayed and too old codes get one answer, which tells when the next code comes and nothing else', async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  const used = await fixture.codeOf(person);
  const challenge = await challengeFor(fixture, client);
  await client.send('/auth/recovery-codes', { code: used });
  const answers = [];
  for (const code of ['000000', used, await fixture.codeOf(person, -9)]) answers.push(await stepUp(client, challenge, code));
  for (const answer of answers) {
    expect(answer).toMatchObject({ code: 'STEP_UP_FAILED', message: answers[0]?.message });
    expect(Object.keys(answer.detail)).toEqual(['retryAfterSeconds']);
  }
});

test('B03 Inv6 50 parallel uses of one code at sign-in: exactly one session', async () => {
  const person = await fixture.addPerson();
  const clients = Array.from({ length: 50 }, () => fixture.client());
  for (const client of clients) await startSignIn(client, person);
  const code = await fixture.codeOf(person);
  const answers = await Promise.all(clients.map((client) => client.send('/auth/totp', { code })));
  expect(answers.filter((answer) => answer.code === null)).toHaveLength(1);
  expect(new Set(answers.flatMap((answer) => answer.code ?? []))).toEqual(new Set(['STEP_UP_FAILED', 'RATE_LIMITED']));
  expect(await fixture.logged('access.session.started')).toSatisfy((events: readonly unknown[]) => events.length >= 1);
});

test('B03 X14 without the attempt limit in the way: 8 parallel uses at five doors, for each of 12 codes exactly one success', async () => {
  const person = await fixture.addPerson();
  const clients = [];
  for (let at = 0; at < 4; at += 1) clients.push(await signIn(fixture, person));
  let accepted = 0;
  for (let round = 0; round < 12; round += 1) {
    await fixture.forgetStep(person);
    const code = await fixture.codeOf(person);
    const challenges = await Promise.all(clients.map((client) => challengeFor(fixture, client)));
    const answers = await Promise.all(clients.flatMap((client, at) => [stepUp(client, challenges[at] ?? '', code), client.send('/auth/recovery-codes', { code })]));
    accepted += answers.filter((answer) => answer.code === null).length;
    expect(answers.filter((answer) => answer.code === null).length, `round ${round}`).toBe(1);
    await fixture.forgetAttempts();
  }
  expect(accepted).toBe(12);
});
