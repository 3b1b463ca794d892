import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog, refund } from './log-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await openLog(database.app).append(database.app, refund({ before: { email: 'a@b.example' }, after: { email: 'c@d.example' }, classes: { email: 'personal' } }));
});
afterAll(() => database?.drop());

/** The segment of this month, as the database's calendar in UTC has it. */
const month = `event_${new Date().toISOString().slice(0, 7).replace('-', '_')}`;
const statements = [
  "update audit.event set reason = 'x'",
  'delete from audit.event',
  'truncate audit.event',
  'truncate audit.event cascade',
  'alter table audit.event disable trigger all',
  'alter table audit.event add column extra int',
  'drop table audit.event',
  'drop trigger event_rows_stay on audit.event',
  'create or replace function audit.refuse_change() returns trigger language plpgsql as $$ begin return old; end $$',
  'merge into audit.event e using (select 1) s on true when matched then delete',
  'delete from audit.unsealed',
  'update audit.log_head set size = 0',
  'insert into audit.leaf select * from audit.leaf',
  'update audit.checkpoint set note = note',
  'delete from audit.checkpoint',
  'insert into audit.node select * from audit.node',
  `truncate audit.${month}_act`,
  `drop table audit.${month}_act`,
  `alter table audit.event detach partition audit.${month}`,
  "update audit.personal_value set value = '1'",
  'delete from audit.personal_value',
  'truncate audit.personal_value',
  'select * from audit.personal_value',
  "update gateway.policy_version set body = '{}'",
  'delete from gateway.policy_version',
  'truncate gateway.policy_version',
  'set role sallyport_owner',
  'set session_replication_role = replica',
];

describe('H13 L12: the serving role', () => {
  test.each(statements)('is denied: %s', async (statement) => {
    await expect(sql.raw(statement).execute(database.app)).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|428C9)$/) });
  });

  test('may insert and select, nothing else', async () => {
    const { rows } = await sql<{ privileges: string[] }>`
      select array_agg(privilege_type::text order by privilege_type) as privileges from information_schema.role_table_grants
      where table_schema = 'audit' and table_name = 'event' and grantee = 'sallyport_app'`.execute(database.owner);
    expect(rows[0]?.privileges).toEqual(['INSERT', 'SELECT']);
  });

  test('H18: the auditor role reads the log and writes nowhere', async () => {
    const { rows } = await sql<{ privileges: string[] }>`
      select array_agg(distinct privilege_type::text) as privileges from information_schema.role_table_grants
      where table_schema in ('audit', 'gateway', 'product') and grantee = 'sallyport_auditor'`.execute(database.owner);
    expect(rows[0]?.privileges).toEqual(['SELECT']);
  });
});

describe('H13: even the owner', () => {
  test.each([
    "update audit.event set reason = 'x'",
    'delete from audit.event',
    'truncate audit.event',
    "update audit.personal_value set value = '1'",
    "update gateway.policy_version set body = '{}'",
  ])('is stopped by a trigger: %s', async (statement) => {
    await sql`insert into gateway.policy_version (hash, body) values (${'0'.repeat(64)}, '{}') on conflict do nothing`.execute(database.app);
    await expect(sql.raw(statement).execute(database.owner)).rejects.toThrow('append-only');
  });
});
