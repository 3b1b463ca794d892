import { generateSignerKey } from '@sallyport/server/transparency/note-key.ts';
import { printAddCheckpoint } from '@sallyport/server/transparency/add-checkpoint.ts';
import { openCosignedCheckpoints } from '@sallyport/server/witness/cosigned-checkpoints.ts';
import type { Disk } from '@sallyport/server/witness/disk.ts';
import { createWitness } from '@sallyport/server/witness/witness.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { createFailingDisk, type FailingDisk, PowerCut } from './failing-disk.ts';
import { type GrowingLog, growLog, ORIGIN } from './growing-log.ts';

const ROOT = '/witness';
const SIZES = [3, 7, 7, 12, 20] as const;
const RECOVERIES = 12;
const witnessKey = generateSignerKey('witness.example/w1', 'cosignature');
let honest: GrowingLog;
let forked: GrowingLog;
beforeAll(async () => {
  honest = await growLog();
  forked = await growLog({ key: honest.key, forksAt: 1 });
});

const witnessOn = (disk: Disk) =>
  createWitness({
    key: witnessKey,
    logs: { keysOf: async (origin) => (origin === ORIGIN ? [honest.key.verifier] : null), origins: async () => [ORIGIN] },
    cosigned: openCosignedCheckpoints(ROOT, witnessKey.verifier, disk),
    alarms: { raise: async () => undefined },
    clock: () => 1_700_000_000_000,
  });

async function requestOf(log: GrowingLog, oldSize: number, size: number): Promise<string> {
  return printAddCheckpoint({ oldSize, proof: oldSize === 0 || oldSize >= size ? [] : await log.prove(oldSize, size), note: log.head(size).note });
}

/** A random number generator that gives the same numbers each time (mulberry32). */
function chanceFrom(seed: number): (choices: number) => number {
  let state = seed;
  return (choices) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % choices;
  };
}

async function freshDisk(): Promise<FailingDisk> {
  const disk = createFailingDisk();
  await disk.makeDirectory(ROOT);
  await disk.sync('/witness');
  return disk.recover(() => 1);
}

