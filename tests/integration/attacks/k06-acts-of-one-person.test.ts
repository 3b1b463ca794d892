import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answered, startTestGateway, type TestGateway } from '../../helpers/gateway.ts';

const ADJUST = 'mutation Act($input: AdjustCreditInput!) { adjustCredit(input: $input) { status } }';
const READ = '{ invoices(first: 1) { nodes { id } } }';
const inputFor = (id: string) => ({ input: { id, amount: '1.00', memo: 'One of many', justification: { reason: 'One of many', ticket: 'TEST-40' } } });
/** Far more than the gateway has connections. */
const MANY = 40;
/** Beyond these the line of one person is full. */
const TOO_MANY = 230;

let scene: TestGateway;
let tenants: readonly string[];
beforeAll(async () => {
  scene = await startTestGateway();
  const { rows } = await sql<{ id: string }>`select id from product.tenant where status = 'active' order by name limit 2`.execute(scene.database.owner);
  tenants = rows.map(({ id }) => id);
});
afterAll(() => scene?.close());

const within = <T>(milliseconds: number, work: Promise<T>): Promise<T | 'too late'> =>
  Promise.race([work, new Promise<'too late'>((done) => setTimeout(() => done('too late'), milliseconds))]);

async function whileLocked<T>(id: string, work: () => Promise<T>): Promise<T> {
  return scene.database.owner.transaction().execute(async (tx) => {
    await sql`select from product.tenant where id = ${id} for update`.execute(tx);
    return work();
  });
}

test('K06 L04 acts of one person that wait for a locked row leave the gateway to everybody else', { timeout: 60_000 }, async () => {
  const [held = '', free = ''] = tenants;
  const greedy = await scene.asRole('billing-operator');
  const others = [await scene.asRole('support-viewer'), await scene.asRole('customer-success')];
  const sent = await whileLocked(held, async () => {
    const waiting = Array.from({ length: MANY }, () => greedy.query(ADJUST, inputFor(held)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const other of others)
      expect(
        await within(
          2_500,
          other.query(READ).then(({ codes }) => codes),
        ),
      ).not.toBe('too late');
    return waiting;
  });
  // What waited is carried out, in turn.
  const answers = await Promise.all(sent);
  expect(answers.map(({ codes }) => codes.join())).toEqual(Array.from({ length: MANY }, () => ''));
  expect((await greedy.query(ADJUST, inputFor(free))).codes).toEqual([]);
});

test('K06 I13 a line of hundreds is refused at once, on the log, and the line empties', { timeout: 60_000 }, async () => {
  const [held = ''] = tenants;
  const greedy = await scene.asRole('billing-operator');
  const [refused, all] = await whileLocked(held, async () => {
    const answered: Answered[] = [];
    const waiting = Array.from({ length: TOO_MANY }, () => greedy.query(ADJUST, inputFor(held)).then((answer) => (answered.push(answer), answer)));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    return [[...answered], waiting] as const;
  });
  expect(refused.length).toBe(TOO_MANY - 200);
  for (const { codes, errors } of refused) {
    expect(codes).toEqual(['RATE_LIMITED']);
    expect(errors[0]?.extensions.retryAfterSeconds).toBeGreaterThan(0);
  }
  expect((await Promise.all(all)).filter(({ codes }) => codes.length === 0).length).toBe(200);
  const recorded = (await scene.events({ kind: 'billing.credit.adjusted' })).filter(({ reason_code: code }) => code === 'RATE_LIMITED');
  expect(recorded.length).toBeGreaterThan(0);
});
