import { setTimeout as wait } from 'node:timers/promises';
import { openNote } from '@sallyport/server/transparency/note.ts';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type GrowingLog, growLog, ORIGIN } from '../../unit/witness/growing-log.ts';
import { makeWitnessFolder, startWitnessProcess, submit, type WitnessFolder } from './witness-process.ts';

const KILLS = 50;
const MOST = 1_500;
let log: GrowingLog;
let forked: GrowingLog;
let folder: WitnessFolder;
beforeAll(async () => {
  log = await growLog({ most: MOST });
  // The other history begins at once, so that any cosignature of it contradicts every one that left.
  forked = await growLog({ key: log.key, forksAt: 0, most: MOST });
});
afterEach(() => folder?.remove());

class WrongAnswer extends Error {}

interface Findings {
  readonly kills: number;
  readonly cosignatures: number;
  /** Kills that came while a request was under way. */
  readonly unanswered: number;
  readonly broken: readonly string[];
}

/** Kills a witness again and again while a log grows, each time at another instant of a request, and offers another history to its successor. */
async function killAgainAndAgain(kills: number, fault?: URL): Promise<Findings> {
  folder = await makeWitnessFolder(log);
  const broken: string[] = [];
  let released = 0;
  let cosignatures = 0;
  let unanswered = 0;
  let witness = await startWitnessProcess(folder, fault);
  const grow = async (): Promise<void> => {
    const { status, body } = await submit(witness.url, log, Math.min(released + 1, MOST));
    if (status !== 200) throw new WrongAnswer(`an honest log was answered ${status}`);
    openNote(`${log.head(released + 1).note}${body}`, [witness.key]);
    cosignatures += 1;
    released += 1;
  };
  const growUntilKilled = async (): Promise<void> => {
    for (;;) await grow();
  };
  // Once a history was betrayed, all that follows only says so again.
  for (let kill = 0; kill < kills && broken.length === 0; kill++) {
    await grow();
    // Some answers take longer than a request, some kills come in the middle of the first.
    const killed = wait((kill * 3) % 16).then(() => witness.end('SIGKILL'));
    await growUntilKilled().catch((error: unknown) => {
      unanswered += 1;
      if (error instanceof WrongAnswer) broken.push(error.message);
    });
    await killed;
    witness = await startWitnessProcess(folder, fault);
    const remembered = Number((await (await fetch(`${witness.url}/checkpoint?origin=${ORIGIN}`)).text()).split('\n')[1] ?? 0) || 0;
    if (remembered < released) broken.push(`kill ${kill}: ${released} was cosigned, ${remembered} is remembered`);
    for (const size of new Set([released, remembered, MOST])) {
      const { status } = await submit(witness.url, forked, size);
      if (status === 200) broken.push(`kill ${kill}: another history was cosigned at ${size} after ${released}`);
    }
    released = Math.max(released, remembered);
  }
  await witness.end('SIGKILL');
  return { kills, cosignatures, unanswered, broken };
}

describe('H12: kill -9 of a witness', () => {
  test(`${KILLS} kills while a log grows: nothing that was cosigned is forgotten, and no other history is cosigned`, { timeout: 300_000 }, async () => {
    const findings = await killAgainAndAgain(KILLS);
    expect(findings.broken).toEqual([]);
    expect(findings.cosignatures).toBeGreaterThan(KILLS);
    // Otherwise no kill has hit a request.
    expect(findings.unanswered).toBe(KILLS);
    console.log(`${findings.kills} kills, ${findings.cosignatures} cosignatures, ${findings.unanswered} requests cut off`);
  });

  test('a witness that answers before it has stored is found out', { timeout: 300_000 }, async () => {
    const { broken } = await killAgainAndAgain(KILLS, new URL('./faults/answers-before-storing.ts', import.meta.url));
    expect(broken.join('\n')).toMatch(/was cosigned, \d+ is remembered/);
  });
});

describe('H12: a witness that asks for no proof', () => {
  test.each<[string, URL | undefined, number]>([
    ['one of ours', undefined, 422],
    ['one that looks at no proof', new URL('./faults/asks-for-no-proof.ts', import.meta.url), 200],
  ])('another history after the first is answered by %s', async (_what, fault, status) => {
    folder = await makeWitnessFolder(log);
    const witness = await startWitnessProcess(folder, fault);
    try {
      expect((await submit(witness.url, log, 10)).status).toBe(200);
      expect((await submit(witness.url, forked, 20)).status).toBe(status);
    } finally {
      await witness.end('SIGKILL');
    }
  });
});
