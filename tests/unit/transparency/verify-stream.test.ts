import { CompactRange } from '@sallyport/server/transparency/compact-range.ts';
import type { TreeHead } from '@sallyport/server/transparency/consistency-proof.ts';
import { type EntryStream, readBundles, readLines } from '@sallyport/server/transparency/entry-stream.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { packBundle } from '@sallyport/server/transparency/tile-data.ts';
import { type EntriesReport, verifyEntries } from '@sallyport/server/transparency/verify-stream.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesOf, naiveLeaf, naiveRoot } from './reference-tree.ts';

const fault = (reason: string): unknown => expect.objectContaining({ name: 'LogFault', reason });
const SIZE = 300;
const entries = entriesOf(SIZE);
const headAt = (size: number, of: readonly Uint8Array[] = entries): TreeHead => ({ size, root: naiveRoot(of.slice(0, size)) });
const HEAD = headAt(SIZE);
const HEADS = [headAt(100), headAt(200), HEAD];
const leaves = entries.map(naiveLeaf);

const bundleFile = (of: readonly Uint8Array[]): Buffer => Buffer.concat(of.map((entry) => packBundle([entry])));
const pieces = (bytes: Buffer, length: number): readonly Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, place) => bytes.subarray(place * length, (place + 1) * length));
const stream = (of: readonly Uint8Array[], length = 700): EntryStream => readBundles(pieces(bundleFile(of), length));
const hashFile = (of: readonly Uint8Array[] = leaves): readonly Buffer[] => pieces(Buffer.concat(of), 1000);

describe('H09: reading entries from a file', () => {
  test('however the file is cut into pieces, the entries are the same, from bundles and from lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ''))), fc.integer({ min: 1, max: 50 }), async (texts, length) => {
        const given = texts.map((text) => Buffer.from(text));
        for (const read of [readBundles(pieces(bundleFile(given), length)), readLines(pieces(Buffer.concat(given.flatMap((entry) => [entry, Buffer.from('\n')])), length))]) {
          const got: string[] = [];
          for await (const batch of read) for (const entry of batch) got.push(Buffer.from(entry).toString());
          expect(got).toEqual(given.map((entry) => entry.toString()));
        }
      }),
    );
  });

  test.each([
    ['a bundle that ends within an entry', 'malformed-entries', () => readBundles([bundleFile(entries).subarray(0, -1)])],
    ['a bundle that ends within a length', 'malformed-entries', () => readBundles([Buffer.of(0)])],
    ['a last line without its end', 'malformed-entries', () => readLines([Buffer.from('{}\n{}')])],
    ['a line without end', 'entry-too-large', () => readLines(Array.from({ length: 100 }, () => Buffer.alloc(1000, 0x61)))],
    ['a line that is too long', 'entry-too-large', () => readLines([Buffer.from(`${'a'.repeat(65_536)}\n`)])],
  ] as const)('%s is refused', async (_what, reason, read) => {
    const readAll = async (): Promise<void> => {
      for await (const batch of read()) expect(batch.length).toBeGreaterThan(0);
    };
    await expect(readAll()).rejects.toThrow(fault(reason));
  });
});

