import { closeOverdueReviews } from '@sallyport/server/jobs/reviews/close-overdue-reviews.ts';
import { openRecurringReviews } from '@sallyport/server/jobs/reviews/open-recurring-reviews.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { type Campaign, openReviewScene, registry, type ReviewScene, storyOf } from './review-scene.ts';

let scene: ReviewScene;
let security: TestClient;
beforeAll(async () => {
  scene = await openReviewScene();
  security = await scene.gateway.asRole('security-operator');
});
afterAll(() => scene?.close());

const CLOSE = `mutation Close($input: CloseAccessReviewInput!) { closeAccessReview(input: $input) {
  status approvalRequest { id shownDigest } accessReview { state unanswered revoked kept } } }`;
const APPROVE = 'mutation Approve($input: ApproveRequestInput!) { approveRequest(input: $input) { status approvalRequest { state } } }';
const close = (client: ReviewScene['auditor'], { id }: Campaign, more: Readonly<Record<string, unknown>> = {}) =>
  client.act(CLOSE, { input: { id, ...more, justification: { reason: 'All is said' } } });
/** Closes with what is unanswered, which takes a second person. */
async function closeTogether(campaign: Campaign, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const asked = await close(scene.auditor, campaign, more);
  const filed = asked.data?.['closeAccessReview'] ?? null;
  expect(filed?.status).toBe('PENDING_APPROVAL');
  const [id, shownDigest] = [filed?.approvalRequest.id, filed?.approvalRequest.shownDigest];
  const approved = await security.act(APPROVE, { input: { id, shownDigest, justification: { reason: 'They have had their time' } } });
  expect(approved.data?.['approveRequest']).toEqual({ status: 'EXECUTED', approvalRequest: { state: 'EXECUTED' } });
}
const repeat = () => openRecurringReviews(scene.gateway.database.app, scene.audit, registry.roles);
const successorsOf = async ({ id }: Campaign) =>
  (
    await sql<{ id: string; owner_id: string; scope: unknown; kind: string; days: number; items: number; messages: number; started: number }>`
      select after.id, after.owner_id, after.scope, after.kind, after.days,
        (select count(*)::int from gateway.access_review_item item where item.review_id = after.id) as items,
        (select count(*)::int from graphile_worker._private_jobs where payload -> 'payload' ->> 'reviewId' = after.id::text) as messages,
        (select count(*)::int from audit.event where kind = 'reviews.campaign.started' and target_id = after.id::text) as started
      from gateway.access_review after where after.previous_id = ${id}`.execute(scene.owner)
  ).rows;
/** As though it had been started so long ago. */
const age = async ({ id }: Campaign, interval: string) => {
  await sql`update gateway.access_review set created_at = created_at - ${interval}::interval where id = ${id}`.execute(scene.owner);
};

test('closing early needs a code, the owner and a second person, and has the consequence of the deadline', async () => {
  const campaign = await scene.start({ kind: 'grants', role: 'support-viewer' });
  const items = await scene.itemsOf(campaign);
  const kept = items[0];
  await scene.decide(scene.auditor, 'keepAccess', kept?.id ?? '');
  const admin = await scene.gateway.asRole('platform-admin');
  expect((await close(admin, campaign)).codes).toEqual(['FORBIDDEN']);
  const unproven = await scene.auditor.query(CLOSE, { input: { id: campaign.id, justification: { reason: 'All is said' } } });
  expect(unproven.codes).toEqual(['STEP_UP_REQUIRED']);
  expect((await scene.itemsOf(campaign)).filter(({ outcome }) => outcome === null)).toHaveLength(items.length - 1);
  await closeTogether(campaign);
  const after = await scene.auditor.query('query Review($id: ID!) { accessReview(id: $id) { state unanswered revoked kept } }', { id: campaign.id });
  expect(after.data?.['accessReview']).toEqual({ state: 'CLOSED', unanswered: 0, revoked: items.length - 1, kept: 1 });
  for (const item of items) expect(await scene.isLive(item.subject_id)).toBe(item.id === kept?.id);
  const story = await storyOf(scene.owner, campaign);
  const auditor = await scene.idOf(scene.auditor.person);
  expect(story.filter(({ kind }) => kind === 'reviews.access.revoked').map((event) => [event.actor_id, event.target_id])).toEqual(
    expect.arrayContaining(items.slice(1).map((item) => [auditor, item.subject_id])),
  );
  expect((await close(scene.auditor, campaign)).codes).toEqual(['CONFLICT']);
  await expect(sql`update gateway.access_review set closed_at = null where id = ${campaign.id}`.execute(scene.owner)).rejects.toThrow('closed once');
});

