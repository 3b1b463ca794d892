import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError } from '@sallyport/schema/errors.ts';
import type { PackContents } from '@sallyport/server/evidence/pack/pack-contents.ts';
import { PackContentsFault, writePack } from '@sallyport/server/evidence/pack/write-pack.ts';
import { writePackApart } from '@sallyport/server/evidence/pack/write-pack-apart.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { type MadeLog, madeLog, packContents, signWith } from '../../helpers/made-log.ts';

const SIZE = 3000;
const PAGE = 50;
let log: MadeLog;
let contents: PackContents;

beforeAll(async () => {
  log = madeLog(SIZE);
  const indexes = Array.from({ length: SIZE }, (_, index) => index).filter((index) => index % 3 > 0);
  contents = { ...(await packContents(log, { size: SIZE, begin: 0, end: SIZE, indexes })), openEvents: () => pagesOf(log.entries.filter((_, index) => index % 3 > 0)) };
});

async function* pagesOf(entries: readonly Buffer[]): AsyncGenerator<readonly Buffer[]> {
  for (let from = 0; from < entries.length; from += PAGE) yield entries.slice(from, from + PAGE);
}

const apart = (more: Partial<PackContents> = {}) => writePackApart({ ...contents, ...more }, signWith(log.key), 1);
const failureOf = (more: Partial<PackContents>): Promise<unknown> =>
  buffer(apart(more)).then(
    () => null,
    (error: unknown) => error,
  );

describe('4.12: a large pack is built by a thread of its own', () => {
  test('and is byte by byte the one that would have been built here', async () => {
    const here = await buffer(writePack(contents, signWith(log.key)));
    expect((await buffer(apart())).equals(here)).toBe(true);
    // A small one needs no thread.
    expect((await buffer(writePackApart(contents, signWith(log.key), SIZE))).equals(here)).toBe(true);
  });

  test('what ends a source ends the pack with that very error: rights that are gone stay FORBIDDEN', async () => {
    const gone = new GatewayError('FORBIDDEN');
    const openEvents = async function* () {
      yield log.entries.slice(1, 3);
      throw gone;
    };
    expect(await failureOf({ openEvents })).toBe(gone);
    const summary = async function* () {
      yield 'a';
      await pause(1);
      throw gone;
    };
    expect(await failureOf({ summary: summary() })).toBe(gone);
  });

  test('events that are not those of the checkpoint give no pack and no signature', async () => {
    let signatures = 0;
    const swapped = log.entries.filter((_, index) => index % 3 > 0).with(700, log.entries[3] ?? Buffer.alloc(0));
    const sign = async (text: string): Promise<string> => {
      signatures += 1;
      return signWith(log.key)(text);
    };
    await expect(buffer(writePackApart({ ...contents, openEvents: () => pagesOf(swapped) }, sign, 1))).rejects.toBeInstanceOf(PackContentsFault);
    expect(signatures).toBe(0);
  });

  test('a reader who lets go ends sources and thread; one who takes nothing lets it wait', async () => {
    let [pages, ended] = [0, false];
    const openEvents = async function* () {
      try {
        // Far more than anything between the two holds.
        for (;;) {
          pages += 1;
          yield Array.from({ length: PAGE }, (_, index) => log.entries[(pages * PAGE + index) % SIZE] ?? Buffer.alloc(0));
        }
      } finally {
        ended = true;
      }
    };
    const indexes = Array.from({ length: 400_000 }, (_, index) => index);
    const proof = { ...contents.proof, size: indexes.length, begin: 0, end: indexes.length, indexes, nodes: [] };
    const checkpoint = log.checkpoint(SIZE).replace(`\n${SIZE}\n`, `\n${indexes.length}\n`);
    const pack = apart({ openEvents, proof, checkpoint });
    // Reads up to the events, then no more.
    pack.on('data', () => void (pages > 0 && pack.pause()));
    await expect.poll(() => pages, { timeout: 20_000 }).toBeGreaterThan(0);
    let before = -1;
    while (pages !== before) {
      before = pages;
      await pause(700);
    }
    expect(pack.isPaused()).toBe(true);
    expect(pages).toBeLessThan(indexes.length / PAGE / 2);
    pack.destroy();
    await once(pack, 'close');
    await expect.poll(() => ended).toBe(true);
    const stopped = pages;
    await pause(200);
    expect(pages).toBe(stopped);
  });
});
