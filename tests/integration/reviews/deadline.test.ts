import { closeOverdueReviews } from '@sallyport/server/jobs/reviews/close-overdue-reviews.ts';
import type { AuditLog } from '@sallyport/server/kernel/seams.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Campaign, giveRole, openReviewScene, type ReviewScene, storyOf } from './review-scene.ts';

let scene: ReviewScene;
/** Grants as they were before each test took some away. */
beforeAll(async () => {
  scene = await openReviewScene();
});
afterAll(() => scene?.close());
afterEach(async () => {
  await sql`update gateway.access_grant set revoked_at = null, revoked_by = null, revoke_reason = null where revoked_at is not null`.execute(scene.owner);
});

const run = (audit: AuditLog = scene.audit) => closeOverdueReviews(scene.gateway.database.app, audit);
const stateOf = async ({ id }: Campaign) =>
  (await sql<{ closed: boolean }>`select closed_at is not null as closed from gateway.access_review where id = ${id}`.execute(scene.owner)).rows[0]?.closed;

test('14: what is unanswered at the deadline is revoked, and the next request of the person is refused', async () => {
  const person = scene.gateway.personWith('customer-success');
  const client = await scene.gateway.as(person);
  const campaign = await scene.start({ kind: 'grants', role: 'customer-success' });
  const item = await scene.itemOf(campaign, person);
  await run();
  expect((await client.query('{ tenants(first: 1) { totalCount } }')).codes).toEqual([]);
  expect(await stateOf(campaign)).toBe(false);
  await scene.passDeadline(campaign);
  await run();
  expect((await client.query('{ tenants(first: 1) { totalCount } }')).codes).toEqual(['FORBIDDEN']);
  expect((await scene.itemOf(campaign, person)).outcome).toBe('revoked-at-deadline');
  expect((await storyOf(scene.owner, campaign)).slice(-2)).toEqual([
    { kind: 'reviews.access.revoked', outcome: 'ok', actor_id: 'worker', target_type: 'accessGrant', target_id: item.subject_id },
    { kind: 'reviews.campaign.closed', outcome: 'ok', actor_id: 'worker', target_type: 'accessReview', target_id: campaign.id },
  ]);
  const before = await storyOf(scene.owner, campaign);
  await run();
  expect(await storyOf(scene.owner, campaign)).toEqual(before);
});

test('a deadline stands half past a minute, so that who comes by the minute comes within 60 seconds of it', async () => {
  const campaign = await scene.start({ kind: 'grants', role: 'customer-success' });
  const { rows } = await sql<{ second: number; days: number }>`
    select extract(second from deadline)::int as second, round(extract(epoch from deadline - created_at) / 86400)::int as days from gateway.access_review where id = ${campaign.id}`.execute(
    scene.owner,
  );
  expect(rows).toEqual([{ second: 30, days: 14 }]);
});

test('an answer after the deadline comes too late, though the worker has not been there yet', async () => {
  const campaign = await scene.start({ kind: 'grants', role: 'customer-success' });
  const item = await scene.itemOf(campaign, scene.gateway.personWith('customer-success'));
  await scene.passDeadline(campaign);
  for (const action of ['keepAccess', 'revokeAccess'] as const) expect((await scene.decide(scene.auditor, action, item.id)).codes).toEqual(['CONFLICT']);
  expect((await scene.itemOf(campaign, scene.gateway.personWith('customer-success'))).outcome).toBeNull();
});

