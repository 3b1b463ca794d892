import { CompactRange } from '@sallyport/server/transparency/compact-range.ts';
import { checkConsistency, makeConsistencyProof } from '@sallyport/server/transparency/consistency-proof.ts';
import { checkInclusion, makeInclusionProof } from '@sallyport/server/transparency/inclusion-proof.ts';
import { emptyRoot, leafHash, nodeHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { readRoot } from '@sallyport/server/transparency/node-reader.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesOf, flipBit, naiveLeaf, naivePath, naiveProof, naiveReader, naiveRoot } from './reference-tree.ts';

const must = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('There is no such value');
  return value;
};

/** Published inputs and roots of trees of 0 to 8 entries (THREATS 1, RFC 6962 row). */
const PUBLISHED_ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'));

describe('H11: hashes', () => {
  test.each([
    ['the empty tree', emptyRoot(), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['an empty entry', leafHash(Buffer.alloc(0)), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    ['the entry L123456', leafHash(Buffer.from('L123456')), '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56'],
  ])('%s', (_what, hash, hex) => {
    expect(hash.toString('hex')).toBe(hex);
  });

  test('the tree of eight published entries has its published root', () => {
    const range = new CompactRange();
    for (const entry of PUBLISHED_ENTRIES) range.append(leafHash(entry));
    expect(range.root().toString('base64')).toBe('XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=');
  });

  test('a leaf of any length is the hash of 0x00 and the entry, also beyond what fits the scratch', () => {
    for (const length of [0, 1, 64, 65_534, 65_535, 65_536, 200_000]) {
      const entry = Buffer.alloc(length, 7);
      expect(leafHash(entry).equals(naiveLeaf(entry)), `${length} bytes`).toBe(true);
    }
  });

  test('a node of anything but two hashes of 32 bytes is refused', () => {
    const hash = Buffer.alloc(32);
    expect(() => nodeHash(hash.subarray(1), hash)).toThrow(RangeError);
    expect(() => nodeHash(hash, Buffer.alloc(33))).toThrow(RangeError);
  });

  test('an entry that is shaped like a node does not hash like one', () => {
    const [left, right] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))];
    expect(leafHash(Buffer.concat([left, right])).equals(nodeHash(left, right))).toBe(false);
  });
});

describe('L6: the tree in constant memory', () => {
  test('every node and root of every size to 256 is the one that the RFC defines', async () => {
    const entries = entriesOf(256);
    const reader = naiveReader(entries);
    const range = new CompactRange();
    const nodes = new Map<string, Buffer>();
    expect(range.root().equals(naiveRoot([]))).toBe(true);
    for (const [index, entry] of entries.entries()) {
      range.append(leafHash(entry), (node, hash) => {
        const key = `${node.level}/${node.index}`;
        expect(nodes.has(key), `${key} is completed once`).toBe(false);
        nodes.set(key, hash);
      });
      const size = index + 1;
      const root = naiveRoot(entries.slice(0, size));
      expect(range.size).toBe(size);
      expect(range.root().equals(root), `root of ${size}`).toBe(true);
      expect((await readRoot(reader, size)).equals(root), `root of ${size}, read`).toBe(true);
      expect(CompactRange.resume(size, range.edge).root().equals(root)).toBe(true);
      expect(nodes.size).toBe(2 * size - range.edge.length);
    }
    for (const [key, hash] of nodes) {
      const [level = 0, index = 0] = key.split('/').map(Number);
      expect(hash.equals(must((await reader.readNodes([{ level, index }]))[0])), `node ${key}`).toBe(true);
    }
    expect(nodes.size).toBe(511);
  });

  test('a tree goes on from its kept edge as if it had never stopped', () => {
    const entries = entriesOf(100);
    for (const stop of [0, 1, 7, 64, 99]) {
      const before = new CompactRange();
      for (const entry of entries.slice(0, stop)) before.append(leafHash(entry));
      const after = CompactRange.resume(stop, before.edge);
      for (const entry of entries.slice(stop)) after.append(leafHash(entry));
      expect(after.root().equals(naiveRoot(entries)), `stopped at ${stop}`).toBe(true);
    }
  });

  test('an edge that cannot be that of its size is refused', () => {
    const hash = Buffer.alloc(32);
    for (const [size, edge] of [
      [1, []],
      [0, [hash]],
      [3, [hash]],
      [4, [hash, hash]],
      [1, [Buffer.alloc(31)]],
      [-1, []],
      [1.5, [hash]],
      [2 ** 53, [hash]],
    ] as const)
      expect(() => CompactRange.resume(size, edge), `${size}`).toThrow(expect.objectContaining({ reason: 'out-of-range' }));
  });

  test('sizes beyond 32 bits are counted right', () => {
    const size = 2 ** 33 + 2 ** 31 + 1;
    const range = CompactRange.resume(size, [Buffer.alloc(32, 1), Buffer.alloc(32, 2), Buffer.alloc(32, 3)]);
    const completed: string[] = [];
    range.append(Buffer.alloc(32, 4), ({ level, index }) => completed.push(`${level}/${index}`));
    expect(range.size).toBe(size + 1);
    expect(completed).toEqual([`0/${size}`, `1/${(size - 1) / 2}`]);
  });
});

