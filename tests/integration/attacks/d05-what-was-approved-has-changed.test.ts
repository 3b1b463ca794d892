import { modules } from '@sallyport/schema/index.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment } from '../../harness/demo-acts.ts';
import { openSecondGateway } from '../../harness/second-gateway.ts';
import { type ApprovalScene, APPROVE, type FiledRequest, LARGE, openApprovalScene } from '../approvals/approval-scene.ts';

let scene: ApprovalScene;
beforeAll(async () => {
  scene = await openApprovalScene();
});
afterAll(() => scene.close());

const set = (statement: ReturnType<typeof sql>) => statement.execute(scene.test.database.owner);

/** Not executed, ended as stale with its cause, and the refusal is one event that names it. */
async function expectStale(request: FiledRequest, codes: readonly string[], cause: string): Promise<void> {
  expect(codes).toEqual(['APPROVAL_STALE']);
  expect([await scene.stateOf(request.id), await scene.causeOf(request.id)]).toEqual(['stale', cause]);
  expect(await scene.booked(request)).toBe(0);
  const events = await scene.test.events({ correlationId: request.correlationId, kind: 'approvals.request.approved' });
  expect(events.filter((event) => event['reason_code'] === 'APPROVAL_STALE').map((event) => event['detail'].cause)).toEqual([cause]);
  expect((await scene.approve(scene.putri, request)).codes).toEqual(['APPROVAL_STATE']);
}

test('D05 1/3 the record changed: APPROVAL_STALE, a new request is needed', async () => {
  const request = await scene.file();
  expect((await scene.dewi.query(ADJUST, { input: adjustment(request.tenantId, '5.00') })).codes).toEqual([]);
  await expectStale(request, (await scene.approve(scene.siti, request)).codes, 'target');
  const again = await scene.file({ tenantId: request.tenantId });
  expect((await scene.approve(scene.siti, again)).codes).toEqual([]);
  expect(await scene.booked(again)).toBe(1);
});

test.each([
  ['an argument', `update gateway.approval_request set arguments = jsonb_set(arguments, '{amount}', '"999999999.00"') where id = $1`],
  ['the record', `update gateway.approval_request set target_id = (select id::text from product.tenant where id::text <> target_id limit 1) where id = $1`],
  ['the rule', `update gateway.approval_request set rule = jsonb_set(rule, '{alternatives,0,quorum}', '1') || '{"denials": 9}' where id = $1`],
  ['what is shown', `update gateway.approval_request set changes = '[]' where id = $1`],
  ['who asked', `update gateway.approval_request set requester_id = (select id from gateway.staff where email like 'budi%') where id = $1`],
])('D05 2/3 the stored copy was changed behind our back (%s): APPROVAL_STALE', async (_, statement) => {
  const request = await scene.file();
  await scene.tamper(statement, [request.id]);
  await expectStale(request, (await scene.approve(scene.siti, request)).codes, 'stored-copy');
});

test('D05 D13 3/3 the policy changed, were it only to need fewer people: APPROVAL_STALE', async () => {
  const request = await scene.file({ amount: '1250000001.00' });
  const lenient = modules.map((module) => ({ ...module, ...(module.name === 'billing' ? { settings: { ...module.settings, creditTwoApprovalsAbove: 9_000_000_000 } } : {}) }));
  const second = await openSecondGateway(scene.test, { modules: lenient });
  try {
    const input = { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Looks right' } };
    const asked = await scene.siti.query(APPROVE, { input });
    const proof = await scene.siti.stepUp(asked.errors[0]?.extensions.challenge ?? '');
    await expectStale(request, [(await second.send(scene.siti, APPROVE, input, { proof })).code ?? ''], 'policy');
  } finally {
    await second.close();
  }
});

test('D06 what the approver saw is what is stored: another digest approves nothing and ends nothing', async () => {
  const request = await scene.file();
  const other = await scene.file();
  const mistaken = await scene.approve(scene.siti, { id: request.id, shownDigest: other.shownDigest });
  expect(mistaken.codes).toEqual(['APPROVAL_STALE']);
  expect(await scene.stateOf(request.id)).toBeNull();
  expect((await scene.approve(scene.siti, request)).codes).toEqual([]);
});

test('D08 the requester lost the right meanwhile, or it moved to other tenants: not executed', async () => {
  const requester = await scene.test.asRole('support-viewer');
  const anywhere = await scene.grant(requester, 'billing-operator');
  const request = await scene.file({ by: requester });
  await scene.revoke(anywhere);
  await expectStale(request, (await scene.approve(scene.siti, request)).codes, 'requester-rights');

  const here = scene.nextTenant();
  const local = await scene.grant(requester, 'billing-operator', { tenants: [here] });
  const second = await scene.file({ by: requester, tenantId: here });
  await scene.revoke(local);
  await scene.grant(requester, 'billing-operator', { tenants: [scene.nextTenant()] });
  await expectStale(second, (await scene.approve(scene.siti, second)).codes, 'requester-rights');
});

test('D08 the requester was disabled meanwhile: not executed', async () => {
  const requester = await scene.test.asRole('support-operator');
  await scene.grant(requester, 'billing-operator');
  const request = await scene.file({ by: requester });
  await set(sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = ${await scene.staffId(requester)}`);
  await expectStale(request, (await scene.approve(scene.siti, request)).codes, 'requester-disabled');
});

test('D08 the requester signed out: their request stands, for their rights do', async () => {
  const requester = await scene.test.asRole('production-engineer');
  await scene.grant(requester, 'billing-operator');
  const request = await scene.file({ by: requester });
  await requester.post('/auth/sign-out', {});
  expect((await scene.approve(scene.siti, request)).codes).toEqual([]);
  expect(await scene.booked(request)).toBe(1);
});

test('D14 D05 a stricter rule binds meanwhile: APPROVAL_STALE rather than half the people', async () => {
  const tenantId = scene.nextTenant();
  const request = await scene.file({ tenantId, amount: LARGE });
  // A large sum moved on the same tenant in between, without touching its row: only the rule can tell.
  await scene.tamper(
    `insert into product.credit_entry (tenant_id, kind, amount, balance_after, currency, booked_at) values ($1, 'adjustment', 1200000000, 1200000000, 'IDR', clock_timestamp())`,
    [tenantId],
  );
  await expectStale(request, (await scene.approve(scene.siti, request)).codes, 'rule');
});

test('D11 the act itself refuses when it is done: visible as failed, nothing of it stays, and never tried again', async () => {
  const { rows } = await sql<{ id: string }>`select id from product.tenant where credit_balance > 0 and status = 'active' order by name limit 1`.execute(scene.test.database.owner);
  const tenantId = rows[0]?.id ?? '';
  await scene.tamper('update product.tenant set credit_balance = 400000000 where id = $1', [tenantId]);
  const request = await scene.file({ tenantId, amount: '-300000000.00' });
  // The balance fell without the row's version telling: what the trial found possible is not so any more.
  await scene.tamper('update product.tenant set credit_balance = 0 where id = $1', [tenantId]);
  const answer = await scene.approve(scene.siti, request);
  expect(answer.codes).toEqual(['CONFLICT']);
  expect([await scene.stateOf(request.id), await scene.causeOf(request.id)]).toEqual(['failed', 'CONFLICT']);
  expect(await scene.booked(request)).toBe(0);
  expect((await scene.approve(scene.putri, request)).codes).toEqual(['APPROVAL_STATE']);
  const events = await scene.test.events({ correlationId: request.correlationId });
  expect(events.filter((event) => event['kind'] === 'billing.credit.adjusted' && event['outcome'] === 'ok')).toEqual([]);
});
