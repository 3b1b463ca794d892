import { GatewayError } from '@sallyport/schema/errors.ts';
import type { AuditLog } from '@sallyport/server/kernel/seams.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, createAccessFixture, startSignIn } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

const down = async (): Promise<never> => {
  throw new GatewayError('AUDIT_UNAVAILABLE');
};
const used = async (id: string) =>
  (await sql<{ short_used: number }>`select short_used from gateway.attempt_budget where scope = 'second-factor' and subject = ${id}`.execute(fixture.database.owner)).rows[0]
    ?.short_used ?? 0;

test('B07 a wrong code counts although its refusal could not be recorded', async () => {
  const person = await fixture.addPerson();
  const broken: AuditLog = { append: fixture.audit.append, record: down };
  const client = fixture.client(fixture.restart({ audit: broken }));
  await startSignIn(client, person);
  for (let at = 0; at < 10; at += 1) expect((await client.send('/auth/totp', { code: '000000' })).code).toBe('AUDIT_UNAVAILABLE');
  expect(await used(person.id)).toBe(10);
});

test('B07 a failure after the check rolls the transaction back: no session, the code unspent, the attempt spent', async () => {
  const person = await fixture.addPerson();
  const healthy = fixture.client();
  await startSignIn(healthy, person);
  const client = fixture.client(fixture.restart({ audit: { append: down, record: fixture.audit.record } }));
  client.cookies.set('sallyport_session', healthy.cookies.get('sallyport_session') ?? '');
  const code = await fixture.codeOf(person);
  expect((await client.send('/auth/totp', { code })).code).toBe('AUDIT_UNAVAILABLE');
  expect(await used(person.id)).toBe(1);
  const { rows } = await sql`select id from gateway.session where staff_id = ${person.id} and stage = 'full'`.execute(fixture.database.owner);
  expect(rows).toEqual([]);
  expect((await healthy.send('/auth/totp', { code })).code).toBeNull();
  expect(await used(person.id)).toBe(1);
});

test('B07 a connection that is killed after the check leaves the attempt spent and nothing else', async () => {
  const person = await fixture.addPerson();
  const healthy = fixture.client();
  await startSignIn(healthy, person);
  const killing: AuditLog = {
    record: fixture.audit.record,
    append: async (tx) => {
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
      throw new Error('unreachable');
    },
  };
  const client = fixture.client(fixture.restart({ audit: killing }));
  client.cookies.set('sallyport_session', healthy.cookies.get('sallyport_session') ?? '');
  await expect(client.send('/auth/totp', { code: await fixture.codeOf(person) })).rejects.toThrow();
  expect(await used(person.id)).toBe(1);
  const { rows } = await sql`select id from gateway.session where staff_id = ${person.id} and stage = 'full'`.execute(fixture.database.owner);
  expect(rows).toEqual([]);
});
