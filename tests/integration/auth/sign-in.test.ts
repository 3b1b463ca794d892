import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, PASSWORD, SESSION_COOKIE, signIn, startSignIn } from './access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

test('S1 password, then TOTP, then a session with the person and their grants; each step is on the log', async () => {
  const person = await fixture.addPerson({ grants: [{ role: 'support-viewer', tenants: ['t-1', 't-2'] }] });
  const client = fixture.client();
  expect((await startSignIn(client, person)).body).toEqual({ next: 'totp' });
  const done = await client.send('/auth/totp', { code: await fixture.codeOf(person) });
  expect(done.body).toMatchObject({ viewer: { id: person.id, email: person.email }, session: { secondFactor: 'totp' } });
  const viewer = await client.viewer();
  expect(viewer?.actor).toEqual({ id: person.id, email: person.email, displayName: 'Test Person', personId: person.id });
  expect(viewer?.subject).toBe(viewer?.actor);
  expect(viewer?.grants.map(({ role, reach }) => [role, reach])).toEqual([['support-viewer', new Set(['t-1', 't-2'])]]);
  const kinds = fixture.events.filter(({ actorId }) => actorId === person.id).map(({ kind, outcome }) => `${kind} ${outcome}`);
  expect(kinds).toEqual(['access.password.accepted ok', 'access.session.started ok']);
});

test('A07 the cookie is HttpOnly, SameSite=Strict, Path=/ without Domain, __Host- and Secure behind TLS, and answers are not stored', async () => {
  const person = await fixture.addPerson();
  const plain = await startSignIn(fixture.client(), person);
  expect(plain.cookies).toEqual([expect.stringMatching(/^sallyport_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)]);
  const secure = await startSignIn(fixture.client(fixture.restart({ secureCookies: true })), person);
  expect(secure.cookies).toEqual([expect.stringMatching(/^__Host-sallyport_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/)]);
});

test('A13 a half-session opens nothing but its second factor', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await startSignIn(client, person);
  await expect(client.viewer()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  for (const [path, body] of [
    ['/auth/sessions'],
    ['/auth/profile'],
    ['/auth/step-up', { challenge: 'x', code: '000000' }],
    ['/auth/recovery-codes', { code: '000000' }],
    ['/auth/totp/replace', { password: PASSWORD, code: '000000' }],
  ] as const) {
    expect((await client.send(path, body)).code, path).toBe('UNAUTHENTICATED');
  }
});

test('A01 a cookie chosen before sign-in is replaced, and stays worthless', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  const planted = 'A'.repeat(43);
  client.cookies.set(SESSION_COOKIE, planted);
  await signIn(fixture, person, client);
  expect(client.cookies.get(SESSION_COOKIE)).not.toBe(planted);
  const other = fixture.client();
  other.cookies.set(SESSION_COOKIE, planted);
  expect(await codeOfRefusal(other.viewer())).toBe('UNAUTHENTICATED');
});

test('A01 the half-session, its cookie and its code are spent by the full session', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await startSignIn(client, person);
  const half = client.cookies.get(SESSION_COOKIE) ?? '';
  await client.send('/auth/totp', { code: await fixture.codeOf(person) });
  expect(client.cookies.get(SESSION_COOKIE)).not.toBe(half);
  const other = fixture.client();
  other.cookies.set(SESSION_COOKIE, half);
  expect((await other.send('/auth/totp', { code: await fixture.codeOf(person, 1) })).code).toBe('UNAUTHENTICATED');
});

test("A08 two session cookies, a bearer header, a token of another form and the other scheme's cookie name are refused or not read", async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  const token = client.cookies.get(SESSION_COOKIE) ?? '';
  const load = (headers: Record<string, string>) =>
    fixture.authentication.loadViewer({ headers: new Headers(headers) }, { correlationId: person.id, surface: 'api', ip: '192.0.2.1', userAgent: '' });
  expect(await codeOfRefusal(load({ cookie: `${SESSION_COOKIE}=${token}; ${SESSION_COOKIE}=${'B'.repeat(43)}` }))).toBe('UNAUTHENTICATED');
  expect(await codeOfRefusal(load({ cookie: `${SESSION_COOKIE}=${token}`, authorization: `Bearer ${token}` }))).toBe('UNAUTHENTICATED');
  expect(await codeOfRefusal(load({ authorization: `Bearer ${token}` }))).toBe('UNAUTHENTICATED');
  expect(await codeOfRefusal(load({ cookie: `${SESSION_COOKIE}=' or 1=1` }))).toBe('UNAUTHENTICATED');
  expect(await load({ cookie: `__Host-sallyport_session=${token}` })).toBeNull();
  expect(await load({})).toBeNull();
});