describe('H11: inclusion', () => {
  const entries = entriesOf(64);
  const reader = naiveReader(entries);

  test('every proof of every size to 64 is the one that the RFC defines, holds, and holds for nothing else', async () => {
    let refused = 0;
    const refuse = (check: () => void, reason: unknown = expect.any(String)): void => {
      expect(check).toThrow(expect.objectContaining({ name: 'LogFault', reason }));
      refused += 1;
    };
    for (let size = 1; size <= 64; size += 1) {
      const root = naiveRoot(entries.slice(0, size));
      for (let index = 0; index < size; index += 1) {
        const proof = await makeInclusionProof(reader, index, size);
        expect(proof.map((hash) => hash.toString('hex'))).toEqual(naivePath(index, entries.slice(0, size)).map((hash) => hash.toString('hex')));
        const claim = { index, size, root, leafHash: naiveLeaf(must(entries[index])) };
        checkInclusion(claim, proof);
        refuse(() => checkInclusion({ ...claim, index: index + 1 }, proof));
        refuse(() => checkInclusion({ ...claim, index: index - 1 }, proof));
        refuse(() => checkInclusion({ ...claim, root: flipBit(root, index) }, proof));
        refuse(() => checkInclusion({ ...claim, leafHash: flipBit(claim.leafHash, 255) }, proof));
        refuse(() => checkInclusion(claim, [...proof, root]), 'wrong-proof-length');
        refuse(() => checkInclusion(claim, [root, ...proof]), 'wrong-proof-length');
        if (proof.length > 0) refuse(() => checkInclusion(claim, proof.slice(1)), 'wrong-proof-length');
        if (proof.length > 0) refuse(() => checkInclusion(claim, proof.slice(0, -1)), 'wrong-proof-length');
        for (const place of proof.keys()) refuse(() => checkInclusion(claim, proof.with(place, flipBit(must(proof[place]), place * 7))));
      }
    }
    expect(refused).toBeGreaterThan(20_000);
  });

  test('an index outside the tree has no proof', async () => {
    for (const [index, size] of [
      [0, 0],
      [1, 1],
      [-1, 4],
      [1.5, 4],
      [Number.NaN, 4],
      [0, 2 ** 53],
    ] as const)
      expect(() => makeInclusionProof(reader, index, size)).toThrow(expect.objectContaining({ reason: 'out-of-range' }));
  });

  test('a reader that answers with too little is caught', async () => {
    await expect(makeInclusionProof({ readNodes: async () => [] }, 0, 2)).rejects.toThrow(expect.objectContaining({ reason: 'malformed-tile' }));
    await expect(makeInclusionProof({ readNodes: async () => [Buffer.alloc(20)] }, 0, 2)).rejects.toThrow(expect.objectContaining({ reason: 'malformed-tile' }));
  });

  test('hashes of another length are refused, even where joined bytes would hash alike', async () => {
    const proof = await makeInclusionProof(reader, 0, 4);
    const claim = { index: 0, size: 4, root: naiveRoot(entries.slice(0, 4)), leafHash: naiveLeaf(must(entries[0])) };
    const joined = Buffer.concat(proof);
    expect(() => checkInclusion(claim, [joined.subarray(0, 31), joined.subarray(31)])).toThrow(expect.objectContaining({ reason: 'malformed-proof' }));
    expect(() => checkInclusion({ ...claim, leafHash: Buffer.alloc(0) }, proof)).toThrow(expect.objectContaining({ reason: 'malformed-proof' }));
  });
});

