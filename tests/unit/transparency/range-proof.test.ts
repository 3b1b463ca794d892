import { checkRangeProof, makeRangeProof, type RangeProof, RangeProofFold, type RangeSelection, withheldRuns } from '@sallyport/server/transparency/range-proof.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesOf, flipBit, naiveLeaf, naiveReader, naiveRoot } from './reference-tree.ts';

const LARGEST = 33;
const entries = entriesOf(LARGEST);
const leaves = entries.map(naiveLeaf);
const reader = naiveReader(entries);
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => naiveRoot(entries.slice(0, size)));
const rootOf = (size: number): Buffer => roots[size] ?? Buffer.alloc(0);
const hashesOf = ({ indexes }: RangeSelection): Buffer[] => indexes.map((index) => leaves[index] ?? Buffer.alloc(0));
const fault = (...reasons: string[]): unknown => expect.objectContaining({ name: 'LogFault', reason: expect.stringMatching(new RegExp(`^(${reasons.join('|')})$`)) as unknown });

/** A selection of a tree of this size: every index of the range with the given chance. */
const selection = (size: number): fc.Arbitrary<RangeSelection> =>
  fc
    .record({ ends: fc.tuple(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: size })), shown: fc.array(fc.boolean(), { minLength: size, maxLength: size }) })
    .map(({ ends, shown }) => {
      const [begin, end] = ends[0] <= ends[1] ? ends : [ends[1], ends[0]];
      return { size, begin, end, indexes: Array.from({ length: end - begin }, (_, place) => begin + place).filter((index) => shown[index] === true) };
    });

/** The fewest full subtrees that hold a run, by trying every way to begin. */
function fewest(begin: number, end: number): number {
  const least = [0];
  for (let at = end - 1; at >= begin; at -= 1) {
    let best = Number.POSITIVE_INFINITY;
    for (let width = 1; at % width === 0 && at + width <= end; width *= 2) best = Math.min(best, 1 + (least[end - at - width] ?? 0));
    least[end - at] = best;
  }
  return least[end - begin] ?? 0;
}

describe('issue 4 no. 6: what was left out of a selection is proven to be what it is', () => {
  test.each(Array.from({ length: LARGEST }, (_, place) => place + 1))('random subsets of a tree of %d entries lead to its root, with the fewest nodes', async (size) => {
    await fc.assert(
      fc.asyncProperty(selection(size), async (chosen) => {
        const proof = await makeRangeProof(reader, chosen);
        checkRangeProof(proof, hashesOf(chosen), rootOf(size));
        const outside = [...withheldRuns({ ...chosen, begin: 0, end: size })];
        expect(proof.nodes.length).toBe(outside.reduce((sum, run) => sum + fewest(run.begin, run.end), 0));
        const inside = withheldRuns(chosen).reduce((sum, run) => sum + run.end - run.begin, 0);
        expect(inside + chosen.indexes.length).toBe(chosen.end - chosen.begin);
      }),
      { numRuns: 40 },
    );
  });

  test('every subset of every tree to 8 entries, each hash and each index of it changed: refused', async () => {
    let refused = 0;
    for (let size = 1; size <= 8; size += 1)
      for (let mask = 0; mask < 2 ** size; mask += 1) {
        const indexes = Array.from({ length: size }, (_, index) => index).filter((index) => Math.floor(mask / 2 ** index) % 2 === 1);
        const proof = await makeRangeProof(reader, { size, begin: 0, end: size, indexes });
        const hashes = hashesOf(proof);
        checkRangeProof(proof, hashes, rootOf(size));
        for (const changed of mutations(proof, hashes)) {
          expect(() => checkRangeProof(changed.proof, changed.hashes, rootOf(size)), `${size} ${mask} ${changed.what}`).toThrow(
            fault('root-mismatch', 'out-of-range', 'wrong-proof-length'),
          );
          refused += 1;
        }
      }
    expect(refused).toBeGreaterThan(5000);
  });

  test.each([
    ['an index at the end of the range', { size: 9, begin: 2, end: 5, indexes: [5] }],
    ['an index before the range', { size: 9, begin: 2, end: 5, indexes: [1] }],
    ['an index twice', { size: 9, begin: 0, end: 9, indexes: [3, 3] }],
    ['indexes out of order', { size: 9, begin: 0, end: 9, indexes: [4, 3] }],
    ['an index that is no number of an entry', { size: 9, begin: 0, end: 9, indexes: [1.5] }],
    ['no number at all', { size: 9, begin: 0, end: 9, indexes: [Number.NaN] }],
    ['a range beyond the tree', { size: 9, begin: 0, end: 10, indexes: [] }],
    ['a range backwards', { size: 9, begin: 5, end: 4, indexes: [] }],
    ['a size below nothing', { size: -1, begin: 0, end: 0, indexes: [] }],
    ['a size that is not exact', { size: 2 ** 53, begin: 0, end: 0, indexes: [] }],
  ])('%s is refused on both sides', async (_what, wrong) => {
    await expect(makeRangeProof(reader, wrong)).rejects.toThrow(fault('out-of-range'));
    expect(() => new RangeProofFold({ ...wrong, nodes: [] })).toThrow(fault('out-of-range'));
    expect(() => withheldRuns(wrong)).toThrow(fault('out-of-range'));
  });

  test('nodes in place of an entry that was named and not shown: refused', async () => {
    const proof = await makeRangeProof(reader, { size: 21, begin: 0, end: 21, indexes: [4] });
    const { nodes } = await makeRangeProof(reader, { size: 21, begin: 0, end: 21, indexes: [] });
    expect(() => checkRangeProof({ ...proof, nodes }, [], rootOf(21))).toThrow(fault('out-of-range'));
    expect(() => checkRangeProof({ ...proof, nodes }, hashesOf(proof), rootOf(21))).toThrow(fault('root-mismatch', 'wrong-proof-length'));
  });

  test('a node of another length is refused, and a reader that gives too few', async () => {
    const proof = await makeRangeProof(reader, { size: 9, begin: 0, end: 9, indexes: [4] });
    expect(() => new RangeProofFold({ ...proof, nodes: proof.nodes.with(0, Buffer.alloc(31)) })).toThrow(fault('malformed-proof'));
    await expect(makeRangeProof({ readNodes: async () => [] }, proof)).rejects.toThrow(fault('malformed-tile'));
  });

  test('a proof of more nodes than are asked at once is the same', async () => {
    const all = { size: 2 ** 15, begin: 0, end: 2 ** 15, indexes: Array.from({ length: 2 ** 14 }, (_, place) => place * 2) };
    const asked: number[] = [];
    const proof = await makeRangeProof(
      {
        readNodes: async (nodes) => {
          asked.push(nodes.length);
          return nodes.map(({ level, index }) => Buffer.alloc(32, `${level}:${index}`));
        },
      },
      all,
    );
    expect(asked).toEqual([4096, 4096, 4096, 4096]);
    expect(proof.nodes[9000]?.equals(Buffer.alloc(32, '0:18001'))).toBe(true);
  });

  test('an empty tree and a selection of nothing prove the root and no more', async () => {
    checkRangeProof(await makeRangeProof(reader, { size: 0, begin: 0, end: 0, indexes: [] }), [], rootOf(0));
    const nothing = await makeRangeProof(reader, { size: 21, begin: 3, end: 18, indexes: [] });
    checkRangeProof(nothing, [], rootOf(21));
    expect(withheldRuns(nothing)).toEqual([{ begin: 3, end: 18 }]);
  });

  test('on the way from left to right the roots of smaller trees are passed', async () => {
    const chosen = { size: 21, begin: 0, end: 21, indexes: [4, 5, 16, 17, 18] };
    const fold = new RangeProofFold(await makeRangeProof(reader, chosen));
    const passed = new Map<number, Buffer>();
    for (const hash of hashesOf(chosen)) fold.disclose(hash, (tree) => passed.set(tree.size, tree.root()));
    fold.finish((tree) => passed.set(tree.size, tree.root()));
    expect([...passed.keys()]).toEqual([4, 5, 6, 8, 16, 17, 18, 19, 20, 21]);
    for (const [size, root] of passed) expect(root.equals(rootOf(size))).toBe(true);
  });
});

