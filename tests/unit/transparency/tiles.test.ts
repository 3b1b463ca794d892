import { CompactRange } from '@sallyport/server/transparency/compact-range.ts';
import { checkConsistency, makeConsistencyProof } from '@sallyport/server/transparency/consistency-proof.ts';
import { checkInclusion, makeInclusionProof } from '@sallyport/server/transparency/inclusion-proof.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { readRoot } from '@sallyport/server/transparency/node-reader.ts';
import { LARGEST_ENTRY_BYTES, packBundle, packTile, unpackBundle, unpackTile } from '@sallyport/server/transparency/tile-data.ts';
import { tileNodes } from '@sallyport/server/transparency/tile-nodes.ts';
import { newTiles, nodesOfTile, parseTilePath, printTilePath, type TileAddress, type TilePath, tileWidth } from '@sallyport/server/transparency/tiles.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const fault = (reason: string): unknown => expect.objectContaining({ name: 'LogFault', reason });
const hashes = (level: number, index: number, width = 256): TilePath => ({ kind: 'hashes', level, index, width });

describe('L6: paths of tiles', () => {
  test.each([
    ['tile/0/000', hashes(0, 0)],
    ['tile/1/x001/x234/067', hashes(1, 1_234_067)],
    ['tile/0/x001/x234/067.p/89', hashes(0, 1_234_067, 89)],
    ['tile/15/x455/667', hashes(15, 455_667)],
    ['tile/63/x999/x999/999.p/255', hashes(63, 999_999_999, 255)],
    ['tile/0/999', hashes(0, 999)],
    ['tile/0/x001/000', hashes(0, 1000)],
    ['tile/entries/000.p/1', { kind: 'entries', level: 0, index: 0, width: 1 }],
    ['tile/entries/x123/x456/789', { kind: 'entries', level: 0, index: 123_456_789, width: 256 }],
  ] as const)('%s', (path, tile) => {
    expect(printTilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  test.each([
    '',
    'tile/0/',
    'tile/0/1',
    'tile/0/0001',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/abc/000',
    'tile/data/000',
    'tile/0/x001',
    'tile/0/x001/',
    'tile/0/001/002',
    'tile/0/x001/0002',
    'tile/0/x001/-02',
    'tile/0/x000/001',
    'tile/0/000.p',
    'tile/0/000.p/',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/1/2',
    'tile/0/000\n',
    '/tile/0/000',
    'tile/0/../000',
    'tile/0/%30%30%30',
    'tile/٠/000',
    'tile/0/x999/x999/x999/x999/x999/999',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
  ])('%j is none', (path) => {
    expect(() => parseTilePath(path)).toThrow(fault('malformed-tile'));
  });

  test('what no path can say is not printed', () => {
    for (const tile of [
      hashes(-1, 0),
      hashes(64, 0),
      hashes(0.5, 0),
      hashes(0, -1),
      hashes(0, 2 ** 53),
      hashes(0, 0, 0),
      hashes(0, 0, 257),
      { ...hashes(1, 0), kind: 'entries' as const },
    ])
      expect(() => printTilePath(tile)).toThrow(fault('malformed-tile'));
  });

  test('any path that is printed is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        expect(parseTilePath(printTilePath(hashes(level, index, width)))).toEqual(hashes(level, index, width));
      }),
    );
  });
});

