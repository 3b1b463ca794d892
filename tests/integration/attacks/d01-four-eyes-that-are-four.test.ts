import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approveAs, viewerFor } from '../approvals/approval-door.ts';
import { type ApprovalScene, APPROVE, type FiledRequest, openApprovalScene } from '../approvals/approval-scene.ts';

let scene: ApprovalScene;
beforeAll(async () => {
  scene = await openApprovalScene();
});
afterAll(() => scene.close());

/** Refused, and nothing came of it. */
async function expectRefused(request: FiledRequest, codes: readonly string[], expected: string): Promise<void> {
  expect(codes).toEqual([expected]);
  expect(await scene.stateOf(request.id)).toBeNull();
  expect(await scene.booked(request)).toBe(0);
  const { rows } = await sql`select from gateway.approval_review where request_id = ${request.id}`.execute(scene.test.database.owner);
  expect(rows).toEqual([]);
}

const set = (statement: ReturnType<typeof sql>) => statement.execute(scene.test.database.owner);

// REQUIREMENTS section 4 no. 4: eight ways to be the second person without being one.

test('D01 matrix 1/8 self: who asked does not approve, in this session or another, whatever they hold', async () => {
  const granted = await scene.grant(scene.dewi, 'platform-admin');
  const request = await scene.file();
  await expectRefused(request, (await scene.approve(scene.dewi, request)).codes, 'SELF_APPROVAL');
  const elsewhere = await scene.test.as(scene.dewi.person);
  await expectRefused(request, (await scene.approve(elsewhere, request)).codes, 'SELF_APPROVAL');
  const answer = await elsewhere.query('query($id: ID!) { approvalRequest(id: $id) { actions { name } } approvalDecision(id: $id) { mayDecide { allowed because } } }', {
    id: request.id,
  });
  expect(answer.data?.['approvalDecision'].mayDecide).toEqual({ allowed: false, because: 'SELF_APPROVAL' });
  expect(answer.data?.['approvalRequest'].actions.map(({ name }: { name: string }) => name)).toEqual(['cancelRequest']);
  await scene.revoke(granted);
});

