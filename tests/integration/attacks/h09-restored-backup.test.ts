import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openRestoreStage, type RestoreStage } from '../../harness/restored/stage.ts';
import type { WireClient } from '../../harness/wire-client.ts';

const ACKNOWLEDGE = 'mutation Act($input: AcknowledgeLogGapInput!) { acknowledgeLogGap(input: $input) { status approvalRequest { id shownDigest } } }';
const APPROVE = 'mutation Act($input: ApproveRequestInput!) { approveRequest(input: $input) { status } }';
const justification = { reason: 'Yesterday was put back after the disk failed', ticket: 'OPS-9' };

let stage: RestoreStage;
beforeAll(async () => {
  stage = await openRestoreStage(inject('database'));
}, 60_000);
afterAll(() => stage?.close());

const sizeOf = async (table: 'checkpoint' | 'leaf'): Promise<number> =>
  (await stage.scene.superuser.query<{ count: number }>(`select count(*)::int as count from audit.${table}`)).rows[0]?.count ?? 0;
const kinds = async (): Promise<readonly string[]> => (await stage.scene.superuser.query<{ kind: string }>('select distinct kind from audit.event')).rows.map(({ kind }) => kind);

/** With its proof, as the console does it. */
async function confirmed(client: WireClient, document: string, input: Readonly<Record<string, unknown>>) {
  const challenge = (await client.mutate(document, input)).body.errors?.[0]?.extensions.challenge;
  return challenge === undefined ? client.mutate(document, input) : client.mutate(document, input, { 'step-up-proof': await client.stepUp(challenge) });
}

test("H09 yesterday's copy is put back: the gateway starts, refuses every change and signs nothing, until two people have said so", { timeout: 120_000 }, async () => {
  let dewi = await stage.signIn('billing-operator');
  expect(await stage.act(dewi)).toBeNull();
  await stage.untilAnchored();
  await stage.stop();
  await stage.backUp();
  await stage.start();
  dewi = await stage.signIn('billing-operator');
  for (let turn = 0; turn < 5; turn += 1) expect(await stage.act(dewi)).toBeNull();
  await stage.untilAnchored();
  await stage.stop();
  const [seen] = (await stage.anchored()).toSorted((one, other) => other.size - one.size);

  await stage.restore();
  const before = await sizeOf('checkpoint');
  await stage.start();
  dewi = await stage.signIn('billing-operator');
  const ketut = await stage.signIn('platform-admin');
  const wayan = await stage.signIn('compliance-auditor');
  expect(await stage.act(dewi)).toBe('AUDIT_UNAVAILABLE');
  const read = await dewi.post('/graphql', { query: '{ tenants(first: 1) { nodes { id } } }' });
  expect(read.code).toBeNull();
  expect(await kinds()).toContain('log.gap.found');
  // Sealing goes on, so that nothing is lost; signing does not, however long one waits.
  await wait(2_500);
  expect(await stage.act(dewi)).toBe('AUDIT_UNAVAILABLE');
  expect(await sizeOf('checkpoint')).toBe(before);

  // One person alone: asks, and can't decide.
  const asked = (await confirmed(ketut, ACKNOWLEDGE, { justification })).body.data?.['acknowledgeLogGap'];
  expect(asked?.status).toBe('PENDING_APPROVAL');
  const request = { id: asked?.approvalRequest?.id, shownDigest: asked?.approvalRequest?.shownDigest, justification: { reason: 'The ticket says so' } };
  const alone = (await confirmed(ketut, APPROVE, request)).code;
  expect(alone === 'SELF_APPROVAL' || alone === 'FORBIDDEN').toBe(true);
  expect(await stage.act(dewi)).toBe('AUDIT_UNAVAILABLE');

  const decided = await confirmed(wayan, APPROVE, request);
  expect(decided.code).toBeNull();
  expect(decided.body.data?.['approveRequest']?.status).toBe('EXECUTED');
  let code: string | null = 'AUDIT_UNAVAILABLE';
  for (const until = performance.now() + 10_000; code !== null && performance.now() < until; await wait(100)) code = await stage.act(dewi);
  expect(code).toBeNull();
  await stage.untilAnchored();
  const { rows } = await stage.scene.superuser.query<{ origin: string; origin_before: string; seen_size: number }>(
    'select head.origin, gap.origin_before, gap.seen_size from audit.log_head head join audit.log_gap gap on gap.origin_after = head.origin',
  );
  expect(rows).toEqual([{ origin: expect.stringMatching(/\/gap\/1$/), origin_before: seen?.origin, seen_size: seen?.size }]);
  // What was signed under the old name stays as it was: nothing of it is contradicted.
  const { rows: old } = await stage.scene.superuser.query<{ count: number }>('select count(*)::int as count from audit.checkpoint where origin = $1', [seen?.origin]);
  expect(old[0]?.count).toBe(before);
});
