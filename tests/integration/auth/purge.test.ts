import { purgeExpiredAccess } from '@sallyport/server/auth/purge-expired-access.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, SESSION_COOKIE, signIn, startSignIn } from './access-fixture.ts';
import { challengeFor } from './step-up-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

test('Inv16 what can no longer matter is cleared away; live sessions, open challenges, running budgets and long rows of failures stay', async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  await challengeFor(fixture, client);
  await client.send('/auth/recovery-codes', { code: '000000' });
  const count = async (table: string) => (await sql<{ rows: number }>`select count(*)::int as rows from gateway.${sql.raw(table)}`.execute(fixture.database.owner)).rows[0]?.rows;
  const counts = async () => Promise.all(['session', 'step_up', 'attempt_budget', 'known_device'].map(count));
  const before = await counts();
  await purgeExpiredAccess(fixture.database.app);
  expect(await counts()).toEqual(before);
  expect(await codeOfRefusal(client.viewer())).toBeNull();

  await sql`update gateway.session set expires_at = clock_timestamp() - interval '91 days'`.execute(fixture.database.owner);
  await sql`update gateway.step_up set expires_at = clock_timestamp() - interval '2 days'`.execute(fixture.database.owner);
  await sql`update gateway.attempt_budget set long_started_at = clock_timestamp() - interval '3 days'`.execute(fixture.database.owner);
  await sql`update gateway.known_device set expires_at = clock_timestamp()`.execute(fixture.database.owner);
  await purgeExpiredAccess(fixture.database.app);
  expect(await counts()).toEqual([0, 0, 1, 0]);
});

test('A19 signing in again from the same browser ends the session whose cookie is overwritten', async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  const thief = fixture.client();
  thief.cookies.set(SESSION_COOKIE, client.cookies.get(SESSION_COOKIE) ?? '');
  await startSignIn(client, person);
  expect(await codeOfRefusal(thief.viewer())).toBe('UNAUTHENTICATED');
  expect((await fixture.logged('access.session.ended')).map(({ detail }) => detail)).toEqual([{ why: 'replaced', staffId: person.id }]);
});