describe('L6: which tiles a tree has', () => {
  test('the example of the specification: 70,000 entries', () => {
    const tiles = newTiles(0, 70_000);
    const count = (level: number, isFull: boolean): number => tiles.filter((tile) => tile.level === level && (tile.width === 256) === isFull).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, true), count(2, false)]).toEqual([273, 1, 1, 1, 0, 1]);
    expect(tiles.filter(({ width }) => width < 256).map(({ level, width }) => `${level}: ${width}`)).toEqual(['0: 112', '1: 17', '2: 1']);
  });

  test('a tree of 256 entries is a full tile and a partial one above it', () => {
    expect(newTiles(0, 256)).toEqual([
      { level: 0, index: 0, width: 256 },
      { level: 1, index: 0, width: 1 },
    ]);
  });

  test('however a tree grows, the last tile written at each place is the one of the final tree', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 70_000 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        const steps = [0, ...sizes.toSorted((one, other) => one - other)];
        const written = new Map<string, TileAddress>();
        for (const [place, size] of steps.slice(1).entries())
          for (const tile of newTiles(steps[place] ?? 0, size)) {
            const key = `${tile.level}/${tile.index}`;
            expect(tile.width, 'a tile only grows').toBeGreaterThan(written.get(key)?.width ?? 0);
            written.set(key, tile);
          }
        const final = newTiles(0, steps.at(-1) ?? 0);
        expect([...written.values()].map((tile) => printTilePath({ kind: 'hashes', ...tile })).toSorted()).toEqual(
          final.map((tile) => printTilePath({ kind: 'hashes', ...tile })).toSorted(),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('a tree does not shrink', () => {
    expect(() => newTiles(2, 1)).toThrow(fault('out-of-range'));
    expect(newTiles(7, 7)).toEqual([]);
    expect(tileWidth(0, 3, 700)).toBe(0);
  });
});

describe('L6: what tiles and bundles hold', () => {
  test('hashes and entries are read back as they were packed', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 }), (entries) => {
        expect(unpackBundle(packBundle(entries), entries.length).map((entry) => entry.toString('hex'))).toEqual(entries.map((entry) => Buffer.from(entry).toString('hex')));
        const leaves = entries.map(leafHash);
        expect(unpackTile(packTile(leaves), leaves.length)).toEqual(leaves);
      }),
      { numRuns: 30 },
    );
  });

  test('an entry has 65,535 bytes at most, since its length has two', () => {
    const largest = Buffer.alloc(LARGEST_ENTRY_BYTES, 1);
    expect(unpackBundle(packBundle([largest, Buffer.alloc(0)]), 2).map(({ length }) => length)).toEqual([65_535, 0]);
    expect(() => packBundle([Buffer.alloc(65_536)])).toThrow(fault('entry-too-large'));
  });

  test('the bytes of a bundle: length in two bytes, big-endian, then the entry', () => {
    expect(
      packBundle([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258, 9)])
        .subarray(0, 8)
        .toString('hex'),
    ).toBe('0002616200000102');
  });

  test('any other length is refused', () => {
    const bundle = packBundle([Buffer.from('ab'), Buffer.from('c')]);
    for (const [bytes, width] of [
      [bundle, 1],
      [bundle, 3],
      [bundle.subarray(1), 2],
      [bundle.subarray(0, -1), 2],
      [Buffer.concat([bundle, Buffer.of(0)]), 2],
      [Buffer.concat([bundle, Buffer.of(0, 0)]), 2],
      [Buffer.alloc(0), 0],
    ] as const)
      expect(() => unpackBundle(bytes, width)).toThrow(fault('malformed-entries'));
    for (const [length, width] of [
      [31, 1],
      [33, 1],
      [64, 1],
      [0, 0],
      [257 * 32, 257],
    ] as const)
      expect(() => unpackTile(Buffer.alloc(length), width)).toThrow(fault('malformed-tile'));
    expect(() => packTile([])).toThrow(fault('malformed-tile'));
    expect(() => packBundle(Array.from({ length: 257 }, () => Buffer.alloc(1)))).toThrow(fault('malformed-entries'));
  });
});

