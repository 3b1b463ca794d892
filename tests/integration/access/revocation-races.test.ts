import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { type Colleagues, openColleagues } from './colleagues.ts';

const HOLDER = 'Maya Kusuma';
const ROUNDS = 200;

let house: Colleagues;
let holder: TestClient;
let operator: TestClient;
beforeAll(async () => {
  house = await openColleagues();
  [holder, operator] = [await house.signIn(HOLDER), await house.signIn('Lestari Handayani')];
});
afterAll(() => house.close());

const RESEND = 'mutation ($input: ResendInvoiceInput!) { resendInvoice(input: $input) { status auditEventId } }';

test(`A05 ${ROUNDS} revocations against acts under the grant: no act that began after the revoking call returned succeeds, and no event names a grant later than its end`, async () => {
  const { rows } = await sql<{ id: string }>`select id from product.invoice where status = 'open' order by id limit 1`.execute(house.test.database.owner);
  const input = { input: { id: rows[0]?.id, justification: { reason: 'asked for' } } };
  let before = 0;
  let after = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = await house.give(HOLDER, { role: 'billing-operator' });
    const revoke = await house.ready(operator, 'revokeGrant', { id });
    let revoked = false;
    const acting = Array.from({ length: 3 }, async (_, at) => {
      // Some are under way when the revocation arrives, some begin while it runs.
      await new Promise((resolve) => setTimeout(resolve, at * 2));
      const began = revoked;
      const answer = await holder.query(RESEND, input);
      return { began, done: answer.data?.['resendInvoice']?.status === 'EXECUTED' };
    });
    const revoking = revoke().then((answer) => {
      revoked = true;
      return answer;
    });
    expect((await revoking).codes).toEqual([]);
    const late = await holder.query(RESEND, input);
    after += late.data?.['resendInvoice']?.status === 'EXECUTED' ? 1 : 0;
    const outcomes = await Promise.all(acting);
    before += outcomes.filter(({ began, done }) => !began && done).length;
    after += outcomes.filter(({ began, done }) => began && done).length;
  }
  expect(after).toBe(0);
  // The race was one: some acts came before.
  expect(before).toBeGreaterThan(0);
  const overrun = await sql<{ count: number }>`
    select count(*)::int as count from audit.event e join gateway.access_grant g on g.id::text = e.grant_id where e.outcome = 'ok' and e.action = 'resendInvoice' and e.time > g.revoked_at`.execute(
    house.test.database.owner,
  );
  expect(overrun.rows).toEqual([{ count: 0 }]);
}, 120_000);

test('A04 A18 40 disablings against acts: none that began after the call returned succeeds, and nothing is half-way', async () => {
  const administrator = await house.signIn('Siti Rahmawati');
  const staff = await house.idOf(HOLDER);
  let after = 0;
  for (let round = 0; round < 40; round += 1) {
    const person = round === 0 ? holder : await house.signIn(HOLDER);
    const disable = await house.ready(operator, 'disableStaff', { id: staff });
    const under = Array.from({ length: 4 }, () => person.query('mutation ($input: DropElevationInput!) { dropElevation(input: $input) { status } }', { input: { id: staff } }));
    const disabled = await disable();
    expect(disabled.codes).toEqual([]);
    const late = await person.query('{ viewer { id } }');
    after += late.codes.join() === 'UNAUTHENTICATED' ? 0 : 1;
    await Promise.all(under);
    const { rows } = await sql`
      select state, (select count(*)::int from gateway.session where staff_id = s.id and ended_at is null and expires_at > clock_timestamp()) as sessions
      from gateway.staff s where id = ${staff}`.execute(house.test.database.owner);
    expect(rows).toEqual([{ state: 'disabled', sessions: 0 }]);
    await sql`update gateway.staff set state = 'active', disabled_at = null where id = ${staff}`.execute(house.test.database.owner);
  }
  expect(after).toBe(0);
  expect((await administrator.query('{ viewer { id } }')).codes).toEqual([]);
}, 120_000);