test('D02 matrix 2/8 a second account of the same person: by person, by mailbox, by authenticator', async () => {
  const [dewi, putri] = [await scene.staffId(scene.dewi), await scene.staffId(scene.putri)];
  const same = Buffer.alloc(32, 7);
  const links: readonly (readonly [string, ReturnType<typeof sql>, ReturnType<typeof sql>])[] = [
    ['person', sql`update gateway.staff set person_id = ${dewi} where id = ${putri}`, sql`update gateway.staff set person_id = null where id = ${putri}`],
    ['other way round', sql`update gateway.staff set person_id = ${putri} where id = ${dewi}`, sql`update gateway.staff set person_id = null where id = ${dewi}`],
    [
      'mailbox',
      sql`update gateway.staff set email = replace((select email from gateway.staff where id = ${dewi}), '@', '+second@') where id = ${putri}`,
      sql`update gateway.staff set email = ${scene.putri.person.email} where id = ${putri}`,
    ],
    [
      'authenticator',
      sql`update gateway.staff set totp_fingerprint = ${same} where id in (${dewi}, ${putri})`,
      sql`update gateway.staff set totp_fingerprint = null where id in (${dewi}, ${putri})`,
    ],
  ];
  const request = await scene.file();
  for (const [link, join, part] of links) {
    // Signed in before the accounts are linked: the link is looked at when they approve.
    const asked = await scene.putri.query(APPROVE, { input: { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Looks right' } } });
    const proof = await scene.putri.stepUp(asked.errors[0]?.extensions.challenge ?? '');
    await set(join);
    const answer = await scene.putri.query(APPROVE, { input: { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Looks right' } } }, { proof });
    await set(part);
    expect(link).toBeTruthy();
    await expectRefused(request, answer.codes, 'SELF_APPROVAL');
  }
  expect((await scene.approve(scene.putri, request)).codes).toEqual([]);
});

test('D01 matrix 3/8 impersonated: the requester as an approver, an approver as the requester, and anybody as somebody else', async () => {
  const request = await scene.file();
  const [dewi, siti, putri] = await Promise.all([scene.dewi, scene.siti, scene.putri].map(async (client) => viewerFor(scene.test, await scene.staffId(client))));
  if (!dewi || !siti || !putri) throw new Error('somebody is missing');
  await expectRefused(request, [await approveAs(scene.test, { ...siti, actor: dewi.actor }, request)], 'SELF_APPROVAL');
  await expectRefused(request, [await approveAs(scene.test, { ...siti, subject: dewi.actor }, request)], 'SELF_APPROVAL');
  await expectRefused(request, [await approveAs(scene.test, { ...siti, subject: putri.actor }, request)], 'FORBIDDEN');
});

test('D18 matrix 4/8 a delegated token, of the requester or of an approver', async () => {
  const request = await scene.file();
  const token = { id: randomUUID(), name: 'script', expiresAt: '2099-01-01T00:00:00.000000Z' };
  for (const client of [scene.dewi, scene.siti]) {
    const viewer = await viewerFor(scene.test, await scene.staffId(client), { token });
    await expectRefused(request, [await approveAs(scene.test, viewer, request)], 'FORBIDDEN');
  }
});

test('D01 matrix 5/8 granted yesterday by the requester, or approved by them; a month later it counts', async () => {
  const dewi = await scene.staffId(scene.dewi);
  const rina = await scene.test.asRole('support-viewer');
  const request = await scene.file();
  const given = await scene.grant(rina, 'platform-admin', { grantedBy: dewi, daysAgo: 1 });
  await expectRefused(request, (await scene.approve(rina, request)).codes, 'SELF_APPROVAL');
  await scene.revoke(given);

  // Dewi approves, as somebody who may, what gives Rina her right.
  const earlier = await scene.file({ by: scene.dewi });
  await scene.tamper(
    `insert into gateway.approval_review (id, request_id, reviewer_id, decision, shown_digest, session_id) values (gen_random_uuid(), $1, $2, 'approve', $3, gen_random_uuid())`,
    [earlier.id, dewi, earlier.shownDigest],
  );
  const approved = await scene.grant(rina, 'platform-admin', { approvalId: earlier.id, daysAgo: 1 });
  await expectRefused(request, (await scene.approve(rina, request)).codes, 'SELF_APPROVAL');
  // A right of her own beside it makes her a second person again.
  const own = await scene.grant(rina, 'platform-admin');
  const { mayDecide } = (await rina.query('query($id: ID!) { approvalDecision(id: $id) { mayDecide { allowed because } } }', { id: request.id })).data?.['approvalDecision'] ?? {};
  expect(mayDecide).toEqual({ allowed: true, because: null });
  await scene.revoke(own);
  await expectRefused(request, (await scene.approve(rina, request)).codes, 'SELF_APPROVAL');
  await scene.revoke(approved);
  await scene.grant(rina, 'platform-admin', { grantedBy: dewi, daysAgo: 31 });
  expect((await scene.approve(rina, request)).codes).toEqual([]);
  expect(await scene.booked(request)).toBe(1);
});

test('E15 matrix 6/8 under break-glass nobody approves, their own or anybody’s', async () => {
  const request = await scene.file();
  const breakGlass = { id: randomUUID(), expiresAt: '2099-01-01T00:00:00.000000Z' };
  for (const client of [scene.dewi, scene.siti]) {
    const viewer = await viewerFor(scene.test, await scene.staffId(client), { breakGlass });
    await expectRefused(request, [await approveAs(scene.test, viewer, request)], 'FORBIDDEN');
  }
  // An emergency's grant makes no approver either, in whichever session.
  const agus = await scene.test.asRole('support-operator');
  await set(sql`insert into gateway.access_grant (id, staff_id, role, kind, is_global, reason, expires_at)
    values (${randomUUID()}, ${await scene.staffId(agus)}, 'platform-admin', 'break-glass', true, 'test', clock_timestamp() + interval '10 minutes')`);
  expect((await scene.approve(agus, request)).codes).toEqual(['FORBIDDEN']);
});

test('D18 matrix 7/8 a machine: a bearer that is no person, and a request without anybody', async () => {
  const request = await scene.file();
  const input = { input: { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Automatic' } } };
  const stranger = await scene.test.stranger({ authorization: 'Bearer machine' }).query(APPROVE, input);
  await expectRefused(request, stranger.codes, 'UNAUTHENTICATED');
  await expectRefused(request, (await scene.test.stranger().query(APPROVE, input)).codes, 'UNAUTHENTICATED');
});

test('D07 matrix 8/8 a removed approver: right revoked, or account disabled', async () => {
  const fajar = await scene.test.asRole('production-engineer');
  const request = await scene.file();
  const granted = await scene.grant(fajar, 'platform-admin');
  const input = { input: { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Looks right' } } };
  const asked = await fajar.query(APPROVE, input);
  const proof = await fajar.stepUp(asked.errors[0]?.extensions.challenge ?? '');
  await scene.revoke(granted);
  const revoked = await fajar.query(APPROVE, input, { proof });
  // Without the right the request is none of their business any more: it is not even there.
  await expectRefused(request, revoked.codes, 'NOT_FOUND');
  const fajarId = await scene.staffId(fajar);
  await scene.grant(fajar, 'platform-admin');
  await set(sql`update gateway.staff set state = 'disabled', disabled_at = clock_timestamp() where id = ${fajarId}`);
  await expectRefused(request, (await fajar.query(APPROVE, input)).codes, 'UNAUTHENTICATED');
});

test('D02 the last fence: not even a statement of the serving role reviews what the same person asked for', async () => {
  const request = await scene.file();
  const dewi = await scene.staffId(scene.dewi);
  const own = sql`insert into gateway.approval_review (id, request_id, reviewer_id, decision, shown_digest, session_id)
    values (${randomUUID()}, ${request.id}, ${dewi}, 'approve', ${request.shownDigest}, ${randomUUID()})`;
  await expect(own.execute(scene.test.database.app)).rejects.toThrow(/own request/);
});
