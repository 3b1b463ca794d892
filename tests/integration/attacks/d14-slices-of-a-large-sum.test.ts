import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADJUST, adjustment } from '../../harness/demo-acts.ts';
import { type ApprovalScene, openApprovalScene } from '../approvals/approval-scene.ts';

let scene: ApprovalScene;
beforeAll(async () => {
  scene = await openApprovalScene();
});
afterAll(() => scene.close());

test('D14 ten slices below the limit add up: from the sum on a second person is needed, and the request shows the pattern', async () => {
  const tenantId = scene.nextTenant();
  const statuses = [];
  for (let slice = 0; slice < 6; slice += 1) statuses.push((await scene.dewi.act(ADJUST, { input: adjustment(tenantId, '50000000.00') })).data?.['adjustCredit'].status);
  expect(statuses).toEqual([...Array.from({ length: 5 }, () => 'EXECUTED'), 'PENDING_APPROVAL']);
  const request = await scene.file({ tenantId, amount: '50000000.00' });
  const asked = await scene.siti.query('query($id: ID!) { approvalRequest(id: $id) { oddities } }', { id: request.id });
  const repeated = asked.data?.['approvalRequest'].oddities.find(({ code }: { code: string }) => code === 'repeated');
  expect(repeated).toEqual({ code: 'repeated', count: 7, hours: 24 });
  // Another tenant's day is its own.
  expect((await scene.dewi.act(ADJUST, { input: adjustment(scene.nextTenant(), '50000000.00') })).data?.['adjustCredit'].status).toBe('EXECUTED');
});

test('D14 slices sent at once add up too: the record’s lock puts them in order', async () => {
  const tenantId = scene.nextTenant();
  const inputs = Array.from({ length: 8 }, (_, at) => ({ ...adjustment(tenantId, '49000000.00'), memo: `slice ${at}` }));
  const proofs: string[] = [];
  for (const input of inputs) proofs.push(await scene.dewi.stepUp((await scene.dewi.query(ADJUST, { input })).errors[0]?.extensions.challenge ?? ''));
  const answers = await Promise.all(inputs.map((input, at) => scene.dewi.query(ADJUST, { input }, { proof: proofs[at] ?? '' })));
  const statuses = answers.map(({ data }) => data?.['adjustCredit']?.status);
  expect(statuses.filter((status) => status === 'EXECUTED')).toHaveLength(5);
  expect(statuses.filter((status) => status === 'PENDING_APPROVAL')).toHaveLength(3);
});

test('D14 up and down count alike', async () => {
  const tenantId = scene.nextTenant();
  expect((await scene.dewi.act(ADJUST, { input: adjustment(tenantId, '200000000.00') })).data?.['adjustCredit'].status).toBe('EXECUTED');
  expect((await scene.dewi.act(ADJUST, { input: adjustment(tenantId, '-60000000.00') })).data?.['adjustCredit'].status).toBe('PENDING_APPROVAL');
});
