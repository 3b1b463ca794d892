import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApprovalScene, FILE, LARGE, openApprovalScene } from './approval-scene.ts';

let scene: ApprovalScene;
beforeAll(async () => {
  scene = await openApprovalScene();
});
afterAll(() => scene.close());

const justification = { reason: 'Tried by a test', ticket: 'TEST-6' };
const names = (people: readonly { readonly displayName: string }[]): readonly string[] => people.map(({ displayName }) => displayName);

test('A1 A2 what needs a second person is filed, approved by somebody else and done once, all of it one story', async () => {
  const request = await scene.file();
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual([null, 0]);
  const answer = await scene.approve(scene.siti, request);
  expect(answer.errors).toEqual([]);
  expect(answer.data?.['approveRequest']).toMatchObject({ status: 'EXECUTED', correlationId: request.correlationId });
  expect([await scene.stateOf(request.id), await scene.booked(request)]).toEqual(['executed', 1]);
  const events = await scene.test.events({ correlationId: request.correlationId });
  expect(events.map((event) => `${event['kind']} ${event['outcome']} ${event['actor_name']}`)).toEqual([
    'billing.credit.adjusted denied Dewi Lestari',
    'access.step-up.verified ok Dewi Lestari',
    'approvals.request.filed ok Dewi Lestari',
    'approvals.request.approved denied Siti Rahmawati',
    'approvals.request.approved ok Siti Rahmawati',
    'billing.credit.adjusted ok Dewi Lestari',
  ]);
  const [filed, executed] = [events[2], events[5]];
  // Under the requester's own proof and session, with the request that allowed it, and named by its ending.
  expect(executed).toMatchObject({ approval_id: request.id, step_up_id: filed?.['step_up_id'], session_id: filed?.['session_id'], tenant_id: request.tenantId, ticket: 'TEST-6' });
  expect(executed?.['detail']).toMatchObject({ approvedBy: [await scene.staffId(scene.siti)] });
  const { rows } = await sql<{ event: string }>`select audit_event_id as event from gateway.approval_ending where request_id = ${request.id}`.execute(scene.test.database.owner);
  expect(rows[0]?.event).toBe(executed?.['id']);
});

test('A8 a preview says that a second person is needed and who they could be; it files nothing', async () => {
  const answer = await scene.dewi.query(FILE, { input: { id: scene.nextTenant(), amount: '1250000001.00', justification, preview: true } });
  const told = answer.data?.['adjustCredit'];
  expect(told).toMatchObject({
    status: 'PREVIEWED',
    approvalRequest: null,
    approvalPlan: { alternatives: [{ approver: 'billing.credit.approve-adjustment', quorum: 2 }], denials: 1, expiresAfterMinutes: 1440 },
  });
  expect(names(told.approvalPlan.approvers)).toEqual(expect.arrayContaining(['Putri Anggraini', 'Siti Rahmawati']));
  expect(names(told.approvalPlan.approvers)).not.toContain('Dewi Lestari');
  const small = await scene.dewi.query(FILE, { input: { id: scene.nextTenant(), amount: '5.00', justification, preview: true } });
  expect(small.data?.['adjustCredit'].approvalPlan).toBeNull();
});

