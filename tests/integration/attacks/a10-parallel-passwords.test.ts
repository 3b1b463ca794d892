import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, createAccessFixture } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

test('A10 of 100 parallel wrong passwords for one account exactly 10 are checked, the rest are RATE_LIMITED with the time to wait, and each is on the log', async () => {
  const person = await fixture.addPerson();
  const before = fixture.events.length;
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, at) => fixture.client(undefined, `192.0.2.${at}`).send('/auth/sign-in', { email: person.email, password: `wrong ${at}` })),
  );
  expect(answers.filter(({ code }) => code === 'UNAUTHENTICATED')).toHaveLength(10);
  const limited = answers.filter(({ code }) => code === 'RATE_LIMITED');
  expect(limited).toHaveLength(90);
  for (const { detail } of limited) expect(detail.retryAfterSeconds).toSatisfy((seconds: number) => seconds > 290 && seconds <= 300);
  const events = fixture.events.slice(before);
  expect(events.filter(({ kind, outcome }) => kind === 'access.password.refused' && outcome === 'denied')).toHaveLength(100);
  const { rows } = await sql`select short_used, long_used from gateway.attempt_budget where scope = 'password' and short_used > 1`.execute(fixture.database.owner);
  expect(rows).toEqual([{ short_used: 10, long_used: 10 }]);
});

test('B08 A10 the right password on attempt 11 is RATE_LIMITED like a wrong one, also after a restart, until the window is over', async () => {
  const person = await fixture.addPerson();
  const attempt = (password: string, authentication = fixture.authentication) => fixture.client(authentication).send('/auth/sign-in', { email: person.email, password });
  for (let at = 0; at < 10; at += 1) expect((await attempt('wrong password')).code).toBe('UNAUTHENTICATED');
  const [wrong, right, restarted] = [await attempt('wrong password'), await attempt(person.password), await attempt(person.password, fixture.restart())];
  expect([wrong.code, right.code, restarted.code]).toEqual(['RATE_LIMITED', 'RATE_LIMITED', 'RATE_LIMITED']);
  expect(right.message).toBe(wrong.message);
  await sql`update gateway.attempt_budget set short_started_at = short_started_at - interval '5 minutes'`.execute(fixture.database.owner);
  expect((await attempt(person.password)).code).toBeNull();
});

test('A11 another spelling of the address, another IP address, a forwarded header or a further field opens no second budget', async () => {
  const person = await fixture.addPerson();
  const spellings = [person.email, person.email.toUpperCase(), `${person.email}.`, ` ${person.email}`, person.email.replace('@', '＠')];
  let checked = 0;
  for (let at = 0; at < 30; at += 1) {
    const answer = await fixture.client(undefined, `198.51.100.${at}`).send('/auth/sign-in', { email: spellings[at % spellings.length], password: 'wrong password' });
    if (answer.code === 'UNAUTHENTICATED') checked += 1;
  }
  expect(checked).toBe(10);
  expect((await fixture.client().send('/auth/sign-in', { email: person.email, password: 'wrong password', bucket: 'other' })).code).toBe('BAD_INPUT');
});

test('A10 one network has 600 tries in five minutes over all accounts; one flooded account costs its neighbours nothing', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client(undefined, '203.0.113.9');
  for (let at = 0; at < 40; at += 1) await client.send('/auth/sign-in', { email: person.email, password: 'wrong password' });
  const used = async () =>
    (await sql<{ short_used: number }>`select short_used from gateway.attempt_budget where scope = 'password-network' and subject = '203.0.113.9'`.execute(fixture.database.owner))
      .rows[0]?.short_used;
  expect(await used()).toBe(10);
  await sql`update gateway.attempt_budget set short_used = 600 where subject = '203.0.113.9'`.execute(fixture.database.owner);
  const other = await fixture.addPerson();
  expect((await client.send('/auth/sign-in', { email: other.email, password: other.password })).code).toBe('RATE_LIMITED');
  expect((await fixture.client().send('/auth/sign-in', { email: other.email, password: other.password })).code).toBeNull();
});