describe('H09: verifying a file against checkpoints', () => {
  test('the whole log, the log as lines, and a part of it behind a kept edge are intact', async () => {
    expect(await verifyEntries({ entries: stream(entries), heads: [HEAD] })).toEqual({ intact: true, size: SIZE });
    expect(await verifyEntries({ entries: stream(entries, 1), heads: HEADS, leafHashes: hashFile() })).toEqual({ intact: true, size: SIZE });
    expect(await verifyEntries({ entries: readLines([Buffer.from(entries.map((entry) => `${entry.toString()}\n`).join(''))]), heads: HEADS })).toEqual({
      intact: true,
      size: SIZE,
    });
    const before = new CompactRange();
    for (const leaf of leaves.slice(0, 137)) before.append(leaf);
    expect(await verifyEntries({ entries: stream(entries.slice(137)), heads: HEADS, before, leafHashes: hashFile(leaves.slice(137)) })).toEqual({ intact: true, size: SIZE });
    expect(before.size, 'the kept edge stays as it was').toBe(137);
  });

  test('an empty log is intact only as an empty file', async () => {
    expect(await verifyEntries({ entries: stream([]), heads: [headAt(0)] })).toEqual({ intact: true, size: 0 });
    expect(await verifyEntries({ entries: stream(entries), heads: [headAt(0)] })).toMatchObject({ intact: false, fault: 'surplus', firstBad: { begin: 0, end: 1 } });
    expect(await verifyEntries({ entries: stream([]), heads: [HEAD] })).toMatchObject({ intact: false, fault: 'missing', firstBad: { begin: 0, end: SIZE } });
  });

  const at = [0, 1, 99, 100, 127, 128, 199, 200, 255, 256, 298];
  const kinds: readonly (readonly [kind: string, change: (index: number) => readonly Uint8Array[]])[] = [
    ['edited', (index) => entries.with(index, Buffer.from('forged'))],
    ['dropped', (index) => entries.toSpliced(index, 1)],
    ['inserted', (index) => entries.toSpliced(index, 0, Buffer.from('forged'))],
    ['swapped with the next', (index) => entries.with(index, entries[index + 1] ?? Buffer.alloc(0)).with(index + 1, entries[index] ?? Buffer.alloc(0))],
    ['emptied', (index) => entries.with(index, Buffer.alloc(0))],
    ['doubled', (index) => entries.toSpliced(index, 0, entries[index] ?? Buffer.alloc(0))],
    ['rewritten from here on', (index) => [...entries.slice(0, index), ...entries.slice(index).map((entry) => Buffer.concat([entry, Buffer.of(0)]))]],
    ['cut off from here on', (index) => entries.slice(0, index)],
  ];

  describe.each(kinds)('an entry %s', (kind, change) => {
    test.each(at)('at %d is found, and named with the hashes of the log', async (index) => {
      const tampered = change(index);
      const named = await verifyEntries({ entries: stream(tampered), heads: HEADS, leafHashes: hashFile() });
      // An entry and its double are equal: the first that differs is the one behind them.
      const first = kind === 'doubled' ? index + 1 : index;
      expect(named).toMatchObject({ intact: false, firstBad: { begin: first, end: first + 1 } });
      expect(named).toMatchObject({ fault: kind.startsWith('cut off') ? 'missing' : 'altered' });
      const alone = await verifyEntries({ entries: stream(tampered), heads: HEADS });
      expectWithin(alone, first);
      // Within the steps between checkpoints.
      const { begin, end } = alone.intact ? { begin: 0, end: 0 } : alone.firstBad;
      expect(HEADS.some(({ size }) => size === end)).toBe(true);
      expect(begin % 100).toBe(0);
      expectWithin(await verifyEntries({ entries: stream(tampered), heads: [HEAD] }), first);
    });
  });

  test('entries beyond the checkpoint are not passed as verified', async () => {
    expect(await verifyEntries({ entries: stream([...entries, Buffer.from('more')]), heads: [HEAD] })).toEqual({
      intact: false,
      fault: 'surplus',
      firstBad: { begin: SIZE, end: SIZE + 1 },
    });
  });

  test.each([
    ['within an entry', () => readBundles(pieces(bundleFile(entries.slice(0, 150)).subarray(0, -1), 50))],
    ['at a line that is too long', () => readLines([Buffer.from(`${entries.slice(0, 149).join('\n')}\n`), Buffer.alloc(70_000, 0x61)])],
    ['at a line that is too long, all in one piece', () => readLines([Buffer.from(`${entries.slice(0, 149).join('\n')}\n${'a'.repeat(70_000)}\n${entries.join('\n')}\n`)])],
  ])('a file that breaks off %s is unreadable from that index, and what was altered before is named all the same', async (_what, read) => {
    expect(await verifyEntries({ entries: read(), heads: HEADS })).toEqual({ intact: false, fault: 'unreadable', firstBad: { begin: 100, end: 150 } });
    expect(await verifyEntries({ entries: read(), heads: HEADS, leafHashes: hashFile() })).toEqual({ intact: false, fault: 'unreadable', firstBad: { begin: 149, end: 150 } });
    expect(await verifyEntries({ entries: read(), heads: [headAt(100)] })).toMatchObject({ fault: 'surplus', firstBad: { begin: 100 } });
  });

  test('bytes behind the last checkpoint that are no entry are not passed over', async () => {
    const entriesAndMore = Buffer.concat([bundleFile(entries), Buffer.of(0)]);
    expect(await verifyEntries({ entries: readBundles([entriesAndMore]), heads: HEADS })).toEqual({ intact: false, fault: 'unreadable', firstBad: { begin: SIZE, end: SIZE + 1 } });
  });

  test('a file that cannot be read for another reason is no verdict', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield bundleFile(entries.slice(0, 3));
      throw new Error('The disk is gone');
    };
    await expect(verifyEntries({ entries: readBundles(failing()), heads: HEADS })).rejects.toThrow('The disk is gone');
  });

  test('the file of hashes is let go of, however it ends', async () => {
    const closed: string[] = [];
    const source = async function* (name: string): AsyncGenerator<Uint8Array> {
      try {
        yield* hashFile();
      } finally {
        closed.push(name);
      }
    };
    await verifyEntries({ entries: stream(entries), heads: HEADS, leafHashes: source('intact') });
    await verifyEntries({ entries: stream(entries.with(0, Buffer.alloc(0))), heads: HEADS, leafHashes: source('altered') });
    await verifyEntries({ entries: stream(entries), heads: [headAt(10)], leafHashes: source('surplus') });
    expect(closed).toEqual(['intact', 'altered', 'surplus']);
  });

  test('hashes that do not lead to the checkpoint name nobody', async () => {
    const tampered = entries.with(120, Buffer.from('forged'));
    for (const leafHashes of [hashFile(leaves.with(40, Buffer.alloc(32))), hashFile(leaves.slice(0, 150)), hashFile([]), hashFile(tampered.map(naiveLeaf))])
      expect(await verifyEntries({ entries: stream(tampered), heads: HEADS, leafHashes })).toEqual({ intact: false, fault: 'altered', firstBad: { begin: 100, end: 200 } });
  });

  test('damaged hashes beside an intact log do not make it a bad one', async () => {
    expect(await verifyEntries({ entries: stream(entries), heads: HEADS, leafHashes: hashFile(leaves.with(40, Buffer.alloc(32))) })).toEqual({ intact: true, size: SIZE });
  });

  test('H09: without a checkpoint from outside a rewritten tail is missed; with one it is found', async () => {
    const forged = [...entries.slice(0, 250), ...entries.slice(250).map((entry) => Buffer.concat([entry, Buffer.from('!')]))];
    expect(await verifyEntries({ entries: stream(forged), heads: [headAt(SIZE, forged)] })).toEqual({ intact: true, size: SIZE });
    expectWithin(await verifyEntries({ entries: stream(forged), heads: [headAt(260)] }), 250);
  });

  test('a wrong edge is refused at once where a checkpoint stands there, and found later where none does', async () => {
    const wrong = new CompactRange();
    for (const leaf of leaves.slice(0, 99)) wrong.append(leaf);
    wrong.append(leafHash(Buffer.from('forged')));
    await expect(verifyEntries({ entries: stream(entries.slice(100)), heads: HEADS, before: wrong })).rejects.toThrow(fault('root-mismatch'));
    expect(await verifyEntries({ entries: stream(entries.slice(100)), heads: [HEAD], before: wrong })).toMatchObject({ intact: false });
  });

  test.each([
    ['none', []],
    ['not in order', [HEAD, headAt(100)]],
    ['with a root of another length', [{ size: SIZE, root: Buffer.alloc(20) }]],
    ['of no size', [{ size: -1, root: HEAD.root }]],
  ])('checkpoints %s are refused', async (_what, heads) => {
    await expect(verifyEntries({ entries: stream(entries), heads })).rejects.toThrow(fault('out-of-range'));
  });

  test('H12: two checkpoints of one size with different roots are a split view, and no entries are blamed for it', async () => {
    await expect(verifyEntries({ entries: stream(entries), heads: [headAt(100), { size: 100, root: Buffer.alloc(32) }, HEAD] })).rejects.toThrow(fault('root-mismatch'));
  });
});

function expectWithin(report: EntriesReport, index: number): void {
  expect(report.intact).toBe(false);
  if (report.intact) return;
  expect(report.firstBad.begin).toBeLessThanOrEqual(index);
  expect(report.firstBad.end).toBeGreaterThan(index);
}
