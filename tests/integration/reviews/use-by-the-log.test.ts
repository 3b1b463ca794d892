import { randomUUID } from 'node:crypto';
import { permissionsIn } from '@sallyport/schema/policy/rights.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Campaign, giveRole, type ItemRow, openReviewScene, registry, type ReviewScene } from './review-scene.ts';

let scene: ReviewScene;
beforeAll(async () => {
  scene = await openReviewScene();
});
afterAll(() => scene?.close());

const DIGEST = 'd'.repeat(64);

interface Logged {
  readonly grantId?: string;
  readonly tokenId?: string;
  readonly breakGlassId?: string;
  readonly permission: string;
  readonly outcome?: 'ok' | 'denied' | 'failed' | 'previewed';
  readonly daysAgo?: number;
  readonly effect?: 'read' | 'write';
}

/** An event of the log as it would stand there: the log's own statement dates everything today. */
async function log({ grantId, tokenId, breakGlassId, permission, outcome = 'ok', daysAgo = 1, effect = 'write' }: Logged): Promise<void> {
  await sql`select audit.make_segments(current_date - (${daysAgo}::int + 1), current_date - ${daysAgo}::int)`.execute(scene.owner);
  await sql`
    insert into audit.event (id, format_version, time, correlation_id, kind, outcome, surface, environment, policy_version, grant_id, token_id, break_glass_id, permission, effect, canonical, retention)
    values (gen_random_uuid(), 1, clock_timestamp() - make_interval(days => ${daysAgo}::int), ${randomUUID()}, 'test.act.done', ${outcome}, 'api', 'test', 'test',
      ${grantId ?? null}, ${tokenId ?? null}, ${breakGlassId ?? null}, ${permission}, ${effect}, '{}', audit.retention_class(${outcome}, ${effect}))`.execute(scene.owner);
}

interface GrantRow {
  readonly id: string;
  readonly role: string;
  readonly permissions: string[] | null;
  readonly is_global: boolean;
}

/** What the item should say, counted afresh: every event before the campaign one by one, the policy by the code that decides requests. */
async function truthOf(item: ItemRow, campaign: Campaign): Promise<Pick<ItemRow, 'used_permissions' | 'unused_permissions' | 'last_used_at'>> {
  const { rows: grants } = await sql<GrantRow>`select id, role, permissions, is_global from gateway.access_grant where id = ${item.subject_id}`.execute(scene.owner);
  const { rows: events } = await sql<{ grant_id: string | null; permission: string | null; outcome: string; time: string; recent: boolean }>`
    select grant_id, permission, outcome, time, time > clock_timestamp() - interval '180 days' as recent from audit.event
    where time < (select created_at from gateway.access_review where id = ${campaign.id})`.execute(scene.owner);
  const [grant] = grants;
  if (!grant) throw new Error('no such grant');
  const carried = permissionsIn(grant, registry.roles).filter((permission) => permission.reach === 'tenant' || grant.is_global);
  const names = new Set(carried.map(({ name }) => name));
  const acts = events.filter((event) => event.grant_id === grant.id && event.outcome === 'ok' && event.recent && event.permission !== null && names.has(event.permission));
  const used = new Set(acts.map(({ permission }) => permission ?? ''));
  return {
    used_permissions: [...used].sort(),
    unused_permissions: [...new Set(carried.filter(({ effect, name }) => effect === 'write' && !used.has(name)).map(({ name }) => name))].sort(),
    last_used_at:
      acts
        .map(({ time }) => time)
        .sort()
        .at(-1) ?? null,
  };
}

const evidence = ({ used_permissions, unused_permissions, last_used_at }: ItemRow) => ({
  used_permissions: used_permissions.toSorted(),
  unused_permissions: unused_permissions.toSorted(),
  last_used_at,
});

