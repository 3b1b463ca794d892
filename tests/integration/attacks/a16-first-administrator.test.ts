import { createFirstAdministratorLink, NotEmptyError } from '@sallyport/server/auth/enrolment/create-first-administrator-link.ts';
import { codeAt } from '@sallyport/server/auth/totp.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, createAccessFixture, factsFrom } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

const make = (email: string) =>
  createFirstAdministratorLink(
    fixture.database.app,
    fixture.audit,
    { email, displayName: 'First Person', publicUrl: 'https://admin.sallyport.example' },
    { ...factsFrom(), surface: 'cli' },
  );

test('A16 an empty installation has no account; the command line makes one by a single-use link, and none after somebody enrolled', async () => {
  expect((await sql`select id from gateway.staff`.execute(fixture.database.owner)).rows).toEqual([]);
  const lost = await make('First@Sallyport.example');
  const { url } = await make('first@sallyport.example');
  const token = new URL(url).hash.slice(1);
  expect((await fixture.client().send('/auth/enrol', { token: new URL(lost.url).hash.slice(1) })).code).toBe('UNAUTHENTICATED');
  const { secret } = (await fixture.client().send('/auth/enrol', { token })).body;
  const code = codeAt(String(secret), await fixture.epoch());
  expect((await fixture.client().send('/auth/enrol/confirm', { token, password: 'the very first passphrase', code })).code).toBeNull();
  await expect(make('second@sallyport.example')).rejects.toThrow(NotEmptyError);
  expect((await fixture.client().send('/auth/enrol', { token })).code).toBe('UNAUTHENTICATED');
  const { rows } = await sql`select role, is_global from gateway.access_grant`.execute(fixture.database.owner);
  expect(rows).toEqual([{ role: 'platform-admin', is_global: true }]);
  expect([await fixture.logged('access.staff.invited'), await fixture.logged('access.grant.given')].map((events) => events.length)).toEqual([2, 1]);
});
