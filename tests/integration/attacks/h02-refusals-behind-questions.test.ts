import { randomUUID } from 'node:crypto';
import { PACK_FILES } from '@sallyport/server/evidence/pack/pack-contents.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EvidenceHouse, openEvidenceHouse } from '../evidence/evidence-house.ts';
import { askForPack, textOf, unpack } from '../evidence/evidence-packs.ts';

/** More than a list of a report or of a summary holds. */
const QUESTIONS = 230;

let house: EvidenceHouse;
const story = randomUUID();
beforeAll(async () => {
  house = await openEvidenceHouse();
  const tenantId = house.tenants[0] ?? null;
  for (let asked = 0; asked < QUESTIONS; asked += 1) await house.write({ correlationId: story, tenantId, outcome: 'denied', reasonCode: 'STEP_UP_REQUIRED' });
  await house.write({ correlationId: story, tenantId, outcome: 'denied', reasonCode: 'FORBIDDEN' });
  await house.log.drain();
}, 60_000);
afterAll(() => house?.test.close());

test('H02 A2 who was turned away stands in report and summary, however often somebody had codes asked for before', { timeout: 60_000 }, async () => {
  const answer = await house.auditor.query('query ($id: ID!) { auditReport(selection: { correlationId: $id }) { refusals(first: 200) { time reasonCode } } }', { id: story });
  expect(answer.codes).toEqual([]);
  const refusals: readonly { readonly time: string; readonly reasonCode: string }[] = answer.data?.['auditReport'].refusals;
  expect(refusals).toHaveLength(200);
  expect(refusals.at(-1)?.reasonCode).toBe('FORBIDDEN');
  expect(refusals.map(({ time }) => time)).toEqual(refusals.map(({ time }) => time).toSorted());
  const page = textOf(await unpack((await askForPack(house.auditor, { correlationId: story })).bytes), PACK_FILES.summary);
  const listed = /<h2>Refusals and failures<\/h2>([\s\S]*?)<h2>/.exec(page)?.[1] ?? '';
  expect(listed).toContain('refused, the right was missing (FORBIDDEN)');
});
