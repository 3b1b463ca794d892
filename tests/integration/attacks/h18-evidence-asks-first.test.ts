import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestClient } from '../../helpers/gateway.ts';
import { type EvidenceHouse, openEvidenceHouse } from '../evidence/evidence-house.ts';
import { answered, evidencePath } from '../evidence/evidence-packs.ts';
import { makeToken, toolWith } from '../tokens/token-fixture.ts';

let house: EvidenceHouse;
const shared = randomUUID();
const selection = { correlationId: shared };
const path = evidencePath(selection);
beforeAll(async () => {
  house = await openEvidenceHouse();
  for (const tenantId of house.tenants) await house.write({ correlationId: shared, tenantId });
  await house.test.gateway.integrity.sealNow();
}, 60_000);
afterAll(() => house?.test.close());

/** While this lasts, whoever reads the tree or looks through the log hangs; an append does not. */
async function whileUnreadable<T>(work: () => Promise<T>): Promise<T> {
  const [next] = await house.truth<{ name: string }>(`select 'event_' || to_char(now() at time zone 'UTC' + interval '1 month', 'YYYY_MM') || '_act' as name`);
  return house.test.database.owner.transaction().execute(async (tx) => {
    await sql`lock table ${sql.id('audit', next?.name ?? '')}, audit.leaf, audit.checkpoint in access exclusive mode`.execute(tx);
    return work();
  });
}

const challengeOf = async (client: TestClient, asked: string = path): Promise<string> =>
  ((await (await client.get(asked)).json()) as { errors: { extensions: { challenge: string } }[] }).errors[0]?.extensions.challenge ?? '';
const codeOf = async (client: Pick<TestClient, 'get'>, proof?: string) => (await answered(await client.get(path, proof === undefined ? {} : { 'step-up-proof': proof }))).code;
const begunEvents = async () => (await house.test.events({ kind: 'audit.evidence.begun' })).length;

test('H18 B12 L4 nothing of the log is read before right and code are seen to be good, and each refusal is on the log', { timeout: 30_000 }, async () => {
  const [elsewhere, own, support] = [evidencePath({ ...selection, tenantId: house.tenants[0] ?? '' }), await challengeOf(house.auditor), await house.test.asRole('support-viewer')];
  const ofElsewhere = await house.auditor.stepUp(await challengeOf(house.auditor, elsewhere));
  const good = await house.auditor.stepUp(own);
  const lapsed = await house.auditor.stepUp(await challengeOf(house.auditor));
  await house.truth(`update gateway.step_up set expires_at = clock_timestamp() where proof_hash = (select sha256(convert_to('${lapsed}', 'UTF8'))) returning id`);
  const before = await begunEvents();
  const codes = await whileUnreadable(async () => {
    const refused = [
      await codeOf(house.auditor),
      await codeOf(house.auditor, 'x'.repeat(43)),
      await codeOf(house.auditor, ofElsewhere),
      await codeOf(house.ofOne, good),
      await codeOf(support, good),
    ];
    const reading = codeOf(house.auditor, good);
    // The lock bites: whoever may read does, and waits.
    refused.push(await Promise.race([reading, new Promise<string>((resolve) => setTimeout(resolve, 700, 'reads'))]));
    return { refused, reading };
  });
  expect(codes.refused).toEqual(['STEP_UP_REQUIRED', 'STEP_UP_REQUIRED', 'STEP_UP_REQUIRED', 'STEP_UP_REQUIRED', 'FORBIDDEN', 'reads']);
  expect(await codes.reading).toBeNull();
  expect(await begunEvents()).toBe(before + 6);
  expect(await codeOf(house.auditor, good)).toBe('STEP_UP_REQUIRED');
  const { rows } = await sql<{
    spent: boolean;
  }>`select consumed_at is not null as spent from gateway.step_up where proof_hash = sha256(convert_to(${ofElsewhere}, 'UTF8'))`.execute(house.test.database.owner);
  expect(rows).toEqual([{ spent: false }]);
});

test('H18 K06 one person makes two packs at a time with whatever tokens, and leaves a place for another; who was refused has spent nothing', { timeout: 30_000 }, async () => {
  const whole = ['audit.evidence.make', 'audit.event.read', 'audit.event.read-changes', 'audit.event.read-network', 'audit.event.export'];
  const make = async () => toolWith(house.test, (await makeToken(house.auditor, { permissions: whole, everywhere: true })).token);
  const [one, two] = [await make(), await make()];
  const ask = async (tool: typeof one) => (await answered(await tool.send('GET', path))).code;
  const proof = await house.auditor.stepUp(await challengeOf(house.auditor));
  const other = await house.ofOne.stepUp(await challengeOf(house.ofOne));
  const { first, refused, others } = await whileUnreadable(async () => {
    const asked = [ask(one), ask(two), ask(one), ask(two)];
    const settled = await Promise.all(asked.map((one) => Promise.race([one, new Promise<string>((resolve) => setTimeout(resolve, 1_500, 'reads'))])));
    const waiting = codeOf(house.ofOne, other);
    return {
      first: asked.filter((_, index) => settled[index] === 'reads'),
      refused: [...settled.filter((code) => code !== 'reads'), await codeOf(house.auditor, proof)],
      others: [waiting],
    };
  });
  expect(refused).toEqual(['RATE_LIMITED', 'RATE_LIMITED', 'RATE_LIMITED']);
  expect(await Promise.all([...first, ...others])).toEqual([null, null, null]);
  // Every place is free again, and the code still good.
  expect(await codeOf(house.auditor, proof)).toBeNull();
});
