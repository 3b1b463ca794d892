import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSignerKey } from '@sallyport/server/transparency/note-key.ts';
import { signNote } from '@sallyport/server/transparency/note.ts';
import type { TrustPolicy } from '@sallyport/server/transparency/open-checkpoint.ts';
import { printRetentionStatement } from '@sallyport/server/transparency/retention-statement.ts';
import { foldFile } from '@sallyport/server/verify/fold-file.ts';
import { openHashThreads } from '@sallyport/server/verify/hash-threads.ts';
import { WatchedHeads } from '@sallyport/server/verify/watched-heads.ts';
import { type VerifyRequest, verify, VerifyTargetFault } from '@sallyport/server/verify/verify.ts';
import type { VerifyReport } from '@sallyport/server/verify/verify-report.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundlesOf, eventBytes, linesOf, type MadeLog, madeLog, makeLog, ORIGIN, writeTiles } from '../../helpers/made-log.ts';

const SIZE = 3000;
let folder: string;
let log: MadeLog;
let policy: TrustPolicy;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-entries-'));
  log = madeLog(SIZE);
  policy = { origin: ORIGIN, logKeys: [{ key: log.key.verifier }], witnesses: [log.witness.verifier], leastCosignatures: 0 };
  await writeTiles(join(folder, 'tiles'), log, SIZE);
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const given = (...sizes: readonly number[]): VerifyRequest['checkpoints'] => sizes.map((size) => ({ file: `c${size}`, note: Buffer.from(log.checkpoint(size)) }));
let files = 0;

async function verifyBytes(bytes: Buffer, more: Partial<VerifyRequest> = {}): Promise<VerifyReport> {
  files += 1;
  const path = at(`entries-${files}`);
  await writeFile(path, bytes);
  return await verify({ path, policy, checkpoints: given(SIZE), threads: 1, ...more });
}

describe('H08, L05: a file of entries', () => {
  test.each([
    ['lines', 1, () => linesOf(log.entries)],
    ['lines', 2, () => linesOf(log.entries)],
    ['bundles', 1, () => bundlesOf(log.entries)],
    ['bundles', 3, () => bundlesOf(log.entries)],
  ] as const)('as %s on %d threads is intact, and compared with every checkpoint given', async (_framing, threads, bytes) => {
    const report = await verifyBytes(bytes(), { threads, checkpoints: given(2999, 1, 256, SIZE, 255, 2048, 0) });
    expect(report).toMatchObject({ intact: true, kind: 'entries', entries: SIZE, absent: 0, faults: [], comparedWith: [0, 1, 255, 256, 2048, 2999, SIZE] });
    expect(report.checkpoint).toMatchObject({ size: SIZE, root: log.rootAt(SIZE).toString('base64'), signedBy: [ORIGIN] });
  });

  test('a long file, many pieces and several threads, comes to the same', async () => {
    const many = makeLog(
      Array.from({ length: 12_000 }, (_, index) => Buffer.from(`{"n":${index},"pad":"${'x'.repeat(index % 997)}"}`)),
      log.key,
      log.witness,
    );
    const heads = [0, 1, 4097, 4098, 9000, 12_000].map((size) => ({ size, root: many.rootAt(size) }));
    for (const count of [1, 2, 3])
      for (const framing of ['lines', 'bundles'] as const) {
        const path = at('long');
        await writeFile(path, framing === 'lines' ? linesOf(many.entries) : bundlesOf(many.entries));
        const watched = new WatchedHeads(heads);
        const threads = openHashThreads(count);
        const file = await open(path, 'r');
        expect(await foldFile(file, framing, watched, threads)).toMatchObject({ size: 12_000, isWhole: true });
        expect({ agreed: watched.agreed, denied: watched.denied, unreached: watched.unreached }).toEqual({ agreed: heads, denied: [], unreached: [] });
        await threads.close();
        await file.close();
      }
  });

  test('of the largest entries there can be', async () => {
    const large = makeLog(
      [65_535, 65_534, 1, 65_535].map((length) => Buffer.alloc(length, 0x61)),
      log.key,
    );
    const checkpoints = [{ file: 'c', note: Buffer.from(large.checkpoint(4)) }];
    for (const framing of ['lines', 'bundles'] as const)
      expect(await verifyBytes(framing === 'lines' ? linesOf(large.entries) : bundlesOf(large.entries), { framing, checkpoints })).toMatchObject({ intact: true, entries: 4 });
    expect(await verifyBytes(Buffer.alloc(400_000, 0x61), { framing: 'lines', checkpoints })).toMatchObject({ intact: false, faults: [{ fault: 'unreadable' }] });
  });

  test('lines and bundles are told apart, whatever the length of the first entry', async () => {
    for (const length of [0, 2, 123, 2560, 2575, 2815, 31_488, 31_500]) {
      const one = makeLog([Buffer.alloc(length, 0x7b), Buffer.from('{"n":1}')], log.key);
      expect(await verifyBytes(bundlesOf(one.entries), { checkpoints: [{ file: 'c', note: Buffer.from(one.checkpoint(2)) }] }), `${length}`).toMatchObject({
        intact: true,
        entries: 2,
      });
    }
  });

  test('an empty log is an empty file', async () => {
    expect(await verifyBytes(Buffer.alloc(0), { checkpoints: given(0) })).toMatchObject({ intact: true, entries: 0 });
    expect(await verifyBytes(Buffer.alloc(0))).toMatchObject({ intact: false, faults: [{ fault: 'missing', firstBad: { begin: 0, end: SIZE } }] });
    expect(await verifyBytes(linesOf(log.entries.slice(0, 1)), { checkpoints: given(0) })).toMatchObject({
      intact: false,
      faults: [{ fault: 'surplus', firstBad: { begin: 0, end: 1 } }],
    });
  });
});