/** Sends the checkpoints one after the other until the power goes. @returns the largest size whose cosignature has left */
async function runUntilCut(disk: Disk): Promise<number> {
  const witness = witnessOn(disk);
  let released = 0;
  try {
    for (const size of SIZES) {
      const { status } = await witness.addCheckpoint(await requestOf(honest, released, size));
      if (status !== 200) throw new Error(`An honest log was answered ${status}`);
      released = size;
    }
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  return released;
}

const sizeOf = (note: string | null): number => (note === null ? 0 : Number(note.split('\n')[1]));

/** What the witness does after the power is back that it must not do. */
async function brokenPromises(disk: FailingDisk, released: number): Promise<readonly string[]> {
  const witness = witnessOn(disk);
  const broken: string[] = [];
  const note = await witness.latestNote(ORIGIN).catch(() => 'damaged');
  if (note === 'damaged') broken.push('the memory is damaged');
  const remembered = note === 'damaged' ? 0 : sizeOf(note);
  if (remembered < released) broken.push(`forgot ${released}, remembers ${remembered}`);
  for (const size of new Set([released, remembered, 40])) {
    if (size === 0 || released === 0) continue;
    const { status } = await witness.addCheckpoint(await requestOf(forked, remembered, size)).catch(() => ({ status: 500 }));
    if (status === 200) broken.push(`cosigned another history of size ${size} after ${released}`);
  }
  return broken;
}

/** Cuts the power before and after every step, and recovers each time in several ways. */
async function cutEverywhere(faulty: (disk: FailingDisk) => Disk): Promise<{ readonly cuts: number; readonly broken: readonly string[] }> {
  const whole = await freshDisk();
  const before = whole.steps;
  await runUntilCut(faulty(whole));
  const steps = whole.steps - before;
  const broken: string[] = [];
  let cuts = 0;
  for (let step = 1; step <= steps; step++)
    for (const isDone of [false, true]) {
      const disk = await freshDisk();
      disk.cutAt(disk.steps + step, isDone);
      const released = await runUntilCut(faulty(disk));
      for (let way = 0; way < RECOVERIES; way++) {
        // Nothing that was not synced is kept, then all of it, then whatever comes.
        const recovered = disk.recover(way < 2 ? () => way : chanceFrom(step * 100 + way));
        for (const promise of await brokenPromises(recovered, released)) broken.push(`step ${step}${isDone ? ' done' : ''}, way ${way}: ${promise}`);
        cuts += 1;
      }
    }
  return { cuts, broken };
}

describe('H12: the power goes at any instant', () => {
  test('no cosignature that has left is forgotten, and none contradicts it', async () => {
    const { cuts, broken } = await cutEverywhere((disk) => disk);
    expect(broken).toEqual([]);
    expect(cuts).toBeGreaterThan(500);
  });

  test.each([true, false])('a process that is killed leaves nothing half done that the next one tells of and a power cut takes back (a monitor asks: %s)', async (isMonitored) => {
    const whole = await freshDisk();
    const before = whole.steps;
    await runUntilCut(whole);
    for (let step = 1; step <= whole.steps - before; step++) {
      const disk = await freshDisk();
      disk.cutAt(disk.steps + step, true);
      const answered = await runUntilCut(disk);
      // Killed, not cut off: the operating system still has what was not synced.
      disk.cutAt(Number.POSITIVE_INFINITY, false);
      const told = isMonitored ? sizeOf(await witnessOn(disk).latestNote(ORIGIN)) : answered;
      expect(told).toBeGreaterThanOrEqual(answered);
      const afterCut = disk.recover(() => 0);
      expect(await brokenPromises(afterCut, told)).toEqual([]);
      const next = witnessOn(disk);
      const { status, body } = await next.addCheckpoint(await requestOf(honest, 0, 30));
      if (status === 409) expect((await next.addCheckpoint(await requestOf(honest, Number(body), 30))).status).toBe(200);
      const afterLater = disk.recover(() => 0);
      expect(await brokenPromises(afterLater, 30)).toEqual([]);
    }
  });

  test.each<[string, (disk: FailingDisk) => Disk]>([
    ['does not wait until the checkpoint is durable', (disk) => ({ ...disk, sync: async (path) => (path.includes('pending-') ? undefined : disk.sync(path)) })],
    ['does not wait until its name is durable', (disk) => ({ ...disk, sync: async (path) => (path.includes('pending-') ? disk.sync(path) : undefined) })],
  ])('a witness that %s is found out', async (_what, faulty) => {
    const { broken } = await cutEverywhere(faulty);
    expect(broken.some((text) => text.includes('forgot'))).toBe(true);
    expect(broken.some((text) => text.includes('another history') || text.includes('damaged'))).toBe(true);
  });
});

describe('H12: several requests at once', () => {
  test('of two witness processes on one directory, one gets each turn: never two histories', async () => {
    for (let round = 0; round < 40; round++) {
      const disk = await freshDisk();
      const [left, right] = [witnessOn(disk), witnessOn(disk)];
      expect((await left.addCheckpoint(await requestOf(honest, 0, 5))).status).toBe(200);
      const answers = await Promise.all([
        left.addCheckpoint(await requestOf(honest, 5, 9)),
        right.addCheckpoint(await requestOf(forkedAt5, 5, 9)),
        left.addCheckpoint(await requestOf(honest, 5, 10)),
        right.addCheckpoint(await requestOf(forkedAt5, 5, 11)),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    }
  });

  test('a turn that was claimed late, after later ones have come and gone, is not given', async () => {
    const disk = await freshDisk();
    const store = openCosignedCheckpoints(ROOT, witnessKey.verifier, disk);
    const witness = witnessOn(disk);
    let old = 0;
    const seen: (string | null)[] = [];
    for (const size of [2, 3, 4, 5, 6]) {
      expect((await witness.addCheckpoint(await requestOf(honest, old, size))).status).toBe(200);
      seen.push(await witness.latestNote(ORIGIN));
      old = size;
    }
    const latest = await store.latest(ORIGIN);
    expect(latest?.turn).toBe(5);
    // The names of the first turns are free again: whoever slept since then gets one, and learns that it is not the last.
    const slept = { ...latest, turn: 1 } as NonNullable<typeof latest>;
    expect(await store.replace(ORIGIN, slept, seen[0] ?? '')).toBe(false);
    expect((await store.latest(ORIGIN))?.checkpoint.size).toBe(6);
  });

  test('the time of a cosignature does not go back with the clock', async () => {
    const disk = await freshDisk();
    let now = 2_000_000_000_000;
    const parts = { key: witnessKey, logs: { keysOf: async () => [honest.key.verifier], origins: async () => [ORIGIN] }, alarms: { raise: async () => undefined } };
    const cosigned = openCosignedCheckpoints(ROOT, witnessKey.verifier, disk);
    const witness = createWitness({ ...parts, cosigned, clock: () => now });
    await witness.addCheckpoint(await requestOf(honest, 0, 4));
    now = 1_000_000_000_000;
    await witness.addCheckpoint(await requestOf(honest, 4, 8));
    expect(await cosigned.latest(ORIGIN)).toMatchObject({ checkpoint: { size: 8 }, time: 2_000_000_000 });
  });
});

let forkedAt5: GrowingLog;
beforeAll(async () => {
  forkedAt5 = await growLog({ key: honest.key, forksAt: 5 });
});
