import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReviewScene, type ReviewScene, START, storyOf } from './review-scene.ts';

let scene: ReviewScene;
beforeAll(async () => {
  scene = await openReviewScene();
});
afterAll(() => scene?.close());

test('W1: a campaign asks about every grant that holds, each as it stood, and its start is told to those who answer', async () => {
  const campaign = await scene.start({ kind: 'grants' });
  const items = await scene.itemsOf(campaign);
  const { rows: live } = await sql<{ id: string }>`
    select id from gateway.access_grant where revoked_at is null and kind <> 'break-glass' and (expires_at is null or expires_at > clock_timestamp()) order by id`.execute(
    scene.owner,
  );
  expect(items.map((item) => item.subject_id).sort()).toEqual(live.map(({ id }) => id));
  expect(items.every((item) => item.subject_type === 'grant' && item.outcome === null)).toBe(true);
  expect((await storyOf(scene.owner, campaign)).map(({ kind, outcome, target_id }) => [kind, outcome, target_id])).toEqual([
    ['reviews.campaign.started', 'denied', null],
    ['access.step-up.verified', 'ok', null],
    ['reviews.campaign.started', 'ok', campaign.id],
  ]);
  const { rows: messages } = await sql`select 1 from graphile_worker._private_jobs where payload -> 'payload' ->> 'reviewId' = ${campaign.id}`.execute(scene.owner);
  expect(messages).toHaveLength(1);
});

test('a campaign can be narrowed to a role and to what reaches a tenant; what holds everywhere reaches it', async () => {
  const ofRole = await scene.itemsOf(await scene.start({ kind: 'grants', role: 'support-viewer' }));
  expect(new Set(ofRole.map(({ role }) => role))).toEqual(new Set(['support-viewer']));
  const tenant = scene.gateway.personWith('support-viewer', 'tenant').tenants[0] ?? '';
  const ofTenant = await scene.itemsOf(await scene.start({ kind: 'grants', tenants: [tenant] }));
  const { rows: reaching } = await sql<{ id: string }>`select id from gateway.access_grant where is_global or ${tenant} = any(tenant_ids)`.execute(scene.owner);
  expect(ofTenant.map((item) => item.subject_id).sort()).toEqual(reaching.map(({ id }) => id).sort());
  expect(ofTenant.length).toBeLessThan((await scene.itemsOf(await scene.start({ kind: 'grants' }))).length);
});

test('W2: a campaign about approvers asks about the grants that carry a right to approve, and no others', async () => {
  const items = await scene.itemsOf(await scene.start({ kind: 'approvers' }));
  expect(items.length).toBeGreaterThan(0);
  expect(items.every((item) => item.unused_permissions.concat(item.used_permissions).some((name) => /[.]approve(-|$)/.test(name)))).toBe(true);
  expect(items.map(({ role }) => role)).not.toContain('support-viewer');
});

test('its owner has to hold the right to decide', async () => {
  const input = { title: 'A title', kind: 'GRANTS', cadence: 'ONCE', justification: { reason: 'A reason' } };
  for (const owner of [await scene.idOf(scene.gateway.personWith('support-viewer')), '00000000-0000-4000-8000-00000000dead', 'nobody']) {
    const refused = await scene.auditor.act(START, { input: { ...input, owner } });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT', issues: [{ path: 'input.owner' }] } }]);
  }
});

test('T1: support can neither start a campaign nor see one; a person sees what is said of their own access', async () => {
  const campaign = await scene.start({ kind: 'grants' });
  const support = await scene.gateway.asRole('support-operator');
  const owner = await scene.idOf(scene.auditor.person);
  const refused = await support.query(START, { input: { title: 'Mine', kind: 'GRANTS', cadence: 'ONCE', owner, justification: { reason: 'No reason' } } });
  expect(refused.codes).toEqual(['FORBIDDEN']);
  expect((await support.query('query Q($id: ID!) { accessReview(id: $id) { title } }', { id: campaign.id })).codes).toEqual(['FORBIDDEN']);
  expect((await support.query('query Q($id: ID!) { accessReviewReport(id: $id) }', { id: campaign.id })).codes).toEqual(['FORBIDDEN']);
  const seen = await support.query('query Q($id: ID!) { accessReviewItems(filter: { reviewId: { eq: $id } }) { nodes { holderId } totalCount } }', { id: campaign.id });
  expect(seen.data?.['accessReviewItems']).toEqual({ nodes: [{ holderId: await scene.idOf(support.person) }], totalCount: 1 });
  const other = await scene.itemOf(campaign, scene.gateway.personWith('billing-operator'));
  expect((await support.query('query Q($id: ID!) { accessReviewItem(id: $id) { title } }', { id: other.id })).codes).toEqual(['NOT_FOUND']);
});

