import { backoff, STREAM_TIMES } from '@sallyport/server/streaming/run-stream.ts';
import { MOST_BYTES, readBatch } from '@sallyport/server/streaming/read-batch.ts';
import { readRetryAfter } from '@sallyport/server/streaming/retry-after.ts';
import { LINE_WRITERS } from '@sallyport/server/streaming/stream-line.ts';
import { createHttpSink } from '@sallyport/server/streaming/http-sink.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import type { LogEntry } from '@sallyport/server/integrity/log-reader.ts';
import { UNSERVED_MINUTES } from '@sallyport/schema/modules/log/stream-states.ts';
import { readConfig } from '@sallyport/server/config.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const after = (headers: Record<string, string>): number | null => readRetryAfter(headers, Date.parse('2026-11-21T12:00:00Z'));

describe('Retry-After', () => {
  test.each([
    [{}, null],
    [{ 'retry-after': '120' }, 120_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '999999999' }, 3_600_000],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': '1e9' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, 30_000],
    // A receiver whose clock is an hour ahead means thirty seconds all the same.
    [{ 'retry-after': 'Sat, 21 Nov 2026 13:00:30 GMT', date: 'Sat, 21 Nov 2026 13:00:00 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2020 12:00:30 GMT' }, 0],
    [{ 'retry-after': 'Sat, 99 Nov 2026 12:00:30 GMT' }, null],
  ])('%j', (headers, milliseconds) => expect(after(headers)).toBe(milliseconds));
});

test('waits double up to the longest, and chance takes at most half', () => {
  const { soon, slowly } = STREAM_TIMES;
  expect([1, 2, 3, 7, 50, 5_000].map((failures) => backoff(soon, failures, () => 1))).toEqual([1_000, 2_000, 4_000, 60_000, 60_000, 60_000]);
  expect(backoff(soon, 3, () => 0)).toBe(2_000);
  expect(backoff(slowly, 1, () => 1)).toBe(60_000);
  // A stream that waits is not mistaken for one that nobody serves.
  expect(STREAM_TIMES.sign * 4).toBeLessThanOrEqual(UNSERVED_MINUTES * 60_000);
});

const entryOf = (index: number, bytes = 100, members: Partial<LogEntry> = {}): LogEntry => {
  const canonical = Buffer.from(JSON.stringify({ id: `e-${index}`, note: 'x'.repeat(bytes) }));
  return { index, eventId: `e-${index}`, time: '2026-11-21T12:00:00.123456Z', retention: 'act', leafHash: leafHash(canonical), canonical, ...members };
};
const readerOf = (entries: readonly LogEntry[]) => {
  const asked: number[] = [];
  return {
    asked,
    async *readEntries(begin: number, end: number): AsyncGenerator<readonly LogEntry[]> {
      asked.push(end - begin);
      yield entries.filter(({ index }) => index >= begin && index < end);
    },
  };
};
const covered = (size: number) => ({ origin: 'log.example', size });
const write = LINE_WRITERS.canonical;

test('a batch is bounded in entries and in bytes, and an entry that is too long for one leaves alone', async () => {
  const small = readerOf(Array.from({ length: 3_000 }, (_, index) => entryOf(index)));
  expect(await readBatch(small, covered(3_000), 5, 1_000, write)).toMatchObject({ first: 5, last: 1_004 });
  expect(Math.max(...small.asked)).toBeLessThanOrEqual(256);
  expect(await readBatch(small, covered(7), 5, 1_000, write)).toMatchObject({ first: 5, last: 6 });
  const large = readerOf(Array.from({ length: 40 }, (_, index) => entryOf(index, 60_000)));
  const batch = await readBatch(large, covered(40), 0, 1_000, write);
  expect(batch.lines.length).toBeLessThanOrEqual(MOST_BYTES);
  expect(batch.last).toBe(16);
  const huge = readerOf([entryOf(0, MOST_BYTES + 1), entryOf(1)]);
  expect(await readBatch(huge, covered(2), 0, 1_000, write)).toMatchObject({ first: 0, last: 0 });
});

test('H an index that is missing stops the stream, wherever it is', async () => {
  for (const gone of [0, 3, 255, 256, 299]) {
    const reader = readerOf(Array.from({ length: 300 }, (_, index) => entryOf(index)).filter(({ index }) => index !== gone));
    await expect(readBatch(reader, covered(300), 0, 1_000, write)).rejects.toMatchObject({ reason: 'LOG_HAS_A_GAP', retry: 'slowly' });
  }
});