function* mutations(proof: RangeProof, hashes: readonly Buffer[]): Generator<{ readonly what: string; readonly proof: RangeProof; readonly hashes: readonly Buffer[] }> {
  for (const [place, hash] of hashes.entries()) yield { what: `leaf ${place}`, proof, hashes: hashes.with(place, flipBit(hash, (place * 37) % 256)) };
  for (const [place, node] of proof.nodes.entries()) {
    yield { what: `node ${place}`, proof: { ...proof, nodes: proof.nodes.with(place, flipBit(node, (place * 41) % 256)) }, hashes };
    yield { what: `without node ${place}`, proof: { ...proof, nodes: proof.nodes.toSpliced(place, 1) }, hashes };
    yield { what: `node ${place} twice`, proof: { ...proof, nodes: proof.nodes.toSpliced(place, 0, node) }, hashes };
    if (place > 0) yield { what: `nodes ${place} swapped`, proof: { ...proof, nodes: proof.nodes.with(place - 1, node).with(place, proof.nodes[place - 1] ?? node) }, hashes };
  }
  for (const [place, index] of proof.indexes.entries()) {
    yield { what: `index ${place} up`, proof: { ...proof, indexes: proof.indexes.with(place, index + 1) }, hashes };
    yield { what: `index ${place} down`, proof: { ...proof, indexes: proof.indexes.with(place, index - 1) }, hashes };
    yield { what: `index ${place} dropped`, proof: { ...proof, indexes: proof.indexes.toSpliced(place, 1) }, hashes };
    yield { what: `entry ${place} dropped`, proof, hashes: hashes.toSpliced(place, 1) };
    yield { what: `both ${place} dropped`, proof: { ...proof, indexes: proof.indexes.toSpliced(place, 1) }, hashes: hashes.toSpliced(place, 1) };
    if (place > 0)
      yield { what: `entries ${place} swapped`, proof, hashes: hashes.with(place - 1, hashes[place] ?? Buffer.alloc(32)).with(place, hashes[place - 1] ?? Buffer.alloc(32)) };
  }
  yield { what: 'an entry more', proof, hashes: [...hashes, Buffer.alloc(32)] };
}
