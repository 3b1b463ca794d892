import { randomBytes } from 'node:crypto';
import { rewrapTotpSecrets } from '@sallyport/server/auth/rewrap-totp-secrets.ts';
import type { SecretKeys } from '@sallyport/server/auth/sealed-secret.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessFixture, codeOfRefusal, createAccessFixture, factsFrom, SESSION_COOKIE, signIn, startSignIn } from '../auth/access-fixture.ts';

let fixture: AccessFixture;
beforeAll(async () => {
  fixture = await createAccessFixture();
});
afterAll(() => fixture.close());

/** RFC 4648 Base32, as an attacker with a dump would decode it. */
const rawSeed = (secret: string): Buffer => {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};

test('B19 Inv14 neither password, nor seed (Base32, raw, hex, Base64), nor cookie, nor proof stands in any table', async () => {
  const person = await fixture.addPerson();
  const client = await signIn(fixture, person);
  const token = client.cookies.get(SESSION_COOKIE) ?? '';
  const { rows: tables } = await sql<{
    name: string;
  }>`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('gateway', 'audit', 'product')`.execute(fixture.database.owner);
  const seed = rawSeed(person.totpSecret);
  const needles = [
    person.password,
    person.totpSecret,
    seed.toString('hex'),
    seed.toString('base64'),
    Buffer.from(person.totpSecret).toString('hex'),
    token,
    Buffer.from(token).toString('hex'),
    Buffer.from(token, 'base64url').toString('hex'),
  ];
  for (const { name } of tables) {
    const { rows } = await sql<{ dump: string }>`select coalesce(string_agg(held::text, ' '), '') as dump from ${sql.raw(name)} held`.execute(fixture.database.owner);
    for (const needle of needles) expect(rows[0]?.dump.includes(needle), `${name} holds a secret`).toBe(false);
  }
});

test('B19 swapped ciphertexts do not open: neither person can sign in with either authenticator', async () => {
  const [anna, budi] = [await fixture.addPerson(), await fixture.addPerson()];
  await sql`
    update gateway.staff set totp_ciphertext = other.totp_ciphertext from (select id, totp_ciphertext from gateway.staff where id in (${anna.id}, ${budi.id})) other
    where gateway.staff.id in (${anna.id}, ${budi.id}) and other.id <> gateway.staff.id`.execute(fixture.database.owner);
  for (const [person, secret] of [
    [anna, anna.totpSecret],
    [anna, budi.totpSecret],
    [budi, anna.totpSecret],
  ] as const) {
    const client = fixture.client();
    await startSignIn(client, person);
    await expect(client.send('/auth/totp', { code: await fixture.codeOf({ ...person, totpSecret: secret }) })).rejects.toThrow();
    expect(await codeOfRefusal(client.viewer())).toBe('UNAUTHENTICATED');
  }
});

test('B20 keys are rotated while people sign in: no sign-in fails, every row is under the new key, the event names it', async () => {
  await sql`delete from gateway.session`.execute(fixture.database.owner);
  await sql`update gateway.staff set state = 'invited', totp_ciphertext = null, totp_key_id = null`.execute(fixture.database.owner);
  const people = await Promise.all(Array.from({ length: 12 }, () => fixture.addPerson()));
  const both: SecretKeys = { currentKeyId: 'test-2', keys: { ...fixture.keys.keys, 'test-2': randomBytes(32) } };
  const gateway = fixture.restart({ keys: both });
  const signIns = people.map((person) => signIn(fixture, person, fixture.client(gateway)));
  const [rewrapped] = await Promise.all([rewrapTotpSecrets(fixture.database.app, fixture.audit, both, factsFrom()), ...signIns]);
  expect(rewrapped).toBe(12);
  const { rows } = await sql`select distinct totp_key_id from gateway.staff where totp_key_id is not null`.execute(fixture.database.owner);
  expect(rows).toEqual([{ totp_key_id: 'test-2' }]);
  expect((await fixture.logged('access.totp-key.rotated')).map(({ detail }) => detail)).toEqual([{ keyId: 'test-2', rewrapped: 12 }]);
  const onlyNew: SecretKeys = { currentKeyId: 'test-2', keys: { 'test-2': both.keys['test-2'] ?? Buffer.alloc(0) } };
  for (const person of people.slice(0, 3)) await signIn(fixture, person, fixture.client(fixture.restart({ keys: onlyNew })));
  expect(await rewrapTotpSecrets(fixture.database.app, fixture.audit, both, factsFrom())).toBe(0);
});
