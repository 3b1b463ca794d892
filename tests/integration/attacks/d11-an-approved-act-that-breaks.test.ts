import { modules } from '@sallyport/schema/index.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApprovalScene, APPROVE, openApprovalScene } from '../approvals/approval-scene.ts';

// An action that does its work when it is tried out, and has a fault once it is approved.
type Fault = (tx: Parameters<ActionDeclaration['run']>[0]) => unknown;
let fault: Fault | null = null;
const broken = modules.map((module) => ({
  ...module,
  actions: module.actions.map((action) =>
    action.name === 'adjustCredit'
      ? {
          ...action,
          run: async (...[tx, facts, services]: Parameters<ActionDeclaration['run']>) => {
            const effect = await action.run(tx, facts, services);
            if (facts.approval) await fault?.(tx);
            return effect;
          },
        }
      : action,
  ),
}));

let scene: ApprovalScene;
beforeAll(async () => {
  scene = await openApprovalScene({ modules: broken });
});
afterAll(() => scene.close());

test('D11 K14 the approved act breaks a constraint: visible as failed, all of it undone, the approval and its end on the log', async () => {
  const request = await scene.file();
  fault = (tx) => sql`insert into product.credit_entry default values`.execute(tx);
  const answer = await scene.approve(scene.siti, request);
  expect(answer.codes).toEqual(['CONFLICT']);
  expect([await scene.stateOf(request.id), await scene.causeOf(request.id), await scene.booked(request)]).toEqual(['failed', 'CONFLICT', 0]);
  const [told] = (await scene.test.events({ correlationId: request.correlationId, kind: 'approvals.request.approved' })).slice(-1);
  expect(told).toMatchObject({ outcome: 'denied', reason_code: 'CONFLICT', approval_id: request.id, detail: { ended: 'failed', cause: 'CONFLICT' } });
  fault = null;
  expect((await scene.approve(scene.putri, request)).codes).toEqual(['APPROVAL_STATE']);
  expect(await scene.booked(request)).toBe(0);
});

test.each<[string, Fault]>([
  [
    'throws',
    () => {
      throw new TypeError('canary-in-a-text');
    },
  ],
  ['sends a statement that fails', (tx) => sql`select 'canary'::int`.execute(tx)],
])('D11 K14 the approved act has a fault of its own (%s): nothing is decided, and it can be approved once the fault is gone', async (_, breaks) => {
  const request = await scene.file();
  fault = breaks;
  const answer = await scene.approve(scene.siti, request);
  expect(answer.codes).toEqual(['INTERNAL']);
  expect(JSON.stringify(answer.errors)).not.toContain('canary');
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual([null, 0]);
  const { rows } = await sql`select from gateway.approval_review where request_id = ${request.id}`.execute(scene.test.database.owner);
  expect(rows).toEqual([]);
  fault = null;
  expect((await scene.approve(scene.siti, request)).codes).toEqual([]);
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual(['executed', 1]);
});

test('D05 the approved act would do something else to the record than was shown: nothing is done, and the request is stale', async () => {
  const request = await scene.file();
  fault = (tx) => sql`update product.tenant set seat_limit = seat_limit + 1 where id = ${request.tenantId}`.execute(tx);
  const before = await sql<{ seats: number }>`select seat_limit as seats from product.tenant where id = ${request.tenantId}`.execute(scene.test.database.owner);
  expect((await scene.approve(scene.siti, request)).codes).toEqual(['APPROVAL_STALE']);
  fault = null;
  expect([await scene.stateOf(request.id), await scene.causeOf(request.id), await scene.booked(request)]).toEqual(['stale', 'effect', 0]);
  expect((await sql<{ seats: number }>`select seat_limit as seats from product.tenant where id = ${request.tenantId}`.execute(scene.test.database.owner)).rows).toEqual(
    before.rows,
  );
});

test('H04 a log that can’t be written takes the approval with it', async () => {
  const request = await scene.file();
  const variables = { input: { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Looks right' } } };
  const proof = await scene.siti.stepUp((await scene.siti.query(APPROVE, variables)).errors[0]?.extensions.challenge ?? '');
  await sql`revoke insert on audit.event from sallyport_app`.execute(scene.test.database.owner);
  try {
    expect((await scene.siti.query(APPROVE, variables, { proof })).codes).toEqual(['AUDIT_UNAVAILABLE']);
  } finally {
    await sql`grant insert on audit.event to sallyport_app`.execute(scene.test.database.owner);
  }
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual([null, 0]);
});

test('issue 3 staff life cycle: the open requests of somebody whose access ends are ended, each with its event', async () => {
  const budi = await scene.test.asRole('support-operator');
  await scene.grant(budi, 'billing-operator');
  const [open, done] = [await scene.file({ by: budi }), await scene.file({ by: budi })];
  await scene.approve(scene.siti, done);
  const disable = 'mutation($input: DisableStaffInput!) { disableStaff(input: $input) { status } }';
  const answer = await scene.siti.act(disable, { input: { id: await scene.staffId(budi), justification: { reason: 'Left', ticket: 'TEST-8' } } });
  expect(answer.codes).toEqual([]);
  expect([await scene.stateOf(open.id), await scene.causeOf(open.id)]).toEqual(['cancelled', 'requester-disabled']);
  expect(await scene.stateOf(done.id)).toBe('executed');
  expect((await scene.approve(scene.putri, open)).codes).toEqual(['APPROVAL_STATE']);
  expect((await scene.test.events({ correlationId: open.correlationId, kind: 'approvals.request.cancelled' })).map((event) => event['approval_id'])).toEqual([open.id]);
});