const PLACES = [0, 1, 255, 256, 257, 1023, 1024, 1999, 2000, 2001, 2047, 2048, 2998];
type Change = (index: number) => readonly Buffer[];
const forged = Buffer.from('{"forged":true}');
const entry = (index: number): Buffer => log.entries[index] ?? forged;
const CHANGES: readonly (readonly [string, Change, (index: number) => number])[] = [
  ['a value edited', (index) => log.entries.with(index, Buffer.from(entry(index).toString().replace('"api"', '"cli"'))), (index) => index],
  ['one bit flipped', (index) => log.entries.with(index, flipped(entry(index))), (index) => index],
  ['dropped', (index) => log.entries.toSpliced(index, 1), (index) => index],
  ['inserted', (index) => log.entries.toSpliced(index, 0, forged), (index) => index],
  ['swapped with the next', (index) => log.entries.with(index, entry(index + 1)).with(index + 1, entry(index)), (index) => index],
  ['replaced by a copy of another', (index) => log.entries.with(index, entry((index + 700) % SIZE)), (index) => index],
  ['rewritten from here on', (index) => [...log.entries.slice(0, index), ...log.entries.slice(index).map((old) => Buffer.concat([old, Buffer.from(' ')]))], (index) => index],
  ['cut off from here on', (index) => log.entries.slice(0, index), (index) => index],
];

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[10] = (copy[10] ?? 0) ^ 1;
  return copy;
}

describe.each(CHANGES)('H09: an entry %s', (_kind, change, first) => {
  test.each(PLACES)('at %d is found between two checkpoints, and named with the tiles', async (index) => {
    const bytes = linesOf(change(index));
    const blind = await verifyBytes(bytes, { checkpoints: given(2000, SIZE), threads: 2 });
    expect(blind).toMatchObject({ intact: false });
    const range = blind.faults[0]?.firstBad ?? { begin: 0, end: 0 };
    expect(range.begin).toBeLessThanOrEqual(first(index));
    expect(range.end).toBeGreaterThan(first(index));
    expect([0, 2000, index]).toContain(range.begin);
    const named = await verifyBytes(bytes, { checkpoints: given(2000, SIZE), tiles: at('tiles') });
    expect(named.faults).toMatchObject([{ firstBad: { begin: first(index), end: first(index) + 1 } }]);
  });
});

