import { copyFile, cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { packBundle, packTile } from '@sallyport/server/transparency/tile-data.ts';
import type { TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import { verify } from '@sallyport/server/verify/verify.ts';
import type { VerifyReport } from '@sallyport/server/verify/verify-report.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type MadeLog, makeLog, ORIGIN, writeTiles } from '../../helpers/made-log.ts';

/** Wide enough for a full tile of level 1, a partial one beside it, and one of level 2. */
const WIDE = 256 * 256 + 256 + 100;
/** What most faults need: full tiles of level 0, and a partial one. */
const NARROW = 256 * 3 + 100;
const entries = Array.from({ length: WIDE }, (_, index) => Buffer.from(`{"n":${index}}`));
let root: string;
let log: MadeLog;
let policy: TrustPolicy;
const at = (...parts: readonly string[]): string => join(root, 'log', ...parts);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'verify-folder-'));
});
afterAll(async () => rm(root, { recursive: true, force: true }));

/** Each test of this block finds the log of this size anew. */
function withLog(size: number): void {
  beforeAll(async () => {
    log = makeLog(entries.slice(0, size));
    policy = { origin: ORIGIN, logKeys: [{ key: log.key.verifier }], witnesses: [], leastCosignatures: 0 };
    await rm(join(root, 'good'), { recursive: true, force: true });
    await writeTiles(join(root, 'good'), log, size);
  }, 60_000);
  beforeEach(async () => {
    await rm(at(), { recursive: true, force: true });
    await cp(join(root, 'good'), at(), { recursive: true });
  });
}

const check = async (threads = 1, sizes: readonly number[] = []): Promise<VerifyReport> =>
  verify({ path: at(), policy, threads, checkpoints: sizes.map((size) => ({ file: `${size}`, note: Buffer.from(log.checkpoint(size)) })) });

async function flip(path: string, place: number): Promise<void> {
  const bytes = await readFile(at(path));
  bytes[place] = (bytes[place] ?? 0) ^ 0x10;
  await writeFile(at(path), bytes);
}

describe('a folder in the layout of tlog-tiles', () => {
  withLog(NARROW);

  test('a partial tile may have been replaced by the full one', async () => {
    for (const [path, bytes] of [
      ['tile/entries/003', packBundle([...log.entries.slice(3 * 256), ...log.entries.slice(0, 156)])],
      ['tile/0/003', packTile(Array.from({ length: 256 }, (_, place) => leafHash(log.entries[(3 * 256 + place) % NARROW] ?? Buffer.alloc(0))))],
    ] as const) {
      await rm(at(`${path}.p`), { recursive: true });
      expect(await check(), 'not without the full one').toMatchObject({ intact: false });
      await writeFile(at(path), bytes);
    }
    expect(await check()).toMatchObject({ intact: true, entries: NARROW });
  });

  test.each([
    ['tile/entries/000', 5],
    ['tile/entries/001', 700],
    ['tile/entries/002', 9],
    ['tile/entries/003.p/100', 60],
  ])('H09: a byte of %s is named by the entry it belongs to', async (path, place) => {
    const bytes = await readFile(at(path));
    await flip(path, place);
    let index = Number(/\d{3}/.exec(path.replace('entries/', ''))?.[0]) * 256;
    for (let end = 2 + bytes.readUInt16BE(0); end <= place; end += 2 + bytes.readUInt16BE(end)) index += 1;
    const report = await check();
    expect(report).toMatchObject({ intact: false, faults: [{ firstBad: { begin: index, end: index + 1 } }] });
  });

  test.each(['tile/0/000', 'tile/0/001', 'tile/0/003.p/100', 'tile/1/000.p/3'])('a torn, altered or missing %s is named, and told from an altered entry', async (path) => {
    await flip(path, 3);
    expect(await check()).toMatchObject({ intact: false, entries: NARROW, faults: [{ fault: 'altered', file: path }] });
    await truncate(at(path), 31);
    expect(await check(1)).toMatchObject({ intact: false, faults: [{ fault: 'unreadable', file: path }] });
    await rm(at(path));
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'missing', file: path }] });
  });

  test('a torn or missing bundle is named, with the first entry that is lost', async () => {
    const path = 'tile/entries/001';
    await truncate(at(path), (await readFile(at(path))).length - 1);
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'unreadable', file: path, firstBad: { begin: 256 + 255, end: 256 + 256 } }] });
    await rm(at(path));
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'missing', file: path, firstBad: { begin: 256, end: 256 + 1 } }] });
  });

  test('two bundles swapped, and a bundle of another log', async () => {
    await copyFile(at('tile/entries/001'), join(root, 'other'));
    await copyFile(at('tile/entries/002'), at('tile/entries/001'));
    await copyFile(join(root, 'other'), at('tile/entries/002'));
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'altered', firstBad: { begin: 256, end: 257 } }] });
  });

  test('a bundle with an entry more or less than its width', async () => {
    await writeFile(at('tile/entries/001'), packBundle(log.entries.slice(256, 256 + 255)));
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'missing', firstBad: { begin: 511, end: 512 } }] });
    await writeFile(at('tile/entries/001'), Buffer.concat([packBundle(log.entries.slice(256, 512)), packBundle([Buffer.from('{}')])]));
    expect(await check()).toMatchObject({ intact: false });
  });

  test('entry and tile forged together do not pass for the log', async () => {
    const forged = makeLog(log.entries.with(70, Buffer.from('{"forged":true}')), log.key);
    await writeTiles(at(), forged, NARROW);
    await writeFile(at('checkpoint'), log.checkpoint(NARROW));
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'altered' }] });
  });

  test('entries beyond the checkpoint are no fault, and said to be unproven', async () => {
    await writeFile(at('checkpoint'), log.checkpoint(NARROW - 100));
    const report = await check();
    expect(report.intact).toBe(true);
    expect(report.notes.join(' ')).toContain('beyond its checkpoint');
  });

  test('a folder without a checkpoint is not understood; one with somebody else’s is not believed', async () => {
    await writeFile(at('checkpoint'), makeLog([]).checkpoint(0));
    expect(await check()).toMatchObject({ intact: false, entries: 0, faults: [{ fault: 'untrusted', file: 'checkpoint' }] });
    await rm(at('checkpoint'));
    await expect(check()).rejects.toThrow('no log in the layout');
  });
});

