import { randomUUID } from 'node:crypto';
import { modules } from '@sallyport/schema/index.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants, outcomes } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

// An action that does its work and then has a fault of its own.
const faults: Readonly<Record<string, (tx: Parameters<ActionDeclaration['run']>[0]) => unknown>> = {
  '1.00': () => {
    throw new TypeError('canary-in-a-text');
  },
  '2.00': () => Promise.reject(new Error('canary-in-a-rejection')),
  '3.00': (tx) => sql`select 'canary-in-a-statement'::int`.execute(tx),
  '4.00': (tx) => sql`insert into product.credit_entry default values`.execute(tx),
};
const broken = modules.map((module) => ({
  ...module,
  actions: module.actions.map((action) =>
    action.name === 'adjustCredit'
      ? {
          ...action,
          run: async (...[tx, facts, services]: Parameters<ActionDeclaration['run']>) => {
            const effect = await action.run(tx, facts, services);
            await faults[String(facts.input['amount'])]?.(tx);
            return effect;
          },
        }
      : action,
  ),
}));

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ modules: broken });
});
afterAll(() => gateway.close());

test.each([
  ['throws', '1.00', 'INTERNAL', 'failed INTERNAL'],
  ['rejects', '2.00', 'INTERNAL', 'failed INTERNAL'],
  ['sends a statement that fails', '3.00', 'INTERNAL', 'failed INTERNAL'],
  ['breaks a constraint', '4.00', 'CONFLICT', 'denied CONFLICT'],
])('K14 C23 an action that %s after its work: all of it is undone, one event tells, no text of it leaves, and the next one works', async (_, amount, code, told) => {
  const dewi = await gateway.asRole('billing-operator');
  const tenant = (await openTenants(gateway))[0] ?? '';
  const [correlationId, idempotencyKey] = [randomUUID(), randomUUID()];
  const answer = await dewi.query(ADJUST, { input: adjustment(tenant, amount) }, { correlationId, idempotencyKey });
  expect(answer.codes).toEqual([code]);
  expect(JSON.stringify(answer.errors)).not.toMatch(/canary|credit_entry|TypeError/);
  expect(await booked(gateway, correlationId)).toBe(0);
  expect(await outcomes(gateway, correlationId)).toEqual([told]);
  const next = await dewi.query(ADJUST, { input: adjustment(tenant, '5.00') }, { correlationId: randomUUID() });
  expect(next.data?.['adjustCredit'].status).toBe('EXECUTED');
});