describe('H09: only a checkpoint from outside shows it', () => {
  const REWRITTEN_FROM = 2500;
  const rewritten = (): MadeLog => makeLog([...log.entries.slice(0, REWRITTEN_FROM), ...log.entries.slice(REWRITTEN_FROM).map(() => forged)], log.key, log.witness);

  test('a tail rewritten with correct hashes and signed again is intact by itself, and rewritten against an older checkpoint', async () => {
    const other = rewritten();
    const newest = { file: 'newest', note: Buffer.from(other.checkpoint(SIZE)) };
    expect(await verifyBytes(linesOf(other.entries), { checkpoints: [newest] }), 'this is why a checkpoint has to be kept elsewhere').toMatchObject({ intact: true });
    expect(await verifyBytes(linesOf(other.entries), { checkpoints: [newest, ...given(2000, 2800)] })).toMatchObject({
      intact: false,
      comparedWith: [2000, SIZE],
      faults: [{ fault: 'rewritten', firstBad: { begin: 2000, end: 2800 } }],
    });
    expect(await verifyBytes(linesOf(other.entries), { checkpoints: [newest, ...given(SIZE)] })).toMatchObject({ intact: false, faults: [{ fault: 'split' }] });
  });

  test('a backup that was restored lacks what was witnessed', async () => {
    const backup = linesOf(log.entries.slice(0, 2000));
    expect(await verifyBytes(backup, { checkpoints: given(2000) })).toMatchObject({ intact: true });
    expect(await verifyBytes(backup, { checkpoints: given(2000, 2400) })).toMatchObject({ intact: false, faults: [{ fault: 'missing', firstBad: { begin: 2000, end: 2400 } }] });
    await writeTiles(at('backup'), log, 2000);
    expect(await verify({ path: at('backup'), policy, checkpoints: [], threads: 1 })).toMatchObject({ intact: true });
    expect(await verify({ path: at('backup'), policy, checkpoints: given(2400), threads: 2 })).toMatchObject({
      intact: false,
      entries: 2000,
      faults: [{ fault: 'missing', firstBad: { begin: 2000, end: 2400 } }],
    });
  });

  test('a restored backup that grew again on its own, in tiles', async () => {
    const other = rewritten();
    await writeTiles(at('regrown'), other, SIZE);
    const request = { path: at('regrown'), policy, threads: 2 };
    expect(await verify({ ...request, checkpoints: [] })).toMatchObject({ intact: true });
    expect(await verify({ ...request, checkpoints: given(2000, 2800) })).toMatchObject({
      intact: false,
      comparedWith: [2000],
      faults: [{ fault: 'rewritten', firstBad: { begin: 2000, end: 2800 } }],
    });
    expect(await verify({ ...request, checkpoints: given(SIZE) })).toMatchObject({ intact: false, faults: [{ fault: 'split' }] });
  });
});

describe('H10: whom to believe is said by who verifies', () => {
  test('another origin, another key, a retired key beyond its size, no signature: nothing is compared', async () => {
    const stranger = generateSignerKey(ORIGIN);
    const bytes = linesOf(log.entries);
    const note = (text: string): VerifyRequest['checkpoints'] => [{ file: 'c', note: Buffer.from(text) }];
    const cases: readonly (readonly [Partial<VerifyRequest>, string])[] = [
      [{ policy: { ...policy, origin: `${ORIGIN}/2` } }, 'untrusted'],
      [{ policy: { ...policy, logKeys: [{ key: stranger.verifier }] } }, 'untrusted'],
      [{ checkpoints: note(log.checkpoint(SIZE, { keys: [stranger] })) }, 'untrusted'],
      [{ checkpoints: note(log.checkpoint(SIZE, { origin: 'other.example/log' })) }, 'untrusted'],
      [{ policy: { ...policy, logKeys: [{ key: log.key.verifier, lastSize: SIZE - 1 }] } }, 'untrusted'],
      [{ policy: { ...policy, leastCosignatures: 1 } }, 'untrusted'],
      [{ checkpoints: note('nonsense') }, 'untrusted'],
      [{ checkpoints: [...given(SIZE), ...note(log.checkpoint(5, { keys: [stranger] }))] }, 'untrusted'],
    ];
    for (const [more, fault] of cases) expect(await verifyBytes(bytes, more)).toMatchObject({ intact: false, entries: 0, faults: [{ fault }] });
    expect(await verifyBytes(bytes, { policy: { ...policy, leastCosignatures: 1 }, checkpoints: note(log.checkpoint(SIZE, { cosigned: true })) })).toMatchObject({
      intact: true,
      checkpoint: { cosignedBy: [{ name: 'witness.example' }] },
    });
    await expect(verifyBytes(bytes, { checkpoints: [] })).rejects.toThrow(VerifyTargetFault);
    await expect(verify({ path: at('nowhere'), policy, checkpoints: given(1), threads: 1 })).rejects.toThrow(VerifyTargetFault);
  });
});