test('A18: an answer that had to wait past the deadline counts no more, and takes nothing away', async () => {
  const person = scene.gateway.personWith('customer-success');
  const campaign = await scene.start({ kind: 'grants', role: 'customer-success' });
  const item = await scene.itemOf(campaign, person);
  // As an act under the grant would hold it.
  const acting = await scene.owner.startTransaction().execute();
  const { rows: held } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid from gateway.access_grant where id = ${item.subject_id} for share`.execute(acting);
  const answer = scene.decide(scene.auditor, 'revokeAccess', item.id);
  await vi.waitFor(async () => {
    const { rows } = await sql`select 1 from pg_locks where not granted and transactionid::text = ${held[0]?.xid}`.execute(scene.owner);
    expect(rows).toHaveLength(1);
  });
  await scene.passDeadline(campaign);
  await acting.rollback().execute();
  expect((await answer).codes).toEqual(['CONFLICT']);
  expect(await scene.isLive(item.subject_id)).toBe(true);
  expect((await scene.itemOf(campaign, person)).outcome).toBeNull();
});

test('F11: the last administrator is spared and reported: the one who was there', async () => {
  const admins = (
    await sql<{ id: string; staff_id: string }>`select id, staff_id from gateway.access_grant where role = 'platform-admin' and revoked_at is null`.execute(scene.owner)
  ).rows;
  const second = await giveRole(scene.owner, await scene.idOf(scene.gateway.personWith('support-viewer')), 'platform-admin');
  const active = await scene.gateway.asRole('platform-admin');
  // An act in the name of the grant: the log knows that this administrator is in use.
  const used = await scene.start({ kind: 'grants', role: 'customer-success' }, active);
  const campaign = await scene.start({ kind: 'grants', role: 'platform-admin' });
  await scene.passDeadline(campaign);
  await run();
  const items = await scene.itemsOf(campaign);
  expect(items).toHaveLength(admins.length + 1);
  expect(items.filter(({ outcome }) => outcome === 'revoked-at-deadline')).toHaveLength(admins.length);
  const [spared] = items.filter(({ outcome }) => outcome === 'guarded');
  expect(spared?.staff_id).toBe(await scene.idOf(active.person));
  expect(await scene.isLive(spared?.subject_id ?? '')).toBe(true);
  expect(await scene.isLive(second)).toBe(false);
  expect(await storyOf(scene.owner, campaign)).toContainEqual({
    kind: 'reviews.access.guarded',
    outcome: 'denied',
    actor_id: 'worker',
    target_type: 'accessGrant',
    target_id: spared?.subject_id,
  });
  expect(await stateOf(campaign)).toBe(true);
  // Nor can anybody take that one away by an answer.
  const again = await scene.start({ kind: 'grants', role: 'platform-admin' });
  const last = await scene.itemOf(again, active.person);
  expect((await scene.decide(scene.auditor, 'revokeAccess', last.id)).codes).toEqual(['LAST_OWNER']);
  expect(await scene.isLive(last.subject_id)).toBe(true);
  expect((await scene.itemOf(again, active.person)).outcome).toBeNull();
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where id = ${second}`.execute(scene.owner);
  expect(used.id).not.toBe(campaign.id);
});

test('X15: two processes and four runs at once: each item settled once, each event once, one closing', async () => {
  const campaign = await scene.start({ kind: 'grants' });
  const items = await scene.itemsOf(campaign);
  await scene.passDeadline(campaign);
  const pool = openPool({ connectionString: scene.gateway.database.appUrl, max: 4, applicationName: 'test-second-worker' });
  try {
    const other = kyselyOn(pool);
    const ended = await Promise.allSettled([run(), run(), closeOverdueReviews(other, scene.audit), closeOverdueReviews(other, scene.audit)]);
    expect(ended.filter(({ status }) => status === 'rejected')).toEqual([]);
  } finally {
    await pool.end();
  }
  const story = (await storyOf(scene.owner, campaign)).filter(({ actor_id }) => actor_id === 'worker');
  const settled = await scene.itemsOf(campaign);
  const revoked = settled.filter(({ outcome }) => outcome === 'revoked-at-deadline').map((item) => item.subject_id);
  expect(revoked.length + settled.filter(({ outcome }) => outcome === 'guarded').length).toBe(items.length);
  expect(
    story
      .filter(({ kind }) => kind === 'reviews.access.revoked')
      .map((event) => event.target_id)
      .sort(),
  ).toEqual(revoked.sort());
  expect(story.filter(({ kind }) => kind === 'reviews.campaign.closed')).toHaveLength(1);
});