test('W1: what is revoked is gone at once: the next request of the person is refused', async () => {
  const person = scene.gateway.personWith('customer-success');
  const client = await scene.gateway.as(person);
  expect((await client.query('{ tenants(first: 1) { totalCount } }')).codes).toEqual([]);
  const campaign = await scene.start({ kind: 'grants' });
  const item = await scene.itemOf(campaign, person);
  const answer = await scene.decide(scene.auditor, 'revokeAccess', item.id);
  expect(answer.data?.['revokeAccess']).toMatchObject({ status: 'EXECUTED', correlationId: campaign.correlationId, accessReviewItem: { state: 'REVOKED' } });
  expect((await client.query('{ tenants(first: 1) { totalCount } }')).codes).toEqual(['FORBIDDEN']);
  const story = await storyOf(scene.owner, campaign);
  const auditor = await scene.idOf(scene.auditor.person);
  expect(story.slice(-2)).toMatchObject([
    { kind: 'reviews.item.revoked', outcome: 'ok', actor_id: auditor, target_type: 'accessReviewItem', target_id: item.id },
    { kind: 'reviews.access.revoked', outcome: 'ok', actor_id: auditor, target_type: 'accessGrant', target_id: item.subject_id },
  ]);
  const { rows } =
    await sql`select 1 from audit.event where correlation_id = ${campaign.correlationId} and kind = 'reviews.access.revoked' and surface = 'console' and ip is not null`.execute(
      scene.owner,
    );
  expect(rows).toHaveLength(1);
});

test('an answer is given once; what is kept stays', async () => {
  const person = scene.gateway.personWith('support-viewer');
  const campaign = await scene.start({ kind: 'grants' });
  const item = await scene.itemOf(campaign, person);
  expect((await scene.decide(scene.auditor, 'keepAccess', item.id)).codes).toEqual([]);
  for (const action of ['keepAccess', 'revokeAccess'] as const) expect((await scene.decide(scene.auditor, action, item.id)).codes).toEqual(['CONFLICT']);
  expect(await scene.isLive(item.subject_id)).toBe(true);
  await expect(sql`update gateway.access_review_item set outcome = 'already-ended' where id = ${item.id}`.execute(scene.owner)).rejects.toThrow('answered once');
});

