import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { type ApprovalScene, openApprovalScene } from '../approvals/approval-scene.ts';

/** Takes two. */
const HUGE = '1250000001.00';

let scene: ApprovalScene;
let rina: TestClient;
beforeAll(async () => {
  scene = await openApprovalScene();
  rina = await scene.test.asRole('support-viewer');
});
afterAll(() => scene.close());

test('D12 a quorum of two is two people: one of them twice is refused, the second executes', async () => {
  const request = await scene.file({ amount: HUGE });
  expect((await scene.approve(scene.siti, request)).codes).toEqual([]);
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual([null, 0]);
  expect((await scene.approve(scene.siti, request)).codes).toEqual(['APPROVAL_STATE']);
  expect(await scene.booked(request)).toBe(0);
  expect((await scene.approve(scene.putri, request)).codes).toEqual([]);
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual(['executed', 1]);
  const [executed] = await scene.test
    .events({ correlationId: request.correlationId, kind: 'billing.credit.adjusted' })
    .then((events) => events.filter(({ outcome }) => outcome === 'ok'));
  expect(executed?.['detail'].approvedBy.toSorted()).toEqual([await scene.staffId(scene.siti), await scene.staffId(scene.putri)].toSorted());
  expect(executed?.['approval_id']).toBe(request.id);
  expect(executed?.['actor_id']).toBe(await scene.staffId(scene.dewi));
});

test('D12 two accounts of one person are one of two', async () => {
  const request = await scene.file({ amount: HUGE });
  const granted = await scene.grant(rina, 'platform-admin');
  await sql`update gateway.staff set person_id = ${await scene.staffId(scene.siti)} where id = ${await scene.staffId(rina)}`.execute(scene.test.database.owner);
  expect((await scene.approve(scene.siti, request)).codes).toEqual([]);
  expect((await scene.approve(rina, request)).codes).toEqual([]);
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual([null, 0]);
  expect((await scene.approve(scene.putri, request)).codes).toEqual([]);
  expect(await scene.booked(request)).toBe(1);
  await sql`update gateway.staff set person_id = null where id = ${await scene.staffId(rina)}`.execute(scene.test.database.owner);
  await scene.revoke(granted);
});

test('D12 D07 an approver who lost the right, or was disabled, is not counted when it matters, and the log says so; one who joined later is', async () => {
  const request = await scene.file({ amount: HUGE });
  const granted = await scene.grant(rina, 'platform-admin');
  expect((await scene.approve(rina, request)).codes).toEqual([]);
  await scene.revoke(granted);
  expect((await scene.approve(scene.siti, request)).codes).toEqual([]);
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual([null, 0]);
  const approvals = await scene.test.events({ correlationId: request.correlationId, kind: 'approvals.request.approved' });
  expect(approvals.at(-1)?.['detail'].notCounted).toEqual([{ reviewerId: await scene.staffId(rina), code: 'FORBIDDEN' }]);
  const budi = await scene.test.asRole('support-operator');
  await scene.grant(budi, 'platform-admin');
  expect((await scene.approve(budi, request)).codes).toEqual([]);
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual(['executed', 1]);
});

test('D12 a right held for other tenants is none here', async () => {
  const request = await scene.file();
  const agus = await scene.test.asRole('security-operator');
  await scene.grant(agus, 'platform-admin', { tenants: [scene.nextTenant()] });
  // It is not even there for them.
  expect((await scene.approve(agus, request)).codes).toEqual(['NOT_FOUND']);
  const here = await scene.grant(agus, 'platform-admin', { tenants: [request.tenantId] });
  expect((await scene.approve(agus, request)).codes).toEqual([]);
  await scene.revoke(here);
});

test('A1 no request can be kept whose quorum is nothing', async () => {
  const request = await scene.file();
  for (const alternatives of ['[]', '[{"approver": "billing.credit.approve-adjustment", "quorum": 0}]']) {
    const copy = sql`
      insert into gateway.approval_request
      select (jsonb_populate_record(request, jsonb_build_object('id', gen_random_uuid(), 'rule', rule || jsonb_build_object('alternatives', ${alternatives}::jsonb)))).*
      from gateway.approval_request request where id = ${request.id}`;
    await expect(copy.execute(scene.test.database.app)).rejects.toThrow(/check constraint/);
  }
});
