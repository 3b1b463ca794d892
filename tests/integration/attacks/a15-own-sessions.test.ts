import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, SESSION_COOKIE, signIn } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

interface Listed {
  readonly id: string;
  readonly current: boolean;
}

test("A15 the list shows one's own live sessions, and each of them can be ended", async () => {
  const [person, other] = [await fixture.addPerson(), await fixture.addPerson()];
  const [first, second] = [await signIn(fixture, person), await signIn(fixture, person)];
  const stranger = await signIn(fixture, other);
  const sessions = (await second.send('/auth/sessions')).body['sessions'] as Listed[];
  expect(sessions.map(({ current }) => current)).toEqual([true, false]);
  const firstId = (await first.viewer())?.session.id ?? '';
  const foreign = await stranger.send('/auth/sessions/end', { id: firstId });
  const imagined = await stranger.send('/auth/sessions/end', { id: randomUUID() });
  const malformed = await stranger.send('/auth/sessions/end', { id: "' or true --" });
  expect(foreign.code).toBe('NOT_FOUND');
  expect([imagined, malformed]).toEqual([foreign, foreign]);
  expect(await codeOfRefusal(first.viewer())).toBeNull();
  expect((await second.send('/auth/sessions/end', { id: firstId })).body).toEqual({ ended: true });
  expect(await codeOfRefusal(first.viewer())).toBe('UNAUTHENTICATED');
  expect((await second.send('/auth/sessions/end', { id: firstId })).code).toBe('NOT_FOUND');
  expect(fixture.events.filter(({ kind }) => kind === 'access.session.end-refused')).toHaveLength(4);
});

test('A15 ending the current session clears the cookie', async () => {
  const client = await signIn(fixture, await fixture.addPerson());
  const id = (await client.viewer())?.session.id ?? '';
  await client.send('/auth/sessions/end', { id });
  expect(client.cookies.has(SESSION_COOKIE)).toBe(false);
});

test('A19 at most ten sessions of a person are live: an eleventh ends the oldest, with an event, also when sign-ins are parallel', async () => {
  const person = await fixture.addPerson();
  const clients = [];
  for (let at = 0; at < 10; at += 1) clients.push(await signIn(fixture, person));
  const pair = [fixture.client(), fixture.client(), fixture.client()];
  for (const client of pair) await client.send('/auth/sign-in', { email: person.email, password: person.password });
  const codes = [await fixture.codeOf(person, -1), await fixture.codeOf(person), await fixture.codeOf(person, 1)];
  const answers = await Promise.all(pair.map((client, at) => client.send('/auth/totp', { code: codes[at] })));
  const signedIn = answers.filter(({ code }) => code === null).length;
  expect(signedIn).toBeGreaterThan(0);
  const { rows } = await sql<{ live: number }>`select count(*)::int as live from gateway.session where staff_id = ${person.id} and stage = 'full' and ended_at is null`.execute(
    fixture.database.owner,
  );
  expect(rows[0]?.live).toBe(10);
  expect(await codeOfRefusal((clients[0] ?? fixture.client()).viewer())).toBe('UNAUTHENTICATED');
  expect(await codeOfRefusal((clients[9] ?? fixture.client()).viewer())).toBeNull();
  expect((await fixture.logged('access.session.ended')).filter(({ detail }) => detail['why'] === 'limit')).toHaveLength(signedIn);
});