test('a decision on what has ended meanwhile says so and revokes nothing', async () => {
  const person = scene.gateway.personWith('support-viewer', 'tenant');
  const campaign = await scene.start({ kind: 'grants' });
  const item = await scene.itemOf(campaign, person);
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where id = ${item.subject_id}`.execute(scene.owner);
  expect((await scene.decide(scene.auditor, 'revokeAccess', item.id)).data?.['revokeAccess']?.accessReviewItem).toEqual({ id: item.id, state: 'ALREADY_ENDED' });
  expect((await storyOf(scene.owner, campaign)).map(({ kind }) => kind)).not.toContain('reviews.access.revoked');
});

test('W4: nobody decides on their own access: not offered, refused, and refused by the rows themselves', async () => {
  const admin = await scene.gateway.asRole('platform-admin');
  const campaign = await scene.start({ kind: 'grants' }, admin);
  const own = await scene.itemOf(campaign, admin.person);
  const others = await scene.itemOf(campaign, scene.gateway.personWith('billing-operator'));
  const offered = async (id: string) => (await admin.query('query Q($id: ID!) { accessReviewItem(id: $id) { actions { name } } }', { id })).data?.['accessReviewItem'].actions;
  expect(await offered(own.id)).toEqual([]);
  expect(await offered(others.id)).toEqual([{ name: 'keepAccess' }, { name: 'revokeAccess' }]);
  for (const action of ['keepAccess', 'revokeAccess'] as const) expect((await scene.decide(admin, action, own.id)).codes).toEqual(['FORBIDDEN']);
  const me = await scene.idOf(admin.person);
  const answerAs = (by: string) =>
    sql`
    update gateway.access_review_item set decision = 'keep', decided_by = ${by}, decided_at = clock_timestamp(), reason = '-', outcome = 'kept', outcome_at = clock_timestamp()
    where id = ${own.id}`.execute(scene.gateway.database.app);
  await expect(answerAs(me)).rejects.toThrow('Nobody reviews their own access');
});

test('D02 W4: nor on that of another account of their own', async () => {
  const agus = await scene.gateway.asRole('security-operator');
  const twin = scene.gateway.personWith('billing-operator', 'tenant');
  const campaign = await scene.start({ kind: 'grants' });
  const item = await scene.itemOf(campaign, twin);
  await sql`update gateway.staff set person_id = ${await scene.idOf(agus.person)} where email = ${twin.email}`.execute(scene.owner);
  expect((await scene.decide(agus, 'keepAccess', item.id)).codes).toEqual(['FORBIDDEN']);
  await sql`update gateway.staff set person_id = null where email = ${twin.email}`.execute(scene.owner);
  const withOneAuthenticator = (fingerprint: Buffer | null) =>
    sql`update gateway.staff set totp_fingerprint = ${fingerprint} where email in (${agus.person.email}, ${twin.email})`.execute(scene.owner);
  await withOneAuthenticator(Buffer.alloc(32, 7));
  expect((await scene.decide(agus, 'keepAccess', item.id)).codes).toEqual(['FORBIDDEN']);
  await withOneAuthenticator(null);
  expect((await scene.decide(agus, 'keepAccess', item.id)).codes).toEqual([]);
});

test('without a reason there is no answer', async () => {
  const campaign = await scene.start({ kind: 'grants' });
  const item = await scene.itemOf(campaign, scene.gateway.personWith('billing-operator'));
  const bare = await scene.auditor.query('mutation M($input: KeepAccessInput!) { keepAccess(input: $input) { status } }', { input: { id: item.id } });
  expect(bare.codes).toEqual(['JUSTIFICATION_REQUIRED']);
});

test('C5: the report holds what was asked, answered and done, with the events that prove it', async () => {
  const campaign = await scene.start({ kind: 'grants', role: 'billing-operator' });
  const item = await scene.itemOf(campaign, scene.gateway.personWith('billing-operator'));
  await scene.decide(scene.auditor, 'keepAccess', item.id);
  const { data, codes } = await scene.auditor.query('query Q($id: ID!) { accessReviewReport(id: $id) }', { id: campaign.id });
  expect(codes).toEqual([]);
  const report = data?.['accessReviewReport'];
  const items = await scene.itemsOf(campaign);
  expect(report).toMatchObject({
    format: 'sallyport-access-review/1',
    correlationId: campaign.correlationId,
    campaign: { id: campaign.id, kind: 'grants' },
    counts: { kept: 1, open: items.length - 1 },
  });
  expect(report.items).toHaveLength(items.length);
  expect(report.items.find(({ id }: { id: string }) => id === item.id)).toMatchObject({
    decision: 'keep',
    reason: 'Looked at it',
    decidedBy: scene.auditor.person.displayName,
    asShown: { role: 'billing-operator', everywhere: true, holder: 'Dewi Lestari' },
  });
  expect(report.events.map(({ kind, outcome }: { kind: string; outcome: string }) => [kind, outcome])).toEqual([
    ['reviews.campaign.started', 'denied'],
    ['reviews.campaign.started', 'ok'],
    ['reviews.item.kept', 'ok'],
  ]);
  expect(report.policyVersions).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  expect((await scene.auditor.query('{ accessReviewReport(id: "00000000-0000-4000-8000-00000000dead") }')).codes).toEqual(['NOT_FOUND']);
});
