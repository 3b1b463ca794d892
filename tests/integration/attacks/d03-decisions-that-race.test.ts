import { randomUUID } from 'node:crypto';
import { endLapsedApprovals } from '@sallyport/server/gates/approvals/endings.ts';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { prepareEnqueue } from '@sallyport/server/jobs/enqueue.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Answered, TestClient } from '../../helpers/gateway.ts';
import { registry } from '../approvals/approval-door.ts';
import { type ApprovalScene, APPROVE, CANCEL, DENY, type FiledRequest, openApprovalScene } from '../approvals/approval-scene.ts';

let scene: ApprovalScene;
beforeAll(async () => {
  scene = await openApprovalScene({ tenants: 120 });
});
afterAll(() => scene.close());

const decision = ({ id, shownDigest }: FiledRequest, denies = false) => ({ input: { id, ...(denies ? {} : { shownDigest }), justification: { reason: 'Looked at' } } });

/** A proof in hand, so that the decision itself is one request. */
async function ready(client: TestClient, request: FiledRequest, denies = false): Promise<() => Promise<Answered>> {
  const document = denies ? DENY : APPROVE;
  const asked = await client.query(document, decision(request, denies));
  const proof = await client.stepUp(asked.errors[0]?.extensions.challenge ?? '');
  return () => client.query(document, decision(request, denies), { proof });
}

/** Lets the time of a request run out in so many milliseconds. */
const expireIn = (request: FiledRequest, milliseconds: number) =>
  scene.tamper(
    `update gateway.approval_request set requested_at = clock_timestamp() - interval '1 hour', expires_at = clock_timestamp() + make_interval(secs => $2) where id = $1`,
    [request.id, milliseconds / 1000],
  );

/** The clock's own work, as a gateway does it. */
const endLapsed = async (): Promise<void> => {
  const audit = createAuditLog({ db: scene.test.database.app, policy: { hash: '0'.repeat(64) }, environment: 'test', roles: registry.roles });
  await endLapsedApprovals((message, correlationId, tenantId) => prepareEnqueue(message, correlationId, tenantId).query)(scene.test.database.app, audit);
};

test('D03 two approvers at once: one execution, the other is told', async () => {
  for (let round = 0; round < 8; round += 1) {
    const request = await scene.file();
    const [first, second] = [await ready(scene.siti, request), await ready(scene.putri, request)];
    const answers = await Promise.all([first(), second()]);
    expect(answers.map(({ codes }) => codes.join()).sort()).toEqual(['', 'APPROVAL_STATE']);
    expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual(['executed', 1]);
  }
});

test('D03 a double click with one proof, and a retry with one key: one execution, one answer', async () => {
  const request = await scene.file();
  const press = await ready(scene.siti, request);
  const answers = await Promise.all([press(), press(), press()]);
  expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
  expect(await scene.booked(request)).toBe(1);

  const other = await scene.file();
  const asked = await scene.siti.query(APPROVE, decision(other));
  const proof = await scene.siti.stepUp(asked.errors[0]?.extensions.challenge ?? '');
  const idempotencyKey = randomUUID();
  const repeated = [];
  for (let time = 0; time < 3; time += 1) repeated.push(await scene.siti.query(APPROVE, decision(other), { proof, idempotencyKey }));
  expect(repeated.flatMap(({ codes }) => codes)).toEqual([]);
  expect(new Set(repeated.map(({ data }) => data?.['approveRequest'].auditEventId)).size).toBe(1);
  expect(await scene.booked(other)).toBe(1);
});

type Decider = (request: FiledRequest) => Promise<() => Promise<unknown>>;
const approving: Decider = (request) => ready(scene.siti, request);
const denying: Decider = (request) => ready(scene.putri, request, true);
const cancelling: Decider =
  async ({ id }) =>
  () =>
    scene.dewi.query(CANCEL, { input: { id } });
const expiring: Decider = async (request) => {
  await expireIn(request, 15);
  return endLapsed;
};

test.each([
  ['approve', 'deny', approving, denying],
  ['approve', 'cancel', approving, cancelling],
  ['approve', 'expire', approving, expiring],
  ['deny', 'cancel', denying, cancelling],
  ['deny', 'expire', denying, expiring],
  ['cancel', 'expire', cancelling, expiring],
])('D04 %s beside %s: one ending, executed only where the approval won', async (_one, _other, one, other) => {
  for (let round = 0; round < 5; round += 1) {
    const request = await scene.file();
    const [left, right] = [await one(request), await other(request)];
    const wait = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    await Promise.all(round % 2 === 0 ? [wait().then(left), right()] : [left(), wait().then(right)]);
    const { rows } = await sql<{ state: string }>`select state from gateway.approval_ending where request_id = ${request.id}`.execute(scene.test.database.owner);
    expect(rows.length).toBeLessThanOrEqual(1);
    expect(await scene.booked(request)).toBe(rows[0]?.state === 'executed' ? 1 : 0);
  }
});

test('D09 a request is not executed after its expiry by the database’s clock, whatever this machine’s clock says, and is ended once', async () => {
  const request = await scene.file();
  const press = await ready(scene.siti, request);
  await expireIn(request, -1);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 7_200_000 });
  try {
    expect((await press()).codes).toEqual(['APPROVAL_EXPIRED']);
    expect((await scene.deny(scene.putri, request.id)).codes).toEqual(['APPROVAL_EXPIRED']);
    expect((await scene.cancel(scene.dewi, request.id)).codes).toEqual(['APPROVAL_EXPIRED']);
  } finally {
    vi.useRealTimers();
  }
  const asked = await scene.dewi.query('query($id: ID!) { approvalRequest(id: $id) { state } }', { id: request.id });
  expect(asked.data?.['approvalRequest'].state).toBe('EXPIRED');
  await Promise.all([endLapsed(), endLapsed(), endLapsed()]);
  await endLapsed();
  expect(await scene.stateOf(request.id)).toBe('expired');
  expect(await scene.test.events({ correlationId: request.correlationId, kind: 'approvals.request.expired' })).toHaveLength(1);
  expect(await scene.booked(request)).toBe(0);
  expect((await scene.approve(scene.siti, request)).codes).toEqual(['APPROVAL_EXPIRED']);
});

test('D09 a second before its expiry it is', async () => {
  const request = await scene.file();
  const press = await ready(scene.siti, request);
  await expireIn(request, 1000);
  expect((await press()).codes).toEqual([]);
  expect(await scene.booked(request)).toBe(1);
});