describe('H12: consistency', () => {
  const entries = entriesOf(64);
  const reader = naiveReader(entries);

  test('every proof of every pair of sizes to 64 is the one that the RFC defines, holds, and holds for nothing else', async () => {
    let refused = 0;
    const refuse = (check: () => void, reason: unknown = expect.any(String)): void => {
      expect(check).toThrow(expect.objectContaining({ name: 'LogFault', reason }));
      refused += 1;
    };
    const roots = Array.from({ length: 65 }, (_, size) => naiveRoot(entries.slice(0, size)));
    const head = (size: number, root = must(roots[size])): { readonly size: number; readonly root: Buffer } => ({ size, root });
    for (let newer = 1; newer <= 64; newer += 1) {
      for (let older = 1; older <= newer; older += 1) {
        const proof = await makeConsistencyProof(reader, older, newer);
        expect(proof.map((hash) => hash.toString('hex'))).toEqual(naiveProof(older, entries.slice(0, newer)).map((hash) => hash.toString('hex')));
        checkConsistency(head(older), head(newer), proof);
        refuse(() => checkConsistency(head(older, flipBit(must(roots[older]), newer)), head(newer), proof));
        refuse(() => checkConsistency(head(older), head(newer, flipBit(must(roots[newer]), older)), proof));
        refuse(() => checkConsistency(head(older), head(newer), [...proof, must(roots[newer])]), 'wrong-proof-length');
        refuse(() => checkConsistency(head(older), head(newer), [must(roots[older]), ...proof]), 'wrong-proof-length');
        if (older < newer) refuse(() => checkConsistency(head(newer), head(older), proof));
        if (proof.length > 0) refuse(() => checkConsistency(head(older), head(newer), proof.slice(1)), 'wrong-proof-length');
        if (proof.length > 0) refuse(() => checkConsistency(head(older), head(newer), proof.slice(0, -1)), 'wrong-proof-length');
        for (const place of proof.keys()) refuse(() => checkConsistency(head(older), head(newer), proof.with(place, flipBit(must(proof[place]), place * 5))));
      }
    }
    expect(refused).toBeGreaterThan(15_000);
  });

  test('from the empty tree there is nothing to show', () => {
    expect(() => makeConsistencyProof(reader, 0, 4)).toThrow(expect.objectContaining({ reason: 'out-of-range' }));
    expect(() => checkConsistency({ size: 0, root: emptyRoot() }, { size: 4, root: naiveRoot(entries.slice(0, 4)) }, [])).toThrow(
      expect.objectContaining({ reason: 'out-of-range' }),
    );
  });

  test('two histories never pass for one, whatever was changed in the older part', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 64 }), fc.nat(), fc.nat(), async (newer, pick, change) => {
        const older = 1 + (pick % newer);
        const forged = entries.with(change % older, Buffer.from('rewritten')).slice(0, newer);
        const proof = await makeConsistencyProof(naiveReader(forged), older, newer);
        const check = (): void => checkConsistency({ size: older, root: naiveRoot(entries.slice(0, older)) }, { size: newer, root: naiveRoot(forged) }, proof);
        expect(check).toThrow(expect.objectContaining({ reason: 'root-mismatch' }));
      }),
    );
  });
});

test('RFC 6962 §2.1.3: the proofs of the tree of seven entries consist of the nodes that the text names', async () => {
  const entries = entriesOf(7);
  const [a, b, c, d, e, f, j] = entries.map(naiveLeaf).map(must) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  const [g, h, i] = [nodeHash(a, b), nodeHash(c, d), nodeHash(e, f)];
  const [k, l] = [nodeHash(g, h), nodeHash(i, j)];
  const reader = naiveReader(entries);
  expect(await makeInclusionProof(reader, 0, 7)).toEqual([b, h, l]);
  expect(await makeInclusionProof(reader, 3, 7)).toEqual([c, g, l]);
  expect(await makeInclusionProof(reader, 4, 7)).toEqual([f, j, k]);
  expect(await makeInclusionProof(reader, 6, 7)).toEqual([i, k]);
  expect(await makeConsistencyProof(reader, 3, 7)).toEqual([c, d, g, l]);
  expect(await makeConsistencyProof(reader, 4, 7)).toEqual([l]);
  expect(await makeConsistencyProof(reader, 6, 7)).toEqual([i, j, k]);
});
