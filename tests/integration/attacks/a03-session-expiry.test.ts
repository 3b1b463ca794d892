import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, SESSION_COOKIE, signIn } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

const age = (id: string, change: string) => sql`update gateway.session set ${sql.raw(change)} where id = ${id}`.execute(fixture.database.owner);
const stored = async (id: string) =>
  (
    await sql<{
      seen: string;
      expires: string;
      hours: number;
    }>`select last_seen_at as seen, expires_at as expires, extract(epoch from expires_at - created_at)::float8 / 3600 as hours from gateway.session where id = ${id}`.execute(
      fixture.database.owner,
    )
  ).rows[0];

test('A03 30 minutes without a request end a session, one second less does not, and a request begins them anew', async () => {
  const client = await signIn(fixture, await fixture.addPerson());
  const id = (await client.viewer())?.session.id ?? '';
  await age(id, "last_seen_at = clock_timestamp() - interval '29 minutes 58 seconds'");
  expect(await codeOfRefusal(client.viewer())).toBeNull();
  expect(Date.now() - Date.parse((await stored(id))?.seen ?? '')).toBeLessThan(30_000);
  await age(id, "last_seen_at = clock_timestamp() - interval '30 minutes 1 second'");
  expect(await codeOfRefusal(client.viewer())).toBe('UNAUTHENTICATED');
  expect(await codeOfRefusal(client.viewer())).toBe('UNAUTHENTICATED');
});

test('A03 12 hours end a session whatever was done in it: activity does not move the end', async () => {
  const client = await signIn(fixture, await fixture.addPerson());
  const id = (await client.viewer())?.session.id ?? '';
  expect((await stored(id))?.hours).toBeCloseTo(12, 3);
  await age(
    id,
    "created_at = created_at - interval '11 hours 59 minutes', last_seen_at = clock_timestamp() - interval '5 minutes', expires_at = clock_timestamp() + interval '1 second'",
  );
  const before = (await stored(id))?.expires;
  expect(await codeOfRefusal(client.viewer())).toBeNull();
  expect((await stored(id))?.expires).toBe(before);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await codeOfRefusal(client.viewer())).toBe('UNAUTHENTICATED');
});

test('A03 after sign-out the cookie is worthless, also to whoever copied it, and signing out again is no error', async () => {
  const client = await signIn(fixture, await fixture.addPerson());
  const token = client.cookies.get(SESSION_COOKIE) ?? '';
  expect((await client.send('/auth/sign-out', {})).body).toEqual({ signedOut: true });
  expect(client.cookies.has(SESSION_COOKIE)).toBe(false);
  client.cookies.set(SESSION_COOKIE, token);
  expect(await codeOfRefusal(client.viewer())).toBe('UNAUTHENTICATED');
  expect((await client.send('/auth/sign-out', {})).code).toBeNull();
  expect(fixture.events.filter(({ kind, detail }) => kind === 'access.session.ended' && detail?.['why'] === 'signed-out')).toHaveLength(1);
});

test("A03 Inv15 a half-session lives five minutes by the database's clock", async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await client.send('/auth/sign-in', { email: person.email, password: person.password });
  await sql`update gateway.session set expires_at = clock_timestamp() where staff_id = ${person.id}`.execute(fixture.database.owner);
  expect((await client.send('/auth/totp', { code: await fixture.codeOf(person) })).code).toBe('UNAUTHENTICATED');
});

test('A03 a session that is in use is noted at most once a minute', async () => {
  const client = await signIn(fixture, await fixture.addPerson());
  const id = (await client.viewer())?.session.id ?? '';
  await age(id, "last_seen_at = clock_timestamp() - interval '50 seconds'");
  const before = (await stored(id))?.seen;
  await client.viewer();
  expect((await stored(id))?.seen).toBe(before);
});
