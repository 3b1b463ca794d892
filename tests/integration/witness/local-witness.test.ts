import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createWitnessMemory } from '@sallyport/server/cli/witness-memory.ts';
import { AnchorFault } from '@sallyport/server/integrity/anchors/anchor.ts';
import { createAnchors } from '@sallyport/server/integrity/anchors/create-anchors.ts';
import { introduceLog } from '@sallyport/server/integrity/anchors/introduce-log.ts';
import { startLocalWitness } from '@sallyport/server/integrity/anchors/local-witness.ts';
import { oneAtATime } from '@sallyport/server/integrity/anchors/one-at-a-time.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { checkpointsPath, originHash } from '@sallyport/server/witness/cosigned-checkpoints.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../helpers/database.ts';
import { growLog, ORIGIN } from '../../unit/witness/growing-log.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport-local-witness-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('H09: the witness that an installation brings along', () => {
  test('it is a process of its own that keeps its key and its memory, and tells of alarms', async () => {
    const log = await growLog();
    const forked = await growLog({ key: log.key, forksAt: 2 });
    const told: string[] = [];
    expect(await introduceLog(directory, ORIGIN, [log.key.verifier])).toBe(true);
    const first = await startLocalWitness(directory, (line) => told.push(line));
    expect(first.pid).not.toBe(process.pid);
    const anchors = createAnchors({ file: null, webhookUrl: null, witness: first, log: createLog('silent') });
    expect(await anchors.anchor(log.head(5), log.prove)).toMatchObject([{ problem: null }]);
    expect(await anchors.anchor(forked.head(5), forked.prove)).toMatchObject([{ problem: 'fork' }]);
    await vi.waitFor(() => expect(told.join('\n')).toMatch(/ALARM split-view/));
    await first.stop();
    expect(lives(first.pid)).toBe(false);
    const second = await startLocalWitness(directory, (line) => told.push(line));
    try {
      expect(printVerifierKey(second.key)).toBe(printVerifierKey(first.key));
      const again = createAnchors({ file: null, webhookUrl: null, witness: second, log: createLog('silent') });
      expect((await again.lastSeen([ORIGIN])).seen).toMatchObject([{ size: 5, place: first.key.name }]);
    } finally {
      await second.stop();
    }
  });

  test('it ends with the process that started it, however that one ends', async () => {
    await introduceLog(directory, ORIGIN, [(await growLog()).key.verifier]);
    const parent = spawn(process.execPath, [fileURLToPath(new URL('starts-local-witness.ts', import.meta.url)), directory], { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(lives(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(lives(pid)).toBe(false), { timeout: 5_000 });
  });

  test('killed, it comes back by itself with its key and memory at another address, later with each failure, and says so', { timeout: 30_000 }, async () => {
    const log = await growLog();
    const told: string[] = [];
    await introduceLog(directory, ORIGIN, [log.key.verifier]);
    const witness = await startLocalWitness(directory, (line) => told.push(line));
    const anchors = createAnchors({ file: null, webhookUrl: null, witness, log: createLog('silent') });
    try {
      expect(await anchors.anchor(log.head(5), log.prove)).toMatchObject([{ problem: null }]);
      const before = printVerifierKey(witness.key);
      for (let death = 1; death <= 3; death += 1) {
        const { pid, url } = witness;
        process.kill(pid, 'SIGKILL');
        await vi.waitFor(() => expect(witness.failures()).toBe(death));
        await vi.waitFor(() => expect(witness.pid).not.toBe(pid), { timeout: 15_000 });
        expect(witness.url.href).not.toBe(url.href);
      }
      expect(told.filter((line) => line.includes('has ended'))).toEqual([
        expect.stringContaining('in 0.25 s'),
        expect.stringContaining('in 0.5 s'),
        expect.stringContaining('in 1 s'),
      ]);
      expect(printVerifierKey(witness.key)).toBe(before);
      // The same anchor goes on where it was, and its memory too: an older checkpoint is refused.
      expect(await anchors.anchor(log.head(9), log.prove)).toMatchObject([{ problem: null }]);
      expect((await anchors.lastSeen([ORIGIN])).seen).toMatchObject([{ size: 9 }]);
      expect(await anchors.anchor(log.head(6), log.prove)).toMatchObject([{ problem: 'ahead' }]);
    } finally {
      await witness.stop();
    }
    expect(lives(witness.pid)).toBe(false);
  });

  test('H09 the name that a log goes on under after an acknowledged loss, and a new key, are named to it without a new start; another log is not', async () => {
    const [log, later, stranger] = [await growLog(), await growLog({ origin: `${ORIGIN}/gap/1` }), await growLog({ origin: 'another.example/log' })];
    const told: boolean[] = [];
    let now = { log, before: null as string | null };
    const introduce = async (): Promise<void> => {
      told.push(await introduceLog(directory, now.log.head(1).note.split('\n')[0] ?? '', [now.log.key.verifier], now.before));
    };
    await introduce();
    const witness = await startLocalWitness(directory, () => undefined, introduce);
    try {
      const anchors = createAnchors({ file: null, webhookUrl: null, witness, log: createLog('silent') });
      expect(await anchors.anchor(log.head(5), log.prove)).toMatchObject([{ problem: null }]);
      now = { log: later, before: ORIGIN };
      expect(await anchors.anchor(later.head(3), later.prove)).toMatchObject([{ problem: null }]);
      now = { log: await growLog({ origin: `${ORIGIN}/gap/1` }), before: ORIGIN };
      expect(await anchors.anchor(now.log.head(4), now.log.prove)).toMatchObject([{ problem: null }]);
      now = { log: stranger, before: null };
      expect(await anchors.anchor(stranger.head(3), stranger.prove)).toMatchObject([{ problem: 'unknown-log' }]);
      expect(told).toEqual([true, true, true, false]);
    } finally {
      await witness.stop();
    }
  });

  test('H12 with another key than it had it is not taken back: its memory would be gone too', { timeout: 30_000 }, async () => {
    const told: string[] = [];
    await introduceLog(directory, ORIGIN, [(await growLog()).key.verifier]);
    const witness = await startLocalWitness(directory, (line) => told.push(line));
    try {
      const logs = await readFile(join(directory, 'logs'), 'utf8');
      await rm(directory, { recursive: true });
      await mkdir(directory, { mode: 0o700 });
      await writeFile(join(directory, 'logs'), logs);
      const { pid } = witness;
      process.kill(pid, 'SIGKILL');
      await vi.waitFor(() => expect(told.join('\n')).toMatch(/has another key than it had/), { timeout: 15_000 });
      await vi.waitFor(() => expect(witness.failures()).toBeGreaterThanOrEqual(2));
      expect(witness.pid).toBe(pid);
    } finally {
      await witness.stop();
    }
  });

  test('the command line reads what it remembers from its directory, running or not, and takes a damaged memory for none that it could ask', async () => {
    const log = await growLog();
    expect(await createWitnessMemory(directory).seen([ORIGIN])).toEqual([]);
    await introduceLog(directory, ORIGIN, [log.key.verifier]);
    const witness = await startLocalWitness(directory, () => undefined);
    const anchors = createAnchors({ file: null, webhookUrl: null, witness, log: createLog('silent') });
    for (const size of [5, 9]) await anchors.anchor(log.head(size), log.prove);
    const remembered = [{ place: witness.key.name, origin: ORIGIN, size: 9 }];
    expect(await createWitnessMemory(directory).seen([ORIGIN, `${ORIGIN}/gap/1`])).toMatchObject(remembered);
    await witness.stop();
    expect(await createWitnessMemory(directory).seen([ORIGIN])).toMatchObject(remembered);
    const key = await readFile(join(directory, 'key'));
    await rm(join(directory, 'key'));
    await expect(createWitnessMemory(directory).seen([ORIGIN])).rejects.toThrow(AnchorFault);
    await writeFile(join(directory, 'key'), key);
    const kept = join(checkpointsPath(directory), originHash(ORIGIN));
    for (const turn of await readdir(kept)) await writeFile(join(kept, turn), 'nothing of ours');
    await expect(createWitnessMemory(directory).seen([ORIGIN])).rejects.toThrow(AnchorFault);
  });

  test('it is told of new keys of its log, and of the name after an acknowledged gap, but of no other log', async () => {
    const [one, two] = [await growLog(), await growLog()];
    const [first, second] = [one.key.verifier, two.key.verifier];
    expect(await introduceLog(directory, ORIGIN, [first])).toBe(true);
    expect(await introduceLog(directory, ORIGIN, [first, second])).toBe(true);
    expect(await introduceLog(directory, ORIGIN, [first, second])).toBe(true);
    expect(await introduceLog(directory, 'log.example/begun-anew', [second])).toBe(false);
    expect(await introduceLog(directory, `${ORIGIN}/gap/1`, [second])).toBe(false);
    expect(await introduceLog(directory, `${ORIGIN}/gap/1`, [second], ORIGIN)).toBe(true);
    expect((await readFile(join(directory, 'logs'), 'utf8')).trim().split('\n')).toEqual([
      `${ORIGIN} ${printVerifierKey(first)}`,
      `${ORIGIN} ${printVerifierKey(second)}`,
      `${ORIGIN}/gap/1 ${printVerifierKey(second)}`,
    ]);
  });
});

describe('H12: several gateways on one log', () => {
  test('one of them anchors at a time, and the lock of one that is gone is free', async () => {
    const database = await createTestDatabase();
    try {
      let running = 0;
      let most = 0;
      const work = async (): Promise<void> => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((done) => setTimeout(done, 100));
        running -= 1;
      };
      const answers = await Promise.all(Array.from({ length: 5 }, () => oneAtATime(database.app, work)));
      expect([answers.filter(Boolean).length, most]).toEqual([1, 1]);
      await expect(oneAtATime(database.app, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
      expect(await oneAtATime(database.app, work)).toBe(true);
    } finally {
      await database.drop();
    }
  });
});