describe('L6: root and proofs out of tiles', () => {
  const SIZE = 70_000;
  const nodes = new Map<string, Buffer>();
  const roots = new Map<number, Buffer>();
  const range = new CompactRange();
  for (let index = 0; index < SIZE; index += 1) {
    range.append(leafHash(Buffer.from(`entry ${index}`)), (node, hash) => nodes.set(`${node.level}/${node.index}`, hash));
    if (index % 997 === 0) roots.set(index + 1, range.root());
  }
  const contents = new Map(
    newTiles(0, SIZE).map((tile) => [
      printTilePath({ kind: 'hashes', ...tile }),
      packTile(nodesOfTile(tile).map(({ level, index }) => nodes.get(`${level}/${index}`) ?? Buffer.alloc(0))),
    ]),
  );
  const asked: string[] = [];
  const fetchTile = async (tile: TileAddress): Promise<Buffer> => {
    const path = printTilePath({ kind: 'hashes', ...tile });
    asked.push(path);
    const bytes = contents.get(path);
    if (bytes === undefined) throw new Error(`Asked for ${path}, which such a tree has not`);
    return bytes;
  };
  const reader = tileNodes(SIZE, fetchTile);

  test('the root is the one that Go computes over the same entries', async () => {
    expect((await readRoot(reader, SIZE)).toString('base64')).toBe('o5IPun8jmgcam9EHIfE0Gt3vuu3ttBx+JEN6nRa98Ao=');
  });

  test('inclusion and consistency hold all along the log, from a handful of tiles each', async () => {
    for (let index = 0; index < SIZE; index += 997) {
      asked.length = 0;
      const inclusion = await makeInclusionProof(reader, index, SIZE);
      checkInclusion({ index, size: SIZE, root: range.root(), leafHash: leafHash(Buffer.from(`entry ${index}`)) }, inclusion);
      checkConsistency({ size: index + 1, root: roots.get(index + 1) ?? Buffer.alloc(0) }, { size: SIZE, root: range.root() }, await makeConsistencyProof(reader, index + 1, SIZE));
      expect(asked.length).toBeLessThanOrEqual(12);
    }
  });

  test('in place of a partial tile the full one of a larger tree will do', async () => {
    const earlier = tileNodes(
      69_900,
      async (tile) =>
        contents.get(printTilePath({ kind: 'hashes', ...tile, width: 256 })) ??
        fetchTile({ ...tile, width: tileWidth(tile.level, tile.index, SIZE) }).then((bytes) => bytes.subarray(0, tile.width * 32)),
    );
    const proof = await makeInclusionProof(earlier, 5, 69_900);
    const root = await readRoot(earlier, 69_900);
    checkInclusion({ index: 5, size: 69_900, root, leafHash: leafHash(Buffer.from('entry 5')) }, proof);
  });

  test('a bit changed in any tile that a proof needs is noticed by the proof', async () => {
    asked.length = 0;
    await makeInclusionProof(reader, 40_000, SIZE);
    for (const path of new Set(asked)) {
      const corrupt = tileNodes(SIZE, async (tile) => {
        const bytes = Buffer.from(await fetchTile(tile));
        if (printTilePath({ kind: 'hashes', ...tile }) === path) for (let at = 0; at < bytes.length; at += 32) bytes[at] = (bytes[at] ?? 0) ^ 1;
        return bytes;
      });
      const proof = await makeInclusionProof(corrupt, 40_000, SIZE);
      expect(() => checkInclusion({ index: 40_000, size: SIZE, root: range.root(), leafHash: leafHash(Buffer.from('entry 40000')) }, proof), path).toThrow(fault('root-mismatch'));
    }
  });

  test('a tile of another length, and a node that the tree has not, are refused', async () => {
    await expect(
      readRoot(
        tileNodes(SIZE, async (tile) => (await fetchTile(tile)).subarray(1)),
        SIZE,
      ),
    ).rejects.toThrow(fault('malformed-tile'));
    await expect(reader.readNodes([{ level: 0, index: SIZE }])).rejects.toThrow(fault('out-of-range'));
    await expect(reader.readNodes([{ level: 17, index: 0 }])).rejects.toThrow(fault('out-of-range'));
  });
});
