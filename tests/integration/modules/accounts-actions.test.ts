import { changePlanLimits } from '@sallyport/schema/modules/accounts/change-plan-limits.action.ts';
import { reinstateTenant } from '@sallyport/schema/modules/accounts/reinstate-tenant.action.ts';
import { suspendTenant } from '@sallyport/schema/modules/accounts/suspend-tenant.action.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDatabase } from '../../helpers/database.ts';
import { NO_SERVICES } from '../../helpers/services.ts';
import { factsFor, openDemoCompany, readOne, runEffect } from './demo-company.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDemoCompany();
});
afterAll(() => database.drop());

const tenantIn = async (status: string): Promise<string> =>
  (await readOne(database.app, sql<{ id: string }>`select id from product.tenant where status = ${status} order by code limit 1`)).id;
const subscriptionsOf = (id: string) =>
  sql<{ states: string }>`select string_agg(reference || ':' || status, ' ' order by reference) as states from product.subscription where tenant_id = ${id}`;

test.each(['active', 'trial'])('a tenant that is %s is suspended and comes back as it was, with its subscriptions', async (status) => {
  const id = await tenantIn(status);
  const before = await readOne(database.app, subscriptionsOf(id));
  await runEffect(database.app, suspendTenant, id, {}, async (tx, effect) => {
    expect(await readOne(tx, sql`select status, suspended_at = now() as just_now from product.tenant where id = ${id}`)).toEqual({ status: 'suspended', just_now: true });
    const { states } = await readOne(tx, subscriptionsOf(id));
    expect(states.split(' ').filter((state) => state.endsWith(':paused'))).toHaveLength(effect.changes?.length ?? 0);
    expect(states).not.toBe(before.states);
    await expect(suspendTenant.run(tx, await factsFor(tx, suspendTenant, id, {}), NO_SERVICES)).rejects.toMatchObject({ code: 'CONFLICT' });
    await reinstateTenant.run(tx, await factsFor(tx, reinstateTenant, id, {}), NO_SERVICES);
    expect(await readOne(tx, sql`select status, suspended_at, status_before_suspension from product.tenant where id = ${id}`)).toEqual({
      status,
      suspended_at: null,
      status_before_suspension: null,
    });
    expect(await readOne(tx, subscriptionsOf(id))).toEqual(before);
  });
});

test('a closed tenant is neither suspended, reinstated nor given limits', async () => {
  const id = await tenantIn('closed');
  for (const [action, input] of [
    [suspendTenant, {}],
    [reinstateTenant, {}],
    [changePlanLimits, { seatLimit: 9_999 }],
  ] as const) {
    await expect(runEffect(database.app, action, id, input), action.name).rejects.toMatchObject({ code: 'CONFLICT' });
  }
});

test('limits that are left out or null stay as they were', async () => {
  const id = await tenantIn('active');
  const { storage_limit_gb, seat_limit } = await readOne(
    database.app,
    sql<{ storage_limit_gb: number; seat_limit: number }>`select storage_limit_gb, seat_limit from product.tenant where id = ${id}`,
  );
  await runEffect(database.app, changePlanLimits, id, { apiCallsPerDay: 0, seatLimit: null }, async (tx) => {
    expect(await readOne(tx, sql`select seat_limit, storage_limit_gb, api_calls_per_day from product.tenant where id = ${id}`)).toEqual({
      seat_limit,
      storage_limit_gb,
      api_calls_per_day: 0,
    });
  });
});

test('seats can go down to those in use and not below; changing nothing is refused', async () => {
  const id = await tenantIn('active');
  const { used, seat_limit } = await readOne(
    database.app,
    sql<{ used: number; seat_limit: number }>`select (select count(*) from product.membership where tenant_id = t.id) as used, seat_limit from product.tenant t where id = ${id}`,
  );
  await runEffect(database.app, changePlanLimits, id, { seatLimit: used });
  await expect(runEffect(database.app, changePlanLimits, id, { seatLimit: used - 1 })).rejects.toMatchObject({
    code: 'BAD_INPUT',
    detail: { issues: [{ path: 'input.seatLimit' }] },
  });
  await expect(runEffect(database.app, changePlanLimits, id, { seatLimit: seat_limit })).rejects.toMatchObject({ code: 'BAD_INPUT' });
  await expect(runEffect(database.app, changePlanLimits, id, {})).rejects.toMatchObject({ code: 'BAD_INPUT' });
});
