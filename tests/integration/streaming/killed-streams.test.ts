import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { coverLog, writeEvents } from './covered-log.ts';
import { faultsOf, openReceiver, type Receiver } from './receiver.ts';

const KILLS = 20;
/** A seeded fault shows sooner. */
const KILLS_WITH_FAULT = 5;
/** Milliseconds that the receiver takes to answer: long enough to be killed meanwhile. */
const ANSWER_MS = 60;
const STREAMER = fileURLToPath(new URL('streamer-process.ts', import.meta.url));
const FAULT = new URL('cursor-before-answer.ts', import.meta.url);

let database: TestDatabase;
let receiver: Receiver;
const children = new Set<ChildProcess>();
beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await openReceiver();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await receiver.close();
  await database.drop();
});

async function startStreamer(receivers: readonly string[], fault: URL | null): Promise<{ kill(): Promise<void> }> {
  const child = spawn(process.execPath, [...(fault ? ['--import', fault.href] : []), STREAMER, database.appUrl, ...receivers], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1' },
  });
  children.add(child);
  await once(child.stdout, 'data');
  return {
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      children.delete(child);
    },
  };
}

const cursors = async (): Promise<readonly number[]> =>
  (await sql<{ next_index: number }>`select next_index from gateway.log_stream`.execute(database.app)).rows.map((row) => row.next_index);

/**
 * Writes and covers events while one streamer after the other is killed: every second one while the receiver has a batch and has not answered, the
 * others at a moment of chance. Then lets a last one finish. @returns the size of the log.
 */
async function killAgainAndAgain(kills: number, receivers: readonly string[], fault: URL | null): Promise<number> {
  let over = false;
  const writing = (async () => {
    while (!over) {
      await writeEvents(database.app, 10);
      await coverLog(database.app);
      await pause(20);
    }
  })();
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const before = receiver.sent.length;
      const streamer = await startStreamer(receivers, fault);
      await vi.waitFor(() => expect(receiver.sent.length).toBeGreaterThan(before), { timeout: 20_000, interval: 2 });
      if (kill % 2 === 1) await pause(ANSWER_MS / 2 + Math.random() * 250);
      await streamer.kill();
    }
  } finally {
    over = true;
    await writing;
  }
  const size = await coverLog(database.app);
  const last = await startStreamer(receivers, fault);
  await vi.waitFor(async () => expect(await cursors()).toEqual(receivers.map(() => size)), { timeout: 30_000, interval: 50 });
  await last.kill();
  return size;
}

/** Takes its time; what it was asked by a sender that is gone by then it has not taken. */
const slowly: Receiver['answering'] = async (_batch, response) => {
  await pause(ANSWER_MS);
  response.writeHead(200).end('{}');
};

async function indexesInFiles(folder: string): Promise<readonly number[]> {
  const indexes: number[] = [];
  for (const name of (await readdir(folder)).toSorted())
    for (const line of gunzipSync(await readFile(join(folder, name)))
      .toString('utf8')
      .split('\n')
      .slice(0, -1))
      indexes.push((JSON.parse(line) as { index: number }).index);
  return indexes;
}

test(`L05 K01 killed ${KILLS} times under writes: every index arrives, in order on each connection, and is in files that unpack`, { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-stream-'));
  try {
    receiver.answering = slowly;
    const size = await killAgainAndAgain(KILLS, [receiver.url.href, join(folder, 'events')], null);
    expect(faultsOf(receiver, size)).toEqual([]);
    expect(receiver.counts().size).toBe(size);
    // Killed at moments that matter: batches were sent that nobody took.
    expect(receiver.sent.length).toBeGreaterThan(receiver.taken.length);
    const indexes = await indexesInFiles(folder);
    expect([...new Set(indexes)]).toEqual(Array.from({ length: size }, (_, index) => index));
    const twice = [...receiver.counts().values()].filter((times) => times > 1).length;
    process.stdout.write(`${size} entries: ${receiver.sent.length} batches sent, ${receiver.taken.length} taken, ${twice} entries twice; ${indexes.length} lines in files\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the same with a seeded fault, the cursor before the answer: indexes are missing, and the check says which', { timeout: 120_000 }, async () => {
  receiver.answering = slowly;
  const size = await killAgainAndAgain(KILLS_WITH_FAULT, [receiver.url.href], FAULT);
  expect(faultsOf(receiver, size).filter((fault) => fault.endsWith('is missing')).length).toBeGreaterThan(0);
});