test('H04: an item whose event can not be written stays as it was, the rest goes on, and the next run finishes', async () => {
  const campaign = await scene.start({ kind: 'grants' });
  const items = await scene.itemsOf(campaign);
  await scene.passDeadline(campaign);
  let failures = 0;
  const failing: AuditLog = {
    ...scene.audit,
    append: (tx, draft) => {
      failures += 1;
      return failures <= 3 ? Promise.reject(new Error('the log is away')) : scene.audit.append(tx, draft);
    },
  };
  await expect(run(failing)).rejects.toThrow('the log is away');
  const open = (await scene.itemsOf(campaign)).filter(({ outcome }) => outcome === null);
  expect(open).toHaveLength(3);
  for (const item of open) expect(await scene.isLive(item.subject_id)).toBe(true);
  expect(await stateOf(campaign)).toBe(false);
  await run();
  expect((await scene.itemsOf(campaign)).filter(({ outcome }) => outcome === null)).toEqual([]);
  expect(await stateOf(campaign)).toBe(true);
  expect((await storyOf(scene.owner, campaign)).filter(({ actor_id }) => actor_id === 'worker').length).toBe(items.length + 1);
});

test('14: answers beside the deadline: each item has one outcome, which its grant and the log bear out', async () => {
  const rounds = 8;
  let decided = 0;
  let lapsed = 0;
  for (let round = 0; round < rounds; round += 1) {
    const campaign = await scene.start({ kind: 'grants' });
    const auditor = await scene.idOf(scene.auditor.person);
    const items = (await scene.itemsOf(campaign)).filter((item) => item.staff_id !== auditor && item.role !== 'platform-admin');
    const { rows } = await sql<{ deadline: string }>`
      update gateway.access_review set deadline = clock_timestamp() + make_interval(secs => ${0.01 + (round % 4) * 0.03}) where id = ${campaign.id} returning deadline`.execute(
      scene.owner,
    );
    const answers = Promise.all(items.map((item, index) => scene.decide(scene.auditor, index % 2 === 0 ? 'keepAccess' : 'revokeAccess', item.id)));
    const worker = (async () => {
      for (let turn = 0; turn < 2_000 && !(await stateOf(campaign)); turn += 1) {
        await run();
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    const [answered] = await Promise.all([answers, worker]);
    expect(await stateOf(campaign)).toBe(true);
    const story = await storyOf(scene.owner, campaign);
    for (const item of (await scene.itemsOf(campaign)).filter(({ id }) => items.some((asked) => asked.id === id))) {
      const index = items.findIndex(({ id }) => id === item.id);
      const accepted = answered[index]?.codes.length === 0;
      expect(item.outcome).toBe(accepted ? (index % 2 === 0 ? 'kept' : 'revoked') : 'revoked-at-deadline');
      expect(item.decision !== null).toBe(accepted);
      expect(await scene.isLive(item.subject_id)).toBe(item.outcome === 'kept');
      expect(story.filter(({ kind, target_id }) => kind === 'reviews.access.revoked' && target_id === item.subject_id)).toHaveLength(item.outcome === 'kept' ? 0 : 1);
      if (accepted) decided += 1;
      else lapsed += 1;
    }
    const { rows: late } =
      await sql`select 1 from gateway.access_review_item where review_id = ${campaign.id} and decided_at > ${rows[0]?.deadline}::timestamptz + interval '50 milliseconds'`.execute(
        scene.owner,
      );
    expect(late).toEqual([]);
    await sql`update gateway.access_grant set revoked_at = null, revoked_by = null, revoke_reason = null where revoked_at is not null`.execute(scene.owner);
  }
  expect(decided + lapsed).toBeGreaterThan(rounds);
  expect(lapsed).toBeGreaterThan(0);
}, 60_000);
