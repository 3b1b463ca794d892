import { assertAppRole } from '@sallyport/server/db/guard.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const value = async (expression: string): Promise<unknown> => (await database.appPool.query<{ value: unknown }>(`select ${expression} as value`)).rows[0]?.value;

describe('values read the same everywhere', () => {
  test.each([
    [`'2026-11-21 16:06:48.12+07'::timestamptz`, '2026-11-21T09:06:48.120000Z'],
    [`'2026-11-21 09:06:48'::timestamp`, '2026-11-21T09:06:48.000000Z'],
    [`'2026-11-21'::date`, '2026-11-21'],
    [`12345678901234567890.1200::numeric`, '12345678901234567890.1200'],
    [`42::int8`, 42],
    [`9007199254740993::int8`, '9007199254740993'],
    [`array[1, 9007199254740993]::int8[]`, [1, '9007199254740993']],
    [`array['2026-11-21 09:06:48.123456Z']::timestamptz[]`, ['2026-11-21T09:06:48.123456Z']],
    [`'{"a": [1]}'::jsonb`, { a: [1] }],
    [`'infinity'::timestamptz`, 'infinity'],
  ])('%s is %j', async (expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });
});

describe('a role that could alter the log does not serve (H13)', () => {
  test('the app login passes', async () => {
    await expect(assertAppRole(database.app)).resolves.toBeUndefined();
  });

  test('the superuser is refused', async () => {
    const pool = openPool({ connectionString: database.url, max: 1 });
    await expect(assertAppRole(kyselyOn(pool))).rejects.toThrow(/superuser/);
    await pool.end();
  });

  test.each([
    ['a direct UPDATE right', 'grant update on audit.event to sallyport_app', 'revoke update on audit.event from sallyport_app', /UPDATE on audit\.event/],
    ['a right on one column', 'grant update (kind) on audit.event to sallyport_app', 'revoke update (kind) on audit.event from sallyport_app', /a column of audit\.event/],
    ['TRUNCATE', 'grant truncate on audit.event to sallyport_app', 'revoke truncate on audit.event from sallyport_app', /TRUNCATE on audit\.event/],
  ])('%s is refused', async (_what, grant, revoke, expected) => {
    await sql.raw(grant).execute(database.owner);
    try {
      await expect(assertAppRole(database.app)).rejects.toThrow(expected);
    } finally {
      await sql.raw(revoke).execute(database.owner);
    }
  });
});
