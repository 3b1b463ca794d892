import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { openPool } from '@sallyport/server/db/connect.ts';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CuttingProxy, openCuttingProxy } from '../../harness/cutting-proxy.ts';
import { ADJUST, adjustment, booked, openTenants, outcomes } from '../../harness/demo-acts.ts';
import { openSecondGateway, type SecondGateway } from '../../harness/second-gateway.ts';
import { openBalance } from '../../harness/write-balance.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let superuser: pg.Pool;
let proxy: CuttingProxy;
let second: SecondGateway;
let dewi: TestClient;
let tenants: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway();
  superuser = openPool({ connectionString: gateway.database.url, max: 2, applicationName: 'harness' });
  proxy = await openCuttingProxy(gateway.database.appUrl);
  second = await openSecondGateway(gateway, { connectionString: proxy.connectionString, connections: 4 });
  dewi = await gateway.asRole('billing-operator');
  tenants = await openTenants(gateway);
});
afterAll(async () => {
  await second.close();
  await proxy.close();
  await superuser.end();
  await gateway.close();
});

/** Goes to the database with the entry in the books; statements themselves go by their prepared names. */
const MEMO = 'Written while the line is cut';
const idle = async (): Promise<void> => {
  for (let turn = 0; turn < 100 && second.pool.idleCount !== second.pool.totalCount; turn += 1) await wait(10);
  expect([second.pool.waitingCount, second.pool.totalCount - second.pool.idleCount]).toEqual([0, 0]);
};

test('K03 the answer to COMMIT is lost: OUTCOME_UNKNOWN, and the same key gives the one effect and the one event', async () => {
  for (let round = 0; round < 6; round += 1) {
    const [correlationId, idempotencyKey] = [randomUUID(), randomUUID()];
    proxy.cutAt('to-client', 'COMMIT\0');
    const first = await second.send(dewi, ADJUST, adjustment(tenants[0] ?? ''), { correlationId, idempotencyKey });
    expect(first).toMatchObject({ code: 'OUTCOME_UNKNOWN', status: 503 });
    expect(await booked(gateway, correlationId)).toBe(1);
    const again = await second.send(dewi, ADJUST, adjustment(tenants[0] ?? ''), { correlationId, idempotencyKey });
    expect(again).toMatchObject({ code: null, payload: { status: 'EXECUTED' } });
    expect(await booked(gateway, correlationId)).toBe(1);
    expect((await outcomes(gateway, correlationId)).filter((outcome) => outcome === 'ok')).toHaveLength(1);
  }
  // Six lost connections of a pool of four: each came back or was replaced (K06).
  await idle();
});

test.each([
  ['before BEGIN', 'begin'],
  ['in the middle of the act', MEMO],
  ['at the append', '"kind":"billing.credit.adjusted"'],
  ['when COMMIT is sent', 'commit'],
])('K03 the connection is cut %s: nothing is done, and the same key does it once', async (_, text) => {
  const [correlationId, idempotencyKey] = [randomUUID(), randomUUID()];
  const input = { ...adjustment(tenants[1] ?? ''), memo: MEMO };
  const cuts = proxy.cuts();
  proxy.cutAt('to-server', text);
  const first = await second.send(dewi, ADJUST, input, { correlationId, idempotencyKey });
  expect(proxy.cuts()).toBe(cuts + 1);
  expect(['UNAVAILABLE', 'OUTCOME_UNKNOWN', 'AUDIT_UNAVAILABLE']).toContain(first.code);
  expect(await booked(gateway, correlationId)).toBe(0);
  const again = await second.send(dewi, ADJUST, input, { correlationId, idempotencyKey });
  expect(again.payload?.status).toBe('EXECUTED');
  expect(await booked(gateway, correlationId)).toBe(1);
  await idle();
});

test('K03 Inv1 pg_terminate_backend on random connections amid writes: after repeating each order once, nothing is missing and nothing is there twice', {
  timeout: 40_000,
}, async () => {
  const balance = await openBalance(superuser);
  let running = true;
  let shots = 0;
  const shooting = (async () => {
    while (running && shots < 25) {
      await superuser.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'second-gateway' order by random() limit 1`,
      );
      shots += 1;
      await wait(25);
    }
  })();
  const orders: string[] = [];
  const codes = new Set<string>();
  await Promise.all(
    Array.from({ length: 4 }, async (_, at) => {
      for (let turn = 0; turn < 12; turn += 1) {
        const [correlationId, idempotencyKey] = [randomUUID(), randomUUID()];
        orders.push(correlationId);
        for (;;) {
          const { code } = await second.send(dewi, ADJUST, adjustment(tenants[at] ?? ''), { correlationId, idempotencyKey });
          if (code === null) break;
          codes.add(code);
        }
      }
    }),
  );
  running = false;
  await shooting;
  expect(shots).toBeGreaterThan(5);
  // Nothing else is told of a broken connection, and nothing is told as failed that may have been done.
  expect(['AUDIT_UNAVAILABLE', 'OUTCOME_UNKNOWN', 'UNAVAILABLE']).toEqual(expect.arrayContaining([...codes]));
  expect(await Promise.all(orders.map((order) => booked(gateway, order)))).toEqual(orders.map(() => 1));
  expect(await balance.look()).toEqual({ changesWithoutEvent: 0, eventsWithoutChange: 0, changesTwice: 0, messagesLostOrTwice: 0, balancesWrong: 0 });
  await idle();
});
