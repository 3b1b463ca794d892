import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createFileSink } from '@sallyport/server/streaming/file-sink.ts';
import { gzipMember, isWholeMember, memberLength } from '@sallyport/server/streaming/gzip-member.ts';
import type { LogBatch } from '@sallyport/server/streaming/log-sink.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stopped = new AbortController().signal;
const batchOf = (first: number, last: number): LogBatch => ({
  origin: 'log.example',
  first,
  last,
  lines: Buffer.from(Array.from({ length: last - first + 1 }, (_, place) => `{"index":${first + place},"event":{"ticket":"SUP-${(first + place) * 7919}"}}\n`).join('')),
});
const sinkOf = (rotateAt = 1_000_000) => createFileSink({ path: join(folder, 'log/events'), format: 'canonical', rotateAt });
const files = async (): Promise<readonly string[]> => (await readdir(join(folder, 'log'))).toSorted();
const indexesIn = async (names: readonly string[]): Promise<readonly number[]> => {
  const texts = await Promise.all(names.map(async (name) => gunzipSync(await readFile(join(folder, 'log', name))).toString('utf8')));
  return texts
    .join('')
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { index: number }).index);
};
const upTo = (size: number): readonly number[] => Array.from({ length: size }, (_, index) => index);

test('members say how long they are, and any reader of gzip takes a row of them as one', async () => {
  const members = await Promise.all(['', 'a', 'b'.repeat(100_000)].map((text) => gzipMember(Buffer.from(text))));
  for (const member of members) {
    expect(memberLength(member)).toBe(member.length);
    expect(await isWholeMember(member)).toBe(true);
    expect(await isWholeMember(member.subarray(0, -1))).toBe(false);
  }
  expect(gunzipSync(Buffer.concat(members)).toString('utf8')).toBe(`a${'b'.repeat(100_000)}`);
  expect(memberLength(Buffer.from('not a member of ours at all'))).toBeNull();
});

test('appends, rotates by size, and the names sort as the log does', async () => {
  const sink = sinkOf(600);
  await sink.open();
  for (let first = 0; first < 2_000; first += 40) await sink.deliver(batchOf(first, first + 39), stopped);
  await sink.close();
  const names = await files();
  expect(names.length).toBeGreaterThan(10);
  expect(names[0]).toBe('events-000000000000.jsonl.gz');
  expect(await indexesIn(names)).toEqual(upTo(2_000));
  for (const name of names) expect((await stat(join(folder, 'log', name))).mode & 0o777).toBe(0o600);
});

test('L05 a member torn at any byte is cut off at the next start; what came before stays, what comes after can be read', { timeout: 60_000 }, async () => {
  const path = join(folder, 'log/events-000000000000.jsonl.gz');
  const first = sinkOf();
  await first.open();
  await first.deliver(batchOf(0, 9), stopped);
  const whole = (await stat(path)).size;
  await first.deliver(batchOf(10, 12), stopped);
  await first.close();
  const bytes = await readFile(path);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    await writeFile(path, bytes.subarray(0, cut));
    const sink = sinkOf();
    await sink.open();
    const kept = cut === bytes.length ? 13 : cut >= whole ? 10 : 0;
    await sink.deliver(batchOf(kept, 20), stopped);
    await sink.close();
    expect(await indexesIn(await files())).toEqual(upTo(21));
  }
});

test('a tail that was never written (zeros, after a loss of power) is cut off', async () => {
  const sink = sinkOf();
  await sink.open();
  await sink.deliver(batchOf(0, 9), stopped);
  await sink.close();
  const path = join(folder, 'log/events-000000000000.jsonl.gz');
  await truncate(path, (await stat(path)).size + 4096);
  await sink.open();
  await sink.deliver(batchOf(10, 19), stopped);
  await sink.close();
  expect(await indexesIn(await files())).toEqual(upTo(20));
});

test.each([
  ['a file of somebody else', (): Buffer => Buffer.from('not ours, and longer than the header of a member')],
  ['a file of ours with something behind it', (ours: Buffer): Buffer => Buffer.concat([ours, Buffer.from('and this')])],
  [
    'a last member whose bytes have changed',
    (ours: Buffer): Buffer => {
      const changed = Buffer.from(ours);
      changed.writeUInt8((changed[ours.length - 12] ?? 0) ^ 1, ours.length - 12);
      return changed;
    },
  ],
])('%s is refused and left as it is', async (_what, make) => {
  const path = join(folder, 'log/events-000000000000.jsonl.gz');
  await mkdir(join(folder, 'log'));
  const bytes = make(await gzipMember(Buffer.from('{"index":0}\n')));
  await writeFile(path, bytes);
  await expect(sinkOf().open()).rejects.toMatchObject({ reason: 'DAMAGED_FILE', retry: 'slowly' });
  expect(await readFile(path)).toEqual(bytes);
});

test('a file that was moved away is not written to any more', async () => {
  const sink = sinkOf();
  await sink.open();
  await sink.deliver(batchOf(0, 9), stopped);
  await rename(join(folder, 'log/events-000000000000.jsonl.gz'), join(folder, 'shipped.gz'));
  await sink.deliver(batchOf(10, 19), stopped);
  await sink.close();
  expect(await files()).toEqual(['events-000000000010.jsonl.gz']);
  expect(gunzipSync(await readFile(join(folder, 'shipped.gz'))).toString('utf8')).toBe(batchOf(0, 9).lines.toString('utf8'));
});

test('a link in place of a file is not followed', async () => {
  await mkdir(join(folder, 'log'));
  await writeFile(join(folder, 'precious'), '');
  await symlink(join(folder, 'precious'), join(folder, 'log/events-000000000000.jsonl.gz'));
  await expect(sinkOf().open()).rejects.toMatchObject({ reason: 'ELOOP' });
  expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('');
});

test('a folder that can not be made is a failure with its code, tried again', async () => {
  await writeFile(join(folder, 'log'), 'a file where the folder should be');
  await expect(sinkOf().open()).rejects.toMatchObject({ retry: 'soon', reason: expect.stringMatching(/^E(EXIST|NOTDIR)$/) });
});
