import { PACK_FILES } from '@sallyport/server/evidence/pack/pack-contents.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeepingScene, openKeepingScene } from '../log-keeping/keeping-scene.ts';
import { askForPack, eventsOf, textOf, trustIn, unpack, verifyPack } from './evidence-packs.ts';

let scene: KeepingScene;
beforeAll(async () => {
  scene = await openKeepingScene();
  await scene.closeSegments();
}, 60_000);
afterAll(() => scene?.close());

test('H20, no. 12: a pack over a time of which a part is gone holds what is left, proves all of it, and carries the signed word for what is not', async () => {
  const auditor = await scene.test.asRole('compliance-auditor');
  const period = { from: '2014-01-01T00:00:00Z', to: '2025-01-01T00:00:00Z' };
  const all = [...scene.past.values()].flat().toSorted();
  const gone = scene.past.get('2015-01-act') ?? [];
  const packOf = async () => {
    const pack = await askForPack(auditor, period);
    const parts = await unpack(pack.bytes);
    const report = await verifyPack(pack.bytes, await trustIn(scene.test));
    // The past of this scene was written under a policy whose text nobody has: that is said, and is all that is.
    expect(report.faults.map(({ fault, file }) => `${fault} ${file}`)).toEqual([`missing ${PACK_FILES.events}`]);
    return { ids: eventsOf(parts).map(({ id }) => String(id)), parts, report };
  };
  const before = await packOf();
  expect(before.ids.toSorted()).toEqual(all);
  expect(before.report).toMatchObject({ entries: all.length, selection: { withheld: [] } });
  expect(before.parts.has(PACK_FILES.retention)).toBe(false);

  expect((await scene.prune('2015-01-act')).codes).toEqual([]);
  const after = await packOf();
  expect(after.ids.toSorted()).toEqual(all.filter((id) => !gone.includes(id)));
  expect(after.report).toMatchObject({ entries: all.length - gone.length });
  const left = after.report.selection?.withheld.reduce((sum, { begin, end }) => sum + end - begin, 0);
  expect(left).toBe(gone.length);
  expect(textOf(after.parts, PACK_FILES.retention)).toMatch(new RegExp(`/retention\\nact \\d+ 2015-02 ${gone.length}\\n`));
});