describe('a folder with three levels of tiles', () => {
  withLog(WIDE);

  test('is intact on one thread and on several, with heads at, before, behind and between the edges of tiles', async () => {
    for (const threads of [1, 2, 3])
      expect(await check(threads, [1, 255, 256, 257, 300, 4096, 65_536, 65_537, WIDE - 101, WIDE - 100, WIDE - 1, WIDE])).toMatchObject({
        intact: true,
        kind: 'folder',
        entries: WIDE,
        faults: [],
        comparedWith: [1, 255, 256, 257, 300, 4096, 65_536, 65_537, WIDE - 101, WIDE - 100, WIDE - 1, WIDE],
      });
  });

  test.each(['tile/0/257.p/100', 'tile/1/000', 'tile/1/001.p/1', 'tile/2/000.p/1'])('a torn, altered or missing %s is named, and told from an altered entry', async (path) => {
    await flip(path, 3);
    expect(await check(2)).toMatchObject({ intact: false, entries: WIDE, faults: [{ fault: 'altered', file: path }] });
    await truncate(at(path), 31);
    expect(await check(1)).toMatchObject({ intact: false, faults: [{ fault: 'unreadable', file: path }] });
    await rm(at(path));
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'missing', file: path }] });
  });

  test('where the tile is bad with its entry, the tile above says which stretch it is', async () => {
    await flip('tile/entries/100', 700);
    await flip('tile/0/007', 3);
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'altered', firstBad: { begin: 25_600, end: 25_856 } }] });
    await flip('tile/1/000', 300);
    expect(await check(), 'two levels up').toMatchObject({ intact: false, faults: [{ fault: 'altered', firstBad: { begin: 0, end: 65_536 } }] });
    await flip('tile/2/000.p/1', 3);
    expect(await check(), 'nothing is left to tell').toMatchObject({ intact: false, faults: [{ fault: 'altered', firstBad: { begin: 0, end: WIDE } }] });
  });

  test('an entry behind the last full tile, with its tile', async () => {
    await flip('tile/entries/257.p/100', 60);
    await flip('tile/0/007', 3);
    expect(await check()).toMatchObject({ intact: false, faults: [{ fault: 'altered', firstBad: { begin: 257 * 256, end: WIDE } }] });
  });
});