test('14: last use and rights never used are what the log says, grant by grant', async () => {
  const operator = await scene.gateway.asRole('support-operator');
  const { rows: people } = await sql<{ id: string }>`select id from product.person where state = 'active' order by id limit 1`.execute(scene.owner);
  const real = await operator.act('mutation M($input: SendPasswordResetInput!) { sendPasswordReset(input: $input) { status } }', { input: { id: people[0]?.id } });
  expect(real.codes).toEqual([]);
  const before = await scene.start({ kind: 'grants' });
  const both = scene.gateway.people.find(({ grants }) => grants.length === 2);
  const grantOf = async (role: 'billing-operator' | 'support-operator', reach?: 'tenant') => (await scene.itemOf(before, scene.gateway.personWith(role, reach))).subject_id;
  const billing = await grantOf('billing-operator');
  await log({ grantId: billing, permission: 'billing.invoice.refund', daysAgo: 20 });
  await log({ grantId: billing, permission: 'billing.invoice.refund', daysAgo: 7 });
  await log({ grantId: billing, permission: 'billing.credit.adjust', outcome: 'denied' });
  await log({ grantId: billing, permission: 'billing.invoice.resend', outcome: 'previewed' });
  await log({ grantId: billing, permission: 'billing.invoice.read', effect: 'read', daysAgo: 3 });
  const inTenants = await grantOf('billing-operator', 'tenant');
  await log({ grantId: inTenants, permission: 'billing.credit.adjust', daysAgo: 200 });
  await log({ grantId: inTenants, permission: 'no.longer.carried' });
  const single = randomUUID();
  await sql`
    insert into gateway.access_grant (id, staff_id, kind, role, permissions, is_global, tenant_ids, reason, expires_at)
    select ${single}, id, 'elevation', 'permissions', array['people.mfa.reset', 'people.person.read', 'billing.invoice.refund'], true, '{}', 'A test', clock_timestamp() + interval '1 hour'
    from gateway.staff where email = ${both?.email}`.execute(scene.owner);
  await log({ grantId: single, permission: 'billing.invoice.refund', daysAgo: 0 });

  const campaign = await scene.start({ kind: 'grants' });
  const items = await scene.itemsOf(campaign);
  const bySubject = new Map(items.map((item) => [item.subject_id, item]));
  for (const item of items) expect(evidence(item), item.title).toEqual(await truthOf(item, campaign));
  // And said outright, so that both can't be wrong in the same way.
  expect(bySubject.get(billing)).toMatchObject({ used_permissions: ['billing.invoice.read', 'billing.invoice.refund'] });
  expect(bySubject.get(billing)?.unused_permissions).toEqual(expect.arrayContaining(['billing.credit.adjust', 'billing.invoice.resend']));
  expect(bySubject.get(billing)?.unused_permissions).not.toContain('billing.invoice.refund');
  expect(bySubject.get(inTenants)).toMatchObject({ used_permissions: [], last_used_at: null });
  // A right that holds everywhere only is not carried by a grant for some tenants.
  expect(bySubject.get(billing)?.unused_permissions).toContain('emergency.break-glass.use');
  expect(bySubject.get(inTenants)?.unused_permissions).not.toContain('emergency.break-glass.use');
  expect(bySubject.get(single)).toMatchObject({ used_permissions: ['billing.invoice.refund'], unused_permissions: ['people.mfa.reset'] });
  const reset = bySubject.get(await grantOf('support-operator'));
  expect(reset?.used_permissions).toContain('people.password.send-reset');
});

test('W2: an approval that was given is use of the right to approve, though its event names the right to decide', async () => {
  const admin = scene.gateway.personWith('platform-admin');
  const adminId = await scene.idOf(admin);
  const requester = await scene.idOf(scene.gateway.personWith('security-operator'));
  const review = async (tenantId: string, approver: string): Promise<void> => {
    const id = randomUUID();
    await sql`
      insert into gateway.approval_request (id, requester_id, session_id, second_factor, surface, ip, correlation_id, action, permission, target_type, tenant_id, reason, arguments, argument_digest, policy_version, rule, changes, shown_digest, expires_at)
      values (${id}, ${requester}, ${randomUUID()}, 'totp', 'console', '127.0.0.1', ${randomUUID()}, 'orderDataExport', 'data-exports.export.order', 'tenant', ${tenantId}, 'A test', '{}',
        ${DIGEST}, '-', ${JSON.stringify({ alternatives: [{ approver, quorum: 1 }], denials: 1 })}::jsonb, '[]', ${DIGEST}, clock_timestamp() + interval '1 day')`.execute(
      scene.owner,
    );
    await sql`
      insert into gateway.approval_review (id, request_id, reviewer_id, decision, shown_digest, session_id) values (${randomUUID()}, ${id}, ${adminId}, 'approve', ${DIGEST}, ${randomUUID()})`.execute(
      scene.owner,
    );
  };
  const narrow = await giveRole(scene.owner, adminId, 'platform-admin');
  await sql`update gateway.access_grant set is_global = false, tenant_ids = array['another-tenant'] where id = ${narrow}`.execute(scene.owner);
  await review('a-tenant', 'data-exports.export.approve');
  const items = (await scene.itemsOf(await scene.start({ kind: 'approvers' }))).filter((item) => item.staff_id === adminId);
  const wide = items.find((item) => item.subject_id !== narrow);
  expect(wide?.used_permissions).toContain('data-exports.export.approve');
  expect(wide?.unused_permissions).not.toContain('data-exports.export.approve');
  expect(wide?.last_used_at).not.toBeNull();
  // Not that of a grant which could not have made this approver.
  expect(items.find((item) => item.subject_id === narrow)).toMatchObject({ used_permissions: [], last_used_at: null });
});

