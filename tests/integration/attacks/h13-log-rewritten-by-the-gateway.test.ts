import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let client: pg.Client;
beforeAll(async () => {
  gateway = await startTestGateway();
  await gateway.asRole('support-viewer');
  client = new pg.Client({ connectionString: gateway.database.appUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await gateway.close();
});

const events = async () => (await client.query(`select count(*), md5(string_agg(event::text, ',' order by sequence)) as sum from audit.event`)).rows;

test.each([
  "update audit.event set reason = 'nothing happened'",
  'delete from audit.event',
  'truncate audit.event',
  'truncate audit.event cascade',
  'insert into audit.leaf select * from audit.leaf on conflict (log_index) do update set leaf_hash = excluded.leaf_hash',
  "merge into audit.event e using audit.event o on e.id = o.id when matched then update set kind = 'nothing'",
  'alter table audit.event disable trigger all',
  'alter table audit.event disable trigger event_rows_stay',
  'drop trigger event_rows_stay on audit.event',
  'drop table audit.event',
  'alter table audit.event rename to was',
  'alter table audit.event owner to current_user',
  'create rule nothing as on insert to audit.event do instead nothing',
  'create trigger mine before insert on audit.event for each row execute function audit.refuse_change()',
  'create policy nothing on audit.event using (false)',
  'create or replace function audit.refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
  'create or replace function audit.append(events json, personal json default null) returns void language sql as $$ select $$',
  'update audit.personal_value set value = null',
  'select value from audit.personal_value',
  'update gateway.policy_version set body = body',
  'delete from gateway.policy_version',
  "set session_replication_role = 'replica'",
  'set role sallyport_owner',
  'set session authorization sallyport_owner',
  'delete from gateway.migration',
])("H13 the gateway's login may not: %s", async (statement) => {
  const before = await events();
  await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
  expect(await events()).toEqual(before);
});

test('H13 it may give nobody, and so not itself either, a right that it has not', async () => {
  for (const right of ['update', 'delete', 'truncate', 'trigger', 'all']) await client.query(`grant ${right} on audit.event to current_user`).catch(() => undefined);
  const { rows } = await client.query(
    `select has_table_privilege('audit.event', 'update, delete, truncate, trigger, references') as any_right, has_table_privilege('audit.personal_value', 'select, update') as any_value`,
  );
  expect(rows).toEqual([{ any_right: false, any_value: false }]);
});