test('A2 the answer to filing is the request itself, with what would change as the requester may see it', async () => {
  const tenantId = scene.nextTenant();
  const answer = await scene.dewi.act(FILE, { input: { id: tenantId, amount: LARGE, justification } });
  const { approvalRequest, approvalPlan, changes, status } = answer.data?.['adjustCredit'] ?? {};
  expect(status).toBe('PENDING_APPROVAL');
  expect(approvalRequest).toMatchObject({ state: 'PENDING', tenantId, requesterId: await scene.staffId(scene.dewi) });
  expect(names(approvalPlan.approvers)).toContain('Siti Rahmawati');
  expect(changes).toEqual(expect.arrayContaining([expect.objectContaining({ resource: 'tenant', field: 'creditBalance', masked: false })]));
  const codes = approvalRequest.oddities.map(({ code }: { code: string }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  const { rows } = await sql<{ odd: boolean }>`
    select extract(isodow from now) > 5 or extract(hour from now) not between 8 and 17 as odd from (select clock_timestamp() at time zone 'Asia/Jakarta' as now) clock`.execute(
    scene.test.database.owner,
  );
  expect(codes.includes('outside-hours')).toBe(rows[0]?.odd);
});

test('A2 oddities: first time, high-risk tenant, more than ever before', async () => {
  const agus = await scene.test.asRole('security-operator');
  await scene.grant(agus, 'billing-operator');
  const tenantId = scene.nextTenant();
  await sql`update product.tenant set risk_tier = 'high' where id = ${tenantId}`.execute(scene.test.database.owner);
  const oddities = async (id: string): Promise<readonly string[]> =>
    (await agus.query('query($id: ID!) { approvalRequest(id: $id) { oddities } }', { id })).data?.['approvalRequest'].oddities.map(({ code }: { code: string }) => code);
  const first = await scene.file({ by: agus, tenantId });
  expect(await oddities(first.id)).toEqual(expect.arrayContaining(['first-time', 'high-risk-tenant']));
  const second = await scene.file({ by: agus, amount: '300000000.00' });
  expect(await oddities(second.id)).toContain('largest-amount');
  expect(await oddities(second.id)).not.toContain('high-risk-tenant');
});

test('K05 the same request under the same key is one request', async () => {
  const tenantId = scene.nextTenant();
  const input = { id: tenantId, amount: LARGE, justification };
  const [idempotencyKey, correlationId] = [randomUUID(), randomUUID()];
  const asked = await scene.dewi.query(FILE, { input }, { idempotencyKey, correlationId });
  const proof = await scene.dewi.stepUp(asked.errors[0]?.extensions.challenge ?? '');
  const answers = await Promise.all(Array.from({ length: 4 }, () => scene.dewi.query(FILE, { input }, { idempotencyKey, correlationId, proof })));
  expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
  expect(new Set(answers.map(({ data }) => data?.['adjustCredit'].approvalRequest.id)).size).toBe(1);
  const { rows } = await sql`select id from gateway.approval_request where correlation_id = ${correlationId}`.execute(scene.test.database.owner);
  expect(rows).toHaveLength(1);
});

test('A1 what could not be done is refused when it is asked for, not when it is approved', async () => {
  const answer = await scene.dewi.act(FILE, { input: { id: scene.nextTenant(), amount: '-9000000000000.00', justification } });
  expect(answer.codes).toEqual(['CONFLICT']);
});

test('A4 an approver sees what they approve, may decide, and the request waits in their count until they have', async () => {
  const count = async () => (await scene.siti.query('{ approvalCounts { toReview mine } }')).data?.['approvalCounts'];
  const before = await count();
  const request = await scene.file();
  expect(await count()).toEqual({ toReview: before.toReview + 1, mine: before.mine });
  const decision = await scene.siti.query(
    `query($id: ID!) { approvalRequest(id: $id) { shownDigest actions { name enabled stepUp } } approvalDecision(id: $id) {
      shownDigest changes { resource field before after masked permission } input { name value masked } mayDecide { allowed because permission } } }`,
    { id: request.id },
  );
  const { approvalRequest, approvalDecision } = decision.data ?? {};
  expect(approvalRequest.actions.map(({ name, enabled }: { name: string; enabled: boolean }) => [name, enabled])).toEqual([
    ['approveRequest', true],
    ['denyRequest', true],
  ]);
  expect(approvalDecision.shownDigest).toBe(approvalRequest.shownDigest);
  expect(approvalDecision.mayDecide).toEqual({ allowed: true, because: null, permission: null });
  expect(approvalDecision.input).toEqual(expect.arrayContaining([{ name: 'amount', value: LARGE, masked: false }]));
  expect(approvalDecision.changes.filter(({ masked }: { masked: boolean }) => masked)).toEqual([]);
  expect((await scene.approve(scene.siti, request)).codes).toEqual([]);
  expect(await count()).toEqual(before);
});

test('A1 whoever may approve for some tenants sees the requests of those alone', async () => {
  const rina = await scene.test.asRole('support-viewer');
  const [here, there] = [await scene.file(), await scene.file()];
  await scene.grant(rina, 'platform-admin', { tenants: [here.tenantId] });
  const seen = (await rina.query('{ approvalRequests(first: 100) { nodes { id } } approvalCounts { toReview } }')).data;
  // The role also reads everybody's requests, at those tenants.
  expect(seen?.['approvalRequests'].nodes).toEqual([{ id: here.id }]);
  expect(seen?.['approvalCounts'].toReview).toBe(1);
  expect((await scene.approve(rina, there)).codes).toEqual(['NOT_FOUND']);
});

test('A2 only who asked cancels, and only while it waits', async () => {
  const request = await scene.file();
  expect((await scene.cancel(scene.siti, request.id)).codes).toEqual(['FORBIDDEN']);
  expect((await scene.cancel(scene.dewi, request.id)).codes).toEqual([]);
  expect(await scene.stateOf(request.id)).toBe('cancelled');
  expect((await scene.cancel(scene.dewi, request.id)).codes).toEqual(['APPROVAL_STATE']);
  expect((await scene.approve(scene.siti, request)).codes).toEqual(['APPROVAL_STATE']);
});

test('A1 who may not read all of it may still say no', async () => {
  const bayu = await scene.test.asRole('support-operator', 'tenant');
  const request = await scene.file();
  const permissions = ['billing.credit.approve-adjustment', 'accounts.tenant.read'];
  await sql`insert into gateway.access_grant (id, staff_id, role, permissions, is_global, reason)
    values (${randomUUID()}, ${await scene.staffId(bayu)}, 'permissions', ${permissions}::text[], true, 'test')`.execute(scene.test.database.owner);
  expect((await scene.approve(bayu, request)).codes).toEqual(['FORBIDDEN']);
  expect((await scene.deny(bayu, request.id)).codes).toEqual([]);
  expect(await scene.stateOf(request.id)).toBe('denied');
});
