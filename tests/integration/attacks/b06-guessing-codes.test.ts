import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, createAccessFixture, signIn, startSignIn } from '../auth/access-fixture.ts';
import { challengeFor, stepUp } from '../auth/step-up-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

test('B06 Inv7 1,000 guesses over 50 sessions, three doors, many addresses and four gateway processes: ten are checked', async () => {
  const person = await fixture.addPerson();
  const gateways = Array.from({ length: 4 }, () => fixture.restart());
  const clients = Array.from({ length: 50 }, (_, at) => fixture.client(gateways[at % 4], `198.51.100.${at}`));
  for (const client of clients) await startSignIn(client, person);
  const full = await signIn(fixture, person);
  const challenge = await challengeFor(fixture, full);
  await fixture.forgetAttempts();
  const guesses = Array.from({ length: 1000 }, (_, at) => {
    const code = String(at).padStart(6, '0');
    const client = clients[at % 50] ?? full;
    if (at % 3 === 0) return () => stepUp(full, challenge, code);
    return at % 3 === 1 ? () => client.send('/auth/totp', { code }) : () => client.send('/auth/recovery-code', { code: 'AAAA-AAAA-AAAA-AAAA' });
  });
  const codes = (await Promise.all(guesses.map((guess) => guess()))).map(({ code }) => code);
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(990);
  expect(codes.filter((code) => code === 'STEP_UP_FAILED')).toHaveLength(10);
  const [limited, refused] = [await fixture.logged('access.second-factor.refused'), await fixture.logged('access.step-up.refused')];
  expect(limited.length + refused.length).toBe(1000);
});

test('B08 the right code on attempt 11 is RATE_LIMITED in the same words, and a restart changes nothing', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await startSignIn(client, person);
  for (let at = 0; at < 10; at += 1) expect((await client.send('/auth/totp', { code: '000000' })).code).toBe('STEP_UP_FAILED');
  const wrong = await client.send('/auth/totp', { code: '000000' });
  const right = await client.send('/auth/totp', { code: await fixture.codeOf(person) });
  expect(right).toMatchObject({ code: 'RATE_LIMITED', message: wrong.message });
  const other = fixture.client(fixture.restart());
  await startSignIn(other, person);
  expect((await other.send('/auth/totp', { code: await fixture.codeOf(person) })).code).toBe('RATE_LIMITED');
  await sql`update gateway.attempt_budget set short_started_at = short_started_at - interval '5 minutes'`.execute(fixture.database.owner);
  expect((await client.send('/auth/totp', { code: await fixture.codeOf(person) })).code).toBeNull();
});

test('B09 a right password does not give attempts at the second factor back', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  const outcomes = [];
  for (let at = 0; at < 12; at += 1) {
    expect((await startSignIn(client, person)).code).toBeNull();
    outcomes.push((await client.send('/auth/totp', { code: '000000' })).code);
  }
  expect(outcomes.slice(9)).toEqual(['STEP_UP_FAILED', 'RATE_LIMITED', 'RATE_LIMITED']);
});

test('B09 a right code gives one attempt back, its own: earlier failures of the window stay counted', async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  for (let at = 0; at < 9; at += 1) await client.send('/auth/recovery-codes', { code: '000000' });
  expect((await client.send('/auth/recovery-codes', { code: await fixture.codeOf(person) })).code).toBeNull();
  expect((await client.send('/auth/recovery-codes', { code: '000000' })).code).toBe('STEP_UP_FAILED');
  expect((await client.send('/auth/recovery-codes', { code: '000000' })).code).toBe('RATE_LIMITED');
});

test('Inv7 50 failures in a day and 100 in a row close the door beyond the five minutes', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await startSignIn(client, person);
  await client.send('/auth/totp', { code: '000000' });
  const set = (change: string) => sql`update gateway.attempt_budget set ${sql.raw(change)} where subject = ${person.id}`.execute(fixture.database.owner);
  await set('short_used = 0, long_used = 50');
  const daily = await client.send('/auth/totp', { code: await fixture.codeOf(person) });
  expect(daily.code).toBe('RATE_LIMITED');
  expect(daily.detail.retryAfterSeconds).toBeGreaterThan(86_000);
  await set("long_used = 0, consecutive = 100, short_started_at = short_started_at - interval '9 days', long_started_at = long_started_at - interval '9 days'");
  expect((await client.send('/auth/totp', { code: await fixture.codeOf(person) })).code).toBe('RATE_LIMITED');
});

test('B16 null, missing, numbers, arrays, objects and other forms are BAD_INPUT, cost an attempt each, and are not repeated', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await startSignIn(client, person);
  const forms = [
    { code: null },
    {},
    { code: 739184 },
    { code: ['739184'] },
    { code: { checked: true } },
    { code: true },
    { code: '7391841' },
    { code: '' },
    { code: '73918４' },
    { code: '739184 ' },
  ];
  for (const body of forms) {
    const answer = await client.send('/auth/totp', body);
    expect(answer).toMatchObject({ code: 'BAD_INPUT', detail: { issues: [{ path: 'code' }] } });
    expect(JSON.stringify(answer)).not.toContain('7391');
  }
  expect((await client.send('/auth/totp', { code: await fixture.codeOf(person) })).code).toBe('RATE_LIMITED');
});

test('B16 a body that is no object, or carries further fields, is BAD_INPUT without naming them', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await startSignIn(client, person);
  for (const body of ['[]', 'null', '"123456"', '{', '{"code":"123456","checked":true}', '{"code":"123456","__proto__":{"x":1}}']) {
    const answer = await client.send('/auth/totp', body);
    expect(answer.code, body).toBe('BAD_INPUT');
    expect(JSON.stringify(answer)).not.toMatch(/123456|checked|proto/);
  }
});
