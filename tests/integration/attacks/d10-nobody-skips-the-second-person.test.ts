import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants, outcomes } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

test('D10 Inv4 a direct call of what needs a second person: APPROVAL_REQUIRED even with a fresh proof, nothing booked, the proof unspent', async () => {
  const dewi = await gateway.asRole('billing-operator');
  const input = adjustment((await openTenants(gateway))[0] ?? '', '250000000.01');
  const correlationId = randomUUID();
  const answer = await dewi.act(ADJUST, { input }, { correlationId });
  expect(answer.codes).toEqual(['APPROVAL_REQUIRED']);
  expect(await booked(gateway, correlationId)).toBe(0);
  expect(await outcomes(gateway, correlationId)).toEqual(['denied STEP_UP_REQUIRED', 'ok', 'denied APPROVAL_REQUIRED']);
  const { rows } = await sql`select id from gateway.step_up where consumed_at is not null`.execute(gateway.database.owner);
  expect(rows).toEqual([]);
});

test('D10 C10 claims of an approval in the request are BAD_INPUT, not an approval', async () => {
  const dewi = await gateway.asRole('billing-operator');
  const input = adjustment((await openTenants(gateway))[0] ?? '', '250000000.01');
  for (const claim of [{ approved: true }, { approvalId: randomUUID() }, { approvalRequest: { id: randomUUID() } }]) {
    expect((await dewi.query(ADJUST, { input: { ...input, ...claim } })).codes).toEqual(['BAD_INPUT']);
  }
});
