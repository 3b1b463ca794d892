import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@sallyport/server/config.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { assertAppRole } from '@sallyport/server/db/guard.ts';
import { openDatabase } from '@sallyport/server/db/open-database.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { administer, createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

const { adminUrl } = inject('database');
const name = (what: string): string => `test_${what}_${randomBytes(5).toString('hex')}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-serving-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a login that reaches a stronger role does not serve (H13)', () => {
  let database: TestDatabase;
  const login = { role: name('login'), password: 'test' };
  beforeAll(async () => {
    database = await createTestDatabase();
    await administer(adminUrl, `create role ${login.role} login noinherit password '${login.password}' in role sallyport_app`);
  });
  afterAll(async () => {
    await database.drop();
    await administer(adminUrl, `drop role ${login.role}`);
  });

  const check = async (): Promise<void> => {
    const url = new URL(database.url);
    url.username = login.role;
    url.password = login.password;
    const pool = openPool({ connectionString: url.href, max: 1 });
    await assertAppRole(kyselyOn(pool)).finally(() => pool.end());
  };

  test('member of sallyport_app alone: serves', async () => {
    await expect(check()).resolves.toBeUndefined();
  });

  test.each([
    ['member of the owner, by SET ROLE only', `grant sallyport_owner to ${login.role}`, `revoke sallyport_owner from ${login.role}`, /sallyport_owner owns audit\.event/],
    ['may write every table', `grant pg_write_all_data to ${login.role}`, `revoke pg_write_all_data from ${login.role}`, /pg_write_all_data may UPDATE on audit\.event/],
    [
      'may run programs on the server',
      `grant pg_execute_server_program to ${login.role}`,
      `revoke pg_execute_server_program from ${login.role}`,
      /pg_execute_server_program may run programs/,
    ],
    ['may make roles', `alter role ${login.role} createrole`, `alter role ${login.role} nocreaterole`, /CREATEROLE/],
    [
      'may switch off triggers',
      `grant set on parameter session_replication_role to ${login.role}`,
      `revoke set on parameter session_replication_role from ${login.role}`,
      /switch off triggers/,
    ],
  ])('%s: refused', async (_what, grant, revoke, expected) => {
    await administer(adminUrl, grant);
    try {
      await expect(check()).rejects.toThrow(expected);
    } finally {
      await administer(adminUrl, revoke);
    }
  });
});

describe('DATABASE_URL', () => {
  test('an owner of the database with CREATEROLE migrates, and the gateway gets a login that may serve', async () => {
    const [owner, database] = [name('owner'), name('own')];
    await administer(adminUrl, `create role ${owner} login createrole password 'test'`);
    // On a server whose roles are there already, whoever administers it has to lend them, with the right to pass them on.
    await administer(adminUrl, `grant sallyport_owner, sallyport_app, sallyport_auditor to ${owner} with admin option`);
    await administer(adminUrl, `create database ${database} owner ${owner}`);
    const url = new URL(adminUrl);
    Object.assign(url, { username: owner, password: 'test', pathname: `/${database}` });
    const config = readConfig({ DATABASE_URL: url.href, DATA_DIR: join(folder, 'own') });
    const first = await openDatabase(config);
    expect(first.migrated.length).toBeGreaterThan(3);
    const pool = openPool({ connectionString: first.appUrl, max: 1 });
    await expect(assertAppRole(kyselyOn(pool))).resolves.toBeUndefined();
    await pool.end();
    expect((await openDatabase(config)).migrated).toEqual([]);
    const serving = new URL(first.appUrl).username;
    await administer(adminUrl, `drop database ${database} with (force)`);
    for (const role of [serving, owner]) await administer(adminUrl, `drop role ${role}`);
  });

  test('a login that may not migrate is refused by name, without its password', async () => {
    const weak = name('weak');
    await administer(adminUrl, `create role ${weak} login password 'canary-8d2e'`);
    const url = new URL(adminUrl);
    Object.assign(url, { username: weak, password: 'canary-8d2e' });
    const opening = openDatabase(readConfig({ DATABASE_URL: url.href, DATA_DIR: join(folder, 'weak') }));
    await expect(opening).rejects.toThrow(/^DATABASE_URL: this login may not/);
    await expect(opening).rejects.not.toThrow(/canary-8d2e/);
    await administer(adminUrl, `drop role ${weak}`);
  });

  test.each([
    ['a login that is not there', (url: URL) => Object.assign(url, { username: 'no_such_login', password: 'canary-wrong' }), /refuses this login \(28(P01|000)\)/],
    ['a port where nobody listens', (url: URL) => Object.assign(url, { port: '1' }), /can't be reached .*\(ECONNREFUSED\)/],
    ['a database that is not there', (url: URL) => Object.assign(url, { pathname: '/no_such' }), /\(3D000\)/],
  ])('%s is said by its code', async (_what, spoil, expected) => {
    const config = readConfig({ DATABASE_URL: spoil(new URL(adminUrl)).href, DATA_DIR: join(folder, 'spoilt') });
    await expect(openDatabase(config)).rejects.toThrow(expected);
    await expect(openDatabase(config)).rejects.not.toThrow(/canary/);
  });
});
