import { appendFile, mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Anchor } from '@sallyport/server/integrity/anchors/anchor.ts';
import { createFileAnchor } from '@sallyport/server/integrity/anchors/file-anchor.ts';
import { parseNote, signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey } from '@sallyport/server/transparency/note-key.ts';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { growLog, type GrowingLog, ORIGIN } from './growing-log.ts';

let log: GrowingLog;
let folder: string;
let path: string;
let anchor: Anchor;
beforeAll(async () => {
  log = await growLog();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-anchor-'));
  path = join(folder, 'kept', 'checkpoints');
  anchor = createFileAnchor(path);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (size: number, one = log) => anchor.anchor(one.head(size), one.prove);
const sizes = async (): Promise<readonly number[]> => [...new Set((await anchor.seen([])).map(({ size }) => size))].sort((a, b) => a - b);

describe('H09: checkpoints in a file that only grows', () => {
  test('each checkpoint is a record with an empty line behind it, and the file is never written over', async () => {
    let before = '';
    for (const size of [1, 5, 9]) {
      expect(await put(size)).toEqual({ note: log.head(size).note, cosignature: null });
      const now = await readFile(path, 'utf8');
      expect(now).toBe(`${before}${log.head(size).note}\n`);
      before = now;
    }
    expect(await anchor.seen([])).toEqual(expect.arrayContaining([{ place: 'checkpoints', origin: ORIGIN, size: 9, root: log.head(9).root, note: log.head(9).note }]));
    expect(await sizes()).toEqual([1, 5, 9]);
  });

  test('a log that rests adds nothing; the first cosignature does', async () => {
    const witness = generateSignerKey('witness.example', 'cosignature');
    await put(5);
    await put(5);
    const alone = (await stat(path)).size;
    expect(alone).toBe(Buffer.byteLength(log.head(5).note) + 1);
    for (const time of [1000, 2000, 3000]) await anchor.anchor({ ...log.head(5), note: signNote(parseNote(log.head(5).note), [witness], time) }, log.prove);
    const records = (await readFile(path, 'utf8')).split('\n\n').filter((block) => block.startsWith('— '));
    expect(records.map((block) => block.split('\n').length)).toEqual([1, 2]);
  });

  test('no file says nothing', async () => {
    expect(await anchor.seen([])).toEqual([]);
  });

  test('a record that was cut off after any byte is no record, and what comes behind it is', async () => {
    await put(3);
    const whole = await readFile(path);
    const record = Buffer.from(`${log.head(7).note}\n`);
    for (let kept = 0; kept < record.length; kept++) {
      await truncate(path, whole.length);
      await appendFile(path, record.subarray(0, kept));
      expect([kept, await sizes()]).toEqual([kept, [3]]);
      await put(9);
      // Without its empty line alone, it has all that it says.
      expect([kept, await sizes()]).toEqual([kept, kept === record.length - 1 ? [3, 7, 9] : [3, 9]]);
      expect((await readFile(path)).subarray(0, whole.length + kept)).toEqual(Buffer.concat([whole, record.subarray(0, kept)]));
    }
  });

  test('the largest is told of, and the last ones, though the file is long and its beginning was cut', async () => {
    const longLog = await growLog({ most: 1_500 });
    const records = Array.from({ length: 1_501 }, (_, size) => `${longLog.head(size).note}\n`);
    await put(1_500, longLog);
    await appendFile(path, records.slice(400, 900).join(''));
    const seen = await anchor.seen([]);
    expect(Math.max(...seen.map(({ size }) => size))).toBe(1_500);
    expect(seen.slice(-16).map(({ size }) => size)).toEqual(Array.from({ length: 16 }, (_, place) => 884 + place));
    // More records than are looked at, begun at every byte of one: no half record is taken for one.
    const text = records.slice(0, 1_499).join('');
    expect(text.length).toBeGreaterThan(260_000);
    for (let shift = 0; shift < 200; shift += 3) {
      await writeFile(path, `${'x'.repeat(shift)}\n\n${text}`);
      const later = await anchor.seen([]);
      expect(later.every(({ note, size }) => note === longLog.head(size).note)).toBe(true);
      expect(Math.max(...later.map(({ size }) => size))).toBe(1_498);
    }
  });

  test('what is no record is passed over; a record whose signature is bad still counts against the database', async () => {
    await put(3);
    await appendFile(path, `hello\n\n— x\n\n— ${ORIGIN} AAAA\n\n\n\n\u0000\n\n`);
    await appendFile(path, `${log.head(8).note.replace(/ [A-Za-z0-9+/=]+\n$/, ` ${Buffer.alloc(68).toString('base64')}\n`)}\n`);
    expect(await sizes()).toEqual([3, 8]);
    await put(9);
    expect(await sizes()).toEqual([3, 8, 9]);
  });

  test.each([
    ['a directory in its place', () => mkdir(path, { recursive: true })],
    ['a file where its directory should be', () => writeFile(join(folder, 'kept'), '')],
  ])('%s is a problem of the anchor', async (_what, spoil) => {
    await spoil();
    await expect(put(3)).rejects.toMatchObject({ name: 'AnchorFault', problem: 'not-writable' });
    await expect(anchor.seen([])).rejects.toMatchObject({ name: 'AnchorFault', problem: 'not-writable' });
  });
});
