import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Colleagues, openColleagues } from '../access/colleagues.ts';

let house: Colleagues;
beforeAll(async () => {
  house = await openColleagues();
});
afterAll(() => house.close());

test('H13 C16 not even the serving role rewrites, widens or deletes a grant that was given; it ends one', async () => {
  const { app, owner } = house.test.database;
  const id = await house.give('Rina Wulandari', { role: 'support-viewer', tenants: [house.tenants[0] ?? ''] });
  const whole = () => sql`select to_jsonb(held) as row from gateway.access_grant held where id = ${id}`.execute(owner);
  const before = (await whole()).rows;
  const changes = {
    staff_id: sql`(select id from gateway.staff where display_name = 'Maya Kusuma')`,
    role: sql`'platform-admin'`,
    kind: sql`'elevation'`,
    permissions: sql`array['access.grant.give']`,
    is_global: sql`true`,
    tenant_ids: sql`'{}'::text[]`,
    reason: sql`'other'`,
    granted_by: sql`staff_id`,
    approval_id: sql`gen_random_uuid()`,
    created_at: sql`clock_timestamp() - interval '31 days'`,
    session_id: sql`null`,
    minutes: sql`480`,
    activate_before: sql`clock_timestamp()`,
  };
  for (const [name, value] of Object.entries(changes))
    await expect(sql`update gateway.access_grant set ${sql.id(name)} = ${value} where id = ${id}`.execute(app), name).rejects.toThrow(/permission denied/);
  await expect(sql`delete from gateway.access_grant where id = ${id}`.execute(app)).rejects.toThrow(/permission denied/);
  await expect(sql`truncate gateway.access_grant cascade`.execute(app)).rejects.toThrow(/permission denied/);
  expect((await whole()).rows).toEqual(before);
  await sql`update gateway.access_grant set revoked_at = clock_timestamp(), revoke_reason = 'over' where id = ${id}`.execute(app);
  expect((await house.grantsOf('Rina Wulandari')).find((held) => held.id === id)?.revoked).toBe(true);
});