test('A09 unknown, invited and disabled people get the answer of a wrong password', async () => {
  const [known, invited, disabled] = await Promise.all([fixture.addPerson(), fixture.addPerson({ state: 'invited' }), fixture.addPerson({ state: 'disabled' })]);
  const tries = [{ ...known, password: 'wrong password' }, { ...known, email: 'nobody@sallyport.example' }, invited, disabled];
  const answers = await Promise.all(tries.map((person) => startSignIn(fixture.client(), person)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.code).toBe('UNAUTHENTICATED');
});

test('A05 A04 a revoked or expired grant and a disabled person are gone at the next request', async () => {
  const person = await fixture.addPerson({
    grants: [
      { role: 'support-viewer', tenants: 'global' },
      { role: 'billing-operator', tenants: ['t-1'] },
    ],
  });
  const client = await signIn(fixture, person);
  expect((await client.viewer())?.grants).toHaveLength(2);
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where staff_id = ${person.id} and role = 'billing-operator'`.execute(fixture.database.owner);
  expect((await client.viewer())?.grants.map(({ role }) => role)).toEqual(['support-viewer']);
  await sql`update gateway.access_grant set expires_at = clock_timestamp() where staff_id = ${person.id}`.execute(fixture.database.owner);
  expect((await client.viewer())?.grants).toEqual([]);
  await sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = ${person.id}`.execute(fixture.database.owner);
  expect(await codeOfRefusal(client.viewer())).toBe('UNAUTHENTICATED');
});

test('A17 passwords of 64 and more characters and with blanks around count exactly; NFC and NFD are one; NUL and 1 MB are BAD_INPUT', async () => {
  const person = await fixture.addPerson();
  const attempt = (password: unknown) => fixture.client().send('/auth/sign-in', { email: person.email, password });
  expect((await attempt(` ${PASSWORD}`)).code).toBe('UNAUTHENTICATED');
  expect((await attempt(`${PASSWORD} `)).code).toBe('UNAUTHENTICATED');
  expect((await attempt(`${PASSWORD}\0`)).code).toBe('BAD_INPUT');
  for (const password of ['x'.repeat(1025), 'é'.repeat(600), 'x'.repeat(1_000_000), 7, null, ['a'], '\ud800']) {
    const refused = await attempt(password);
    expect(refused).toMatchObject({ code: 'BAD_INPUT', detail: { issues: [{ path: 'password' }] } });
  }
  const { hashPassword, readPassword } = await import('@sallyport/server/auth/password.ts');
  const long = `${'p'.repeat(1000)}é end`;
  await sql`update gateway.staff set password_hash = ${await hashPassword(readPassword(long))} where id = ${person.id}`.execute(fixture.database.owner);
  expect((await attempt(long.normalize('NFD'))).code).toBeNull();
  expect((await attempt(long.slice(0, -1))).code).toBe('UNAUTHENTICATED');
});

test('Inv14 no event of sign-in holds a password, a code, a token or a typed address', async () => {
  const person = await fixture.addPerson();
  const client = fixture.client();
  await client.send('/auth/sign-in', { email: 'typed-by-mistake@canary.example', password: 'canary-password-1' });
  await startSignIn(client, person);
  const code = await fixture.codeOf(person);
  await client.send('/auth/totp', { code: '12345x' });
  await client.send('/auth/totp', { code });
  const { rows } = await sql<{ text: string }>`select coalesce(string_agg(event::text, ' '), '') as text from audit.event`.execute(fixture.database.owner);
  for (const canary of ['canary', '12345x', PASSWORD, person.totpSecret, client.cookies.get(SESSION_COOKIE) ?? 'none'])
    expect(rows[0]?.text.includes(canary), canary.slice(0, 6)).toBe(false);
});
