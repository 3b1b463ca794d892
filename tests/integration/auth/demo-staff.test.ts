import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLE_NAMES } from '@sallyport/schema/policy/roles.ts';
import { type DemoPerson, seedDemoStaff } from '@sallyport/server/auth/seed-demo-staff.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, createAccessFixture, signIn } from './access-fixture.ts';

let fixture: AccessFixture;
let folder: string;
let people: readonly DemoPerson[];
const tenantIds = Array.from({ length: 20 }, (_, at) => `tenant-${at}`);
const seed = () =>
  fixture.database.owner
    .transaction()
    .execute((tx) => seedDemoStaff(tx, { tenantIds, keys: fixture.keys, path: join(folder, 'demo-people.json'), publicUrl: 'http://127.0.0.1:4000' }));
beforeAll(async () => {
  fixture = await createAccessFixture();
  folder = await mkdtemp(join(tmpdir(), 'sallyport-demo-'));
  ({ people } = await seed());
});
afterAll(async () => {
  await fixture.close();
  await rm(folder, { recursive: true });
});

test('S1 the demo staff stands in a file that only its owner reads, one person per role at least, both reaches, two grants in one hand', async () => {
  const path = join(folder, 'demo-people.json');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const written = JSON.parse(await readFile(path, 'utf8')) as DemoPerson[];
  expect(written).toEqual(people);
  expect(new Set(written.flatMap(({ roles }) => roles))).toEqual(new Set(ROLE_NAMES));
  for (const role of ['support-viewer', 'support-operator', 'billing-operator']) {
    expect(new Set(written.filter(({ roles }) => roles.length === 1 && roles[0] === role).map(({ tenants }) => tenants.length > 0)), role).toEqual(new Set([true, false]));
  }
  const both = written.find(({ roles }) => roles.length === 2);
  expect(new Set(both?.grants.flatMap(({ tenantIds: ids }) => ids)).size).toBe(both?.grants.reduce((sum, { tenantIds: ids }) => sum + ids.length, 0));
  expect(new Set(written.map(({ password }) => password)).size).toBe(written.length);
});

test('everybody in the file signs in and holds exactly the grants that stand there, each with a reason, a granter and an expiry', async () => {
  for (const person of people) {
    const { rows } = await sql<{ id: string }>`select id from gateway.staff where email = ${person.email}`.execute(fixture.database.owner);
    const viewer = await (await signIn(fixture, { id: rows[0]?.id ?? '', ...person })).viewer();
    expect(viewer?.grants.map(({ role, reach }) => ({ role, global: reach === 'global', tenantIds: reach === 'global' ? [] : [...reach] }))).toEqual(person.grants);
    for (const grant of viewer?.grants ?? []) expect([grant.reason, grant.grantedBy, grant.expiresAt].every(Boolean)).toBe(true);
    for (const grant of viewer?.grants ?? []) expect(grant.grantedBy).not.toBe(person.displayName);
  }
});

test('A16 a person who has not enrolled is there to try it with, and the seed refuses a second run', async () => {
  const invited = JSON.parse(await readFile(join(folder, 'demo-invitation.json'), 'utf8')) as { email: string; url: string };
  expect((await stat(join(folder, 'demo-invitation.json'))).mode & 0o777).toBe(0o600);
  expect((await fixture.client().send('/auth/enrol', { token: new URL(invited.url).hash.slice(1) })).body).toMatchObject({ email: invited.email });
  await expect(seed()).rejects.toThrow('empty database');
});
