import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createAnchors } from '@sallyport/server/integrity/anchors/create-anchors.ts';
import { introduceLog, startLocalWitness } from '@sallyport/server/integrity/anchors/local-witness.ts';
import { oneAtATime } from '@sallyport/server/integrity/anchors/one-at-a-time.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { printVerifierKey } from '@sallyport/server/transparency/note-key.ts';
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
