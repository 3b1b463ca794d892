import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApprovalScene, openApprovalScene } from '../approvals/approval-scene.ts';

let scene: ApprovalScene;
beforeAll(async () => {
  scene = await openApprovalScene();
});
afterAll(() => scene.close());

const READ = 'query($id: ID!) { approvalRequest(id: $id) { state cause endedBy approvals denials reviews { decision comment reviewerName } changes: rule auditEventId } }';

test('D16 many at once are decided one by one: what is forbidden or stale takes nothing else with it', async () => {
  const granted = await scene.grant(scene.siti, 'billing-operator');
  const own = await scene.file({ by: scene.siti });
  const fine = await scene.file();
  const other = await scene.file();
  const withdrawn = await scene.file();
  expect((await scene.cancel(scene.dewi, withdrawn.id)).codes).toEqual([]);
  const results = [];
  for (const request of [own, fine, withdrawn, { ...other, shownDigest: fine.shownDigest }, other]) results.push((await scene.approve(scene.siti, request)).codes);
  expect(results).toEqual([['SELF_APPROVAL'], [], ['APPROVAL_STATE'], ['APPROVAL_STALE'], []]);
  expect(await Promise.all([own, fine, withdrawn, other].map((request) => scene.booked(request)))).toEqual([0, 1, 0, 1]);
  await scene.revoke(granted);
});

test('D16 two approvals in one document are refused as a whole', async () => {
  const request = await scene.file();
  const input = { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Both' } };
  const answer = await scene.siti.query('mutation($input: ApproveRequestInput!) { a: approveRequest(input: $input) { status } b: approveRequest(input: $input) { status } }', {
    input,
  });
  expect(answer.codes).toEqual(['QUERY_REJECTED']);
});

test('D17 A4 ended requests stay readable for whom they concerned and for auditors, and nobody else', async () => {
  const executed = await scene.file();
  await scene.approve(scene.siti, executed);
  const denied = await scene.file();
  await scene.deny(scene.siti, denied.id);
  const auditor = await scene.test.asRole('compliance-auditor');
  for (const client of [scene.dewi, scene.siti, scene.putri, auditor]) {
    expect((await client.query(READ, { id: executed.id })).data?.['approvalRequest']).toMatchObject({
      state: 'EXECUTED',
      approvals: 1,
      reviews: [{ decision: 'APPROVE', comment: 'Looks right' }],
    });
    expect((await client.query(READ, { id: denied.id })).data?.['approvalRequest']).toMatchObject({
      state: 'DENIED',
      denials: 1,
      reviews: [{ decision: 'DENY', comment: 'Looks wrong' }],
    });
  }
  const stranger = await scene.test.asRole('support-viewer');
  const absent = await stranger.query(READ, { id: '00000000-0000-4000-8000-000000000000' });
  const hidden = await stranger.query(READ, { id: executed.id });
  expect(hidden.codes).toEqual(['NOT_FOUND']);
  expect(hidden.errors.map(({ message }) => message)).toEqual(absent.errors.map(({ message }) => message));
  expect((await stranger.query('{ approvalRequests { totalCount } approvalReviews { totalCount } approvalCounts { toReview mine } }')).data).toMatchObject({
    approvalRequests: { totalCount: 0 },
    approvalReviews: { totalCount: 0 },
    approvalCounts: { toReview: 0, mine: 0 },
  });
  expect((await stranger.query('query($id: ID!) { approvalDecision(id: $id) { shownDigest } }', { id: executed.id })).codes).toEqual(['NOT_FOUND']);
});

test('D17 what was asked and decided can’t be changed: not by the serving role, not by the owner', async () => {
  const request = await scene.file();
  await scene.approve(scene.siti, request);
  const { app, owner } = scene.test.database;
  for (const table of ['approval_request', 'approval_review', 'approval_ending', 'approval_value']) {
    const name = sql.id('gateway', table);
    await expect(sql`delete from ${name}`.execute(app), table).rejects.toThrow(/permission denied/);
    await expect(sql`truncate ${name} cascade`.execute(app), table).rejects.toThrow(/permission denied/);
  }
  await expect(sql`update gateway.approval_request set reason = 'other'`.execute(app)).rejects.toThrow(/permission denied/);
  // The right that a row's lock asks for opens no change either.
  await expect(sql`update gateway.approval_request set id = gen_random_uuid()`.execute(app)).rejects.toThrow(/stays/);
  await expect(sql`update gateway.approval_ending set state = 'denied'`.execute(app)).rejects.toThrow(/permission denied/);
  for (const statement of [sql`delete from gateway.approval_review`, sql`update gateway.approval_ending set state = 'denied'`, sql`truncate gateway.approval_request cascade`])
    await expect(statement.execute(owner)).rejects.toThrow(/stays/);
  await expect(sql`insert into gateway.approval_ending (request_id, state) values (${request.id}, 'denied')`.execute(app)).rejects.toThrow(/duplicate key/);
  await expect(sql`insert into gateway.approval_ending (request_id, state) values (gen_random_uuid(), 'denied')`.execute(app)).rejects.toThrow(/names a request/);
});
