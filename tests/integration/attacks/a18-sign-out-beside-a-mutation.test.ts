import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment, booked, openTenants } from '../../harness/demo-acts.ts';
import { startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

test('A18 sign-out beside mutations of the same session: each is done wholly before, as the order of events proves, or refused', { timeout: 60_000 }, async () => {
  const tenants = await openTenants(gateway);
  const seen = { done: 0, refused: 0 };
  // Rounds go on until both sides of the race were met; the moment of leaving follows the machine's pace.
  let leaveAfter = 8;
  for (let round = 0; round < 40 && (round < 6 || Math.min(seen.done, seen.refused) === 0); round += 1) {
    const client = await gateway.asRole('billing-operator');
    const acts = Array.from({ length: 6 }, () => randomUUID());
    const cookie = client.cookie();
    const sending = acts.map(async (correlationId, at) => {
      await wait(at * 4);
      return client.query(ADJUST, { input: adjustment(tenants[at % tenants.length] ?? '') }, { correlationId, headers: { cookie } });
    });
    await wait(leaveAfter);
    const leaving = randomUUID();
    const [answers] = await Promise.all([Promise.all(sending), client.post('/auth/sign-out', {}, { 'x-correlation-id': leaving })]);
    const [ended] = await gateway.events({ correlationId: leaving });
    expect(ended).toMatchObject({ kind: 'access.session.ended', outcome: 'ok' });
    const finished = answers.filter((answer) => answer.errors.length === 0).length;
    leaveAfter = finished === answers.length ? leaveAfter / 2 : finished === 0 ? leaveAfter * 2 + 1 : leaveAfter;
    for (const [at, answer] of answers.entries()) {
      const correlationId = acts[at] ?? '';
      const [event, ...more] = await gateway.events({ correlationId });
      expect(more).toEqual([]);
      const done = answer.data?.['adjustCredit']?.status === 'EXECUTED';
      if (done) expect(Number(event?.['sequence'])).toBeLessThan(Number(ended?.['sequence']));
      else expect([answer.codes, event?.['reason_code']]).toEqual([['UNAUTHENTICATED'], 'UNAUTHENTICATED']);
      expect(await booked(gateway, correlationId)).toBe(done ? 1 : 0);
      seen[done ? 'done' : 'refused'] += 1;
    }
  }
  expect(Math.min(seen.done, seen.refused)).toBeGreaterThan(0);
});