describe('H20: entries that have served their time', () => {
  const GONE = [3, 300, 301, 511, 900];
  const pruned = (): readonly Buffer[] => log.entries.map((each, index) => (GONE.includes(index) ? Buffer.alloc(0) : each));
  const statement = (minimumIndex: number, origin = ORIGIN, key = log.key, entries = SIZE): Buffer =>
    Buffer.from(
      signNote({ text: printRetentionStatement({ origin, classes: [{ retention: 'reading', minimumIndex, prunedBefore: '2026-01', entries }] }), signatures: [] }, [key], 0),
    );

  test('below the minimum that was signed they may be absent, their hashes in place', async () => {
    for (const bytes of [linesOf(pruned()), bundlesOf(pruned())])
      expect(await verifyBytes(bytes, { tiles: at('tiles'), retention: statement(901), framing: bytes[0] === 0x7b ? 'lines' : 'bundles' })).toMatchObject({
        intact: true,
        entries: SIZE - GONE.length,
        absent: GONE.length,
      });
    await writeTiles(at('pruned'), log, SIZE, pruned());
    const report = await verify({ path: at('pruned'), policy, checkpoints: given(400), threads: 2, retention: statement(901) });
    expect(report).toMatchObject({ intact: true, entries: SIZE - GONE.length, absent: GONE.length, comparedWith: [400] });
    await writeFile(at('pruned/retention.note'), statement(901));
    expect(await verify({ path: at('pruned'), policy, checkpoints: [], threads: 1 })).toMatchObject({ intact: true, absent: GONE.length });
    await rm(at('pruned/tile/entries/001'));
    expect(await verify({ path: at('pruned'), policy, checkpoints: [], threads: 1 }), 'a bundle of which nothing is left').toMatchObject({ intact: true, absent: 2 + 256 });
  });

  test('an absent entry beyond it, without a statement or under a forged one, is a fault', async () => {
    const bytes = linesOf(pruned());
    expect(await verifyBytes(bytes, { tiles: at('tiles'), retention: statement(900) })).toMatchObject({
      intact: false,
      faults: [{ fault: 'altered', firstBad: { begin: 900, end: 901 } }],
    });
    expect(await verifyBytes(bytes, { tiles: at('tiles') })).toMatchObject({ intact: false, faults: [{ firstBad: { begin: 3, end: 4 } }] });
    await writeTiles(at('beyond'), log, SIZE, pruned());
    const beyond = { path: at('beyond'), policy, checkpoints: [], threads: 1 };
    expect(await verify({ ...beyond, retention: statement(900) })).toMatchObject({ intact: false, faults: [{ fault: 'altered', firstBad: { begin: 900, end: 901 } }] });
    expect(await verify(beyond)).toMatchObject({ intact: false, faults: [{ firstBad: { begin: 3, end: 4 } }] });
    expect(await verifyBytes(bytes, { retention: statement(901) }), 'without tiles there is no hash in its place').toMatchObject({ intact: false });
    for (const forgedNote of [statement(901, 'other.example/log'), statement(901, ORIGIN, generateSignerKey(ORIGIN)), Buffer.from(log.checkpoint(SIZE))])
      expect(await verifyBytes(bytes, { tiles: at('tiles'), retention: forgedNote })).toMatchObject({ intact: false, entries: 0, faults: [{ fault: 'untrusted' }] });
  });

  test('H09 more entries gone than the log has signed for are a fault, whichever they are', async () => {
    await writeTiles(at('more'), log, SIZE, pruned());
    const folder = { path: at('more'), policy, checkpoints: [], threads: 1 };
    const file = (entries: number): Promise<VerifyReport> => verifyBytes(linesOf(pruned()), { tiles: at('tiles'), retention: statement(901, ORIGIN, log.key, entries) });
    expect(await verify({ ...folder, retention: statement(901, ORIGIN, log.key, GONE.length) })).toMatchObject({ intact: true, absent: GONE.length });
    expect(await file(GONE.length)).toMatchObject({ intact: true, absent: GONE.length });
    const taken = { intact: false, absent: GONE.length, faults: [{ fault: 'missing' }] };
    expect(await verify({ ...folder, retention: statement(901, ORIGIN, log.key, GONE.length - 1) })).toMatchObject(taken);
    expect(await file(GONE.length - 1)).toMatchObject(taken);
  });

  test('an absent entry does not excuse another hash in its place', async () => {
    await writeTiles(at('excuse'), makeLog(log.entries.with(3, eventBytes(9000)), log.key), SIZE, pruned());
    await writeFile(at('excuse/checkpoint'), log.checkpoint(SIZE));
    expect(await verify({ path: at('excuse'), policy, checkpoints: [], threads: 1, retention: statement(901) })).toMatchObject({ intact: false });
  });
});