test('W3: tokens and their use: those that hold, and those that changed something; revoking ends one at once', async () => {
  const holder = scene.gateway.personWith('billing-operator');
  const make = async (name: string, expires: string): Promise<string> => {
    const id = randomUUID();
    await sql`
      insert into gateway.access_token (id, staff_id, session_id, name, token_hash, hint, permissions, is_global, reason, created_at, expires_at)
      select ${id}, id, ${randomUUID()}, ${name}, sha256(${id}::text::bytea), 'slp_test', array['billing.invoice.read', 'billing.invoice.refund', 'billing.invoice.resend'], true, 'A script',
        clock_timestamp() - interval '2 hours', clock_timestamp() + ${expires}::interval from gateway.staff where email = ${holder.email}`.execute(scene.owner);
    return id;
  };
  const live = await make('live', '1 hour');
  const spent = await make('spent', '-1 hour');
  const idle = await make('idle', '-1 hour');
  await log({ tokenId: live, permission: 'billing.invoice.refund', daysAgo: 0 });
  await log({ tokenId: spent, permission: 'billing.invoice.resend', daysAgo: 0 });
  await log({ tokenId: idle, permission: 'billing.invoice.refund', outcome: 'denied', daysAgo: 0 });
  const campaign = await scene.start({ kind: 'tokens' });
  const items = await scene.itemsOf(campaign);
  expect(items.map((item) => item.subject_id).sort()).toEqual([live, spent].sort());
  const [liveItem, spentItem] = [live, spent].map((id) => items.find((item) => item.subject_id === id));
  expect(liveItem).toMatchObject({ subject_type: 'token', used_permissions: ['billing.invoice.refund'], unused_permissions: ['billing.invoice.resend'] });
  expect((await scene.decide(scene.auditor, 'revokeAccess', liveItem?.id ?? '')).codes).toEqual([]);
  expect((await scene.decide(scene.auditor, 'keepAccess', spentItem?.id ?? '')).codes).toEqual([]);
  const { rows } = await sql<{ revoked_by: string }>`select revoked_by from gateway.access_token where id = ${live} and revoked_at is not null`.execute(scene.owner);
  expect(rows).toEqual([{ revoked_by: await scene.idOf(scene.auditor.person) }]);
  expect((await scene.itemsOf(campaign)).map(({ subject_id, outcome }) => [subject_id, outcome]).sort()).toEqual(
    [
      [live, 'revoked'],
      [spent, 'already-ended'],
    ].sort(),
  );
  const others = await scene.itemsOf(await scene.start({ kind: 'tokens', role: 'support-viewer' }));
  expect(others).toEqual([]);
});

test('W3: emergencies and who may take one; one in force ends with its revocation', async () => {
  const engineer = await scene.idOf(scene.gateway.personWith('production-engineer'));
  const use = randomUUID();
  await sql`
    insert into gateway.access_grant (id, staff_id, kind, role, is_global, reason, ticket, expires_at, session_id)
    values (${use}, ${engineer}, 'break-glass', 'break-glass', true, 'The queue is stuck', 'INC-1', clock_timestamp() + interval '20 minutes', ${randomUUID()})`.execute(
    scene.owner,
  );
  await sql`
    insert into gateway.break_glass (id, staff_id, person_id, session_id, correlation_id, reason, ticket, is_global, started_at, ends_at)
    values (${use}, ${engineer}, ${engineer}, ${randomUUID()}, ${randomUUID()}, 'The queue is stuck', 'INC-1', true, clock_timestamp() - interval '1 minute', clock_timestamp() + interval '20 minutes')`.execute(
    scene.owner,
  );
  await log({ breakGlassId: use, permission: 'accounts.tenant.suspend', daysAgo: 0 });
  const campaign = await scene.start({ kind: 'break-glass' });
  const items = await scene.itemsOf(campaign);
  const used = items.find((item) => item.subject_id === use);
  expect(used).toMatchObject({ subject_type: 'break-glass', used_permissions: ['accounts.tenant.suspend'] });
  expect(used?.unused_permissions).not.toContain('accounts.tenant.suspend');
  const able = items.filter((item) => item.subject_type === 'grant');
  expect(new Set(able.map(({ role }) => role))).toEqual(new Set(['support-operator', 'billing-operator', 'security-operator', 'production-engineer']));
  expect((await scene.decide(scene.auditor, 'revokeAccess', used?.id ?? '')).codes).toEqual([]);
  const { rows } =
    await sql`select 1 from gateway.access_grant held join gateway.break_glass use using (id) where id = ${use} and revoked_at is not null and end_reason = 'revoked'`.execute(
      scene.owner,
    );
  expect(rows).toHaveLength(1);
});
