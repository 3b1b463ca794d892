import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants, outcomes } from '../../harness/demo-acts.ts';
import { openSecondGateway, type SecondGateway } from '../../harness/second-gateway.ts';
import { startTestGateway, type TestClient, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
let second: SecondGateway;
let dewi: TestClient;
let tenants: readonly string[];
beforeAll(async () => {
  gateway = await startTestGateway();
  second = await openSecondGateway(gateway, { connections: 3, statementTimeoutMs: 1_000 });
  dewi = await gateway.asRole('billing-operator');
  tenants = await openTenants(gateway);
});
afterAll(async () => {
  await second.close();
  await gateway.close();
});

const leaked = (): number => second.pool.totalCount - second.pool.idleCount;

test('K06 every connection waits for a lock: UNAVAILABLE when the statement times out or the pool gives none, no half state, no leak', { timeout: 60_000 }, async () => {
  const orders = Array.from({ length: 12 }, () => randomUUID());
  const startedAt = performance.now();
  const answers = await gateway.database.owner.transaction().execute(async (tx) => {
    await sql`select id from product.tenant where id = ${tenants[0] ?? ''} for update`.execute(tx);
    return Promise.all(orders.map((correlationId) => second.send(dewi, ADJUST, adjustment(tenants[0] ?? ''), { correlationId, idempotencyKey: correlationId })));
  });
  expect(performance.now() - startedAt).toBeLessThan(12_000);
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['UNAVAILABLE']));
  expect(answers.every(({ status }) => status === 503)).toBe(true);
  // The failure's own event needs a connection too: it is there once, or, where none was to be had, not at all.
  for (const order of orders) expect([await booked(gateway, order), (await outcomes(gateway, order)).filter((outcome) => outcome !== 'failed UNAVAILABLE').length]).toEqual([0, 0]);
  for (let turn = 0; turn < 100 && leaked() > 0; turn += 1) await wait(10);
  expect([leaked(), second.pool.waitingCount]).toEqual([0, 0]);
  const again = await Promise.all(orders.map((correlationId) => second.send(dewi, ADJUST, adjustment(tenants[0] ?? ''), { correlationId, idempotencyKey: correlationId })));
  expect(again.map(({ payload }) => payload?.status)).toEqual(orders.map(() => 'EXECUTED'));
  for (const order of orders) expect(await booked(gateway, order)).toBe(1);
});

test('K06 200 refusals, previews and acts through three connections, thirty at a time: none stays out', { timeout: 60_000 }, async () => {
  for (let round = 0; round < 7; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => {
        const input = adjustment(tenants[at % tenants.length] ?? '');
        const kinds = [
          { ...input, preview: true },
          { ...input, justification: undefined },
          { ...input, id: randomUUID() },
          { ...input, amount: '-900000.00', expectedVersion: '-1' },
          input,
        ];
        return second.send(dewi, ADJUST, kinds[at % kinds.length] ?? input);
      }),
    );
    expect(answers.filter(({ code }) => code !== null && !['JUSTIFICATION_REQUIRED', 'NOT_FOUND', 'CONFLICT'].includes(code))).toEqual([]);
  }
  expect([leaked(), second.pool.waitingCount]).toEqual([0, 0]);
  expect(second.pool.totalCount).toBeLessThanOrEqual(3);
});