test('F11: closing early spares the last administrator too', async () => {
  const campaign = await scene.start({ kind: 'grants', role: 'platform-admin' });
  await closeTogether(campaign);
  const items = await scene.itemsOf(campaign);
  expect(items.map(({ outcome }) => outcome).sort()).toEqual(['guarded', ...items.slice(1).map(() => 'revoked-at-deadline')]);
});

test('a preview of closing shows it and takes nothing away', async () => {
  const campaign = await scene.start({ kind: 'grants', role: 'customer-success' });
  const { data, codes } = await scene.auditor.query(CLOSE, { input: { id: campaign.id, preview: true } });
  expect(codes).toEqual([]);
  expect(data?.['closeAccessReview'].status).toBe('PREVIEWED');
  for (const item of await scene.itemsOf(campaign)) expect([item.outcome, await scene.isLive(item.subject_id)]).toEqual([null, true]);
});

test('W3: a monthly campaign is followed by the next, with the same scope, once, whoever races', async () => {
  const campaign = await scene.start({ kind: 'approvers', role: 'platform-admin', cadence: 'monthly' });
  await age(campaign, '1 month');
  await repeat();
  expect(await successorsOf(campaign)).toEqual([]);
  await scene.passDeadline(campaign);
  await closeOverdueReviews(scene.gateway.database.app, scene.audit);
  await Promise.all([repeat(), repeat(), repeat(), repeat()]);
  const [next, ...others] = await successorsOf(campaign);
  expect(others).toEqual([]);
  expect(next).toMatchObject({
    owner_id: await scene.idOf(scene.auditor.person),
    kind: 'approvers',
    days: 14,
    scope: { roles: ['platform-admin'], tenants: null },
    messages: 1,
    started: 1,
  });
  expect(next?.items).toBeGreaterThan(0);
  await repeat();
  expect(await successorsOf(campaign)).toHaveLength(1);
  // The next one's own turn comes a month after it was started, not now.
  expect(await successorsOf({ id: next?.id ?? '', correlationId: '' })).toEqual([]);
});

test.each([
  ['monthly', '27 days', false],
  ['quarterly', '1 month', false],
  ['quarterly', '3 months', true],
  ['once', '1 year', false],
] as const)('the turn after a %s campaign of %s ago: %s', async (cadence, interval, follows) => {
  const campaign = await scene.start({ kind: 'grants', role: 'customer-success', cadence });
  // The first of them closes over the one item there is; of the others nothing is left to answer.
  if ((await scene.itemsOf(campaign)).some(({ outcome }) => outcome === null)) await closeTogether(campaign);
  else expect((await close(scene.auditor, campaign)).codes).toEqual([]);
  await age(campaign, interval);
  await repeat();
  expect(await successorsOf(campaign)).toHaveLength(follows ? 1 : 0);
});

test('its owner can end a series', async () => {
  const campaign = await scene.start({ kind: 'grants', role: 'customer-success', cadence: 'monthly' });
  expect((await scene.itemsOf(campaign)).filter(({ outcome }) => outcome === null)).toEqual([]);
  expect((await close(scene.auditor, campaign, { endsSeries: true })).codes).toEqual([]);
  await age(campaign, '2 months');
  await repeat();
  expect(await successorsOf(campaign)).toEqual([]);
});