test('a line holds the exact canonical bytes; without them it says why', () => {
  const whole = entryOf(7);
  expect(write(whole, 'log.example')).toBe(`{"event":${whole.canonical?.toString('utf8')},"index":7,"origin":"log.example"}\n`);
  expect(JSON.parse(write(entryOf(7, 100, { canonical: null }), 'o'))).toMatchObject({ index: 7, missing: 'absent', leafHash: whole.leafHash.toString('base64') });
  const altered = JSON.parse(write(entryOf(7, 100, { canonical: Buffer.from('{"id":"e-7"}') }), 'o')) as { bytes: string };
  expect(altered).toMatchObject({ missing: 'altered', leafHash: whole.leafHash.toString('base64') });
  expect(Buffer.from(altered.bytes, 'base64').toString('utf8')).toBe('{"id":"e-7"}');
  // Bytes that are no text, let alone lines, stay one line.
  expect(write(entryOf(7, 1, { canonical: Buffer.from([0xff, 10, 0]) }), 'o').split('\n')).toHaveLength(2);
});

test('the name of a stream follows from where it goes and holds no secret', () => {
  const sink = (url: string, format: 'canonical' | 'ocsf' = 'canonical', token: string | null = null) => createHttpSink({ url: new URL(url), token, format });
  const one = sink('https://siem.example/canary-path?key=canary-key');
  expect(one.name).toMatch(/^http-[0-9a-f]{12}$/);
  expect(one.destination).toBe('siem.example');
  expect(JSON.stringify(one)).not.toContain('canary');
  expect(sink('https://siem.example/canary-path?key=canary-key', 'canonical', 'another token').name).toBe(one.name);
  expect(new Set([one, sink('https://siem.example/other'), sink('https://siem.example/canary-path?key=canary-key', 'ocsf')].map(({ name }) => name)).size).toBe(3);
});

describe('configuration of streams', () => {
  test('nothing set streams nowhere; both receivers may be set', () => {
    expect(readConfig({}).logStreams).toEqual([]);
    const streams = readConfig({ SIEM_URL: 'https://siem.example/ingest', SIEM_TOKEN: 'Splunk canary', SIEM_FILE: '/var/log/sallyport/events', SIEM_FORMAT: 'ocsf' }).logStreams;
    expect(streams).toMatchObject([
      { kind: 'http', token: 'Splunk canary', format: 'ocsf' },
      { kind: 'file', path: '/var/log/sallyport/events', format: 'ocsf' },
    ]);
    expect(readConfig({ SIEM_URL: 'http://127.0.0.1:8088/x' }).logStreams).toMatchObject([{ token: null, format: 'canonical' }]);
  });

  test('address and token may come from files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-siem-'));
    await writeFile(join(folder, 'url'), 'https://siem.example/ingest?key=canary\n');
    await writeFile(join(folder, 'token'), 'canary-token\n');
    expect(readConfig({ SIEM_URL_FILE: join(folder, 'url'), SIEM_TOKEN_FILE: join(folder, 'token') }).logStreams).toMatchObject([{ token: 'canary-token' }]);
    await rm(folder, { recursive: true });
  });

  test.each([
    [{ SIEM_URL: 'http://siem.example/canary' }, /^SIEM_URL is http/],
    [{ SIEM_URL: 'http://127.0.0.1.siem.example/canary' }, /^SIEM_URL is http/],
    [{ SIEM_URL: 'ftp://siem.example/canary' }, /^SIEM_URL is not an http/],
    [{ SIEM_URL: 'canary' }, /^SIEM_URL is not an http/],
    [{ SIEM_URL: 'https://user:canary@siem.example/' }, /^SIEM_URL holds credentials/],
    [{ SIEM_URL: 'https://siem.example/#canary' }, /^SIEM_URL holds a fragment/],
    [{ SIEM_TOKEN: 'canary' }, /^SIEM_TOKEN is set without/],
    [{ SIEM_URL: 'https://siem.example/', SIEM_TOKEN: 'canary\r\nHost: x' }, /^SIEM_TOKEN has to be/],
    [{ SIEM_URL: 'https://siem.example/', SIEM_TOKEN: 'a b canary' }, /^SIEM_TOKEN has to be/],
    [{ SIEM_FORMAT: 'ocsf' }, /^SIEM_FORMAT is set, but/],
    [{ SIEM_FILE: '/var/log/x', SIEM_FORMAT: 'cef' }, /^SIEM_FORMAT has to be one of/],
    [{ SIEM_FILE: '/var/log/canary/' }, /^SIEM_FILE is a folder/],
  ])('%j is refused', (environment, reason) => {
    expect(() => readConfig(environment)).toThrow(reason);
    expect(() => readConfig(environment)).not.toThrow(/canary/);
  });
});
