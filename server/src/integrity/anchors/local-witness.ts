import { setTimeout as wait } from 'node:timers/promises';
import { printVerifierKey } from '../../transparency/note-key.ts';
import { spawnWitness, type WitnessProcess } from './spawn-witness.ts';
import type { WitnessAddress } from './witness-anchor.ts';

export interface LocalWitness extends WitnessAddress {
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** How often in a row it has ended, or not come up; 0 once it has stood for a minute. */
  failures(): number;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** A process that has stood so long, in milliseconds, has put its failures behind it. */
const STEADY_MS = 60_000;
/** Milliseconds before the next try: doubled with each failure in a row. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Keeps a witness running on this machine, for an installation that has none elsewhere: it shows how things work and finds a database
 * that was put back, but whoever owns this machine owns the witness too. One that ends is started again, on the memory and key that it had.
 * @param directory where it keeps key, checkpoints, alarms and its list of logs (`introduceLog` comes first)
 * @param tell its lines for the operator, alarms among them
 * @param introduce names the log anew where the witness does not know it any more; it reads its list of logs again by itself
 * @throws {Error} where it does not come up the first time
 */
export async function startLocalWitness(directory: string, tell: (line: string) => void, introduce?: () => Promise<void>): Promise<LocalWitness> {
  let current: WitnessProcess = await spawnWitness(directory, tell);
  const { key } = current;
  const stopping = new AbortController();
  let failures = 0;
  let begun = performance.now();
  const isSteady = (): boolean => performance.now() - begun > STEADY_MS;

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      await current.ended;
      if (isSteady()) failures = 0;
      await comeBack();
    }
  }

  async function comeBack(): Promise<void> {
    while (!stopping.signal.aborted) {
      failures += 1;
      // Until one runs again, nothing is steady.
      begun = Number.POSITIVE_INFINITY;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
      tell(`The local witness has ended, ${failures} in a row. It is started again in ${pauseMs / 1000} s.`);
      await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted || (await startAgain())) return;
    }
  }

  async function startAgain(): Promise<boolean> {
    try {
      const next = await spawnWitness(directory, tell);
      if (printVerifierKey(next.key) !== printVerifierKey(key)) {
        // Its memory is gone with its key: it would cosign any history.
        await next.stop();
        tell(`The witness in ${directory} has another key than it had. Put its directory back, or start the gateway anew to pin the new one.`);
        return false;
      }
      current = next;
      begun = performance.now();
      return true;
    } catch (error) {
      tell(`The local witness did not come up: ${(error as Error).message}`);
      return false;
    }
  }

  const kept = keep();
  return {
    ...(introduce && { introduce }),
    key,
    get url() {
      return current.url;
    },
    get pid() {
      return current.pid;
    },
    failures: () => (isSteady() ? 0 : failures),
    async stop() {
      stopping.abort();
      await current.stop();
      await kept;
      // A start that was under way when it was to stop.
      await current.stop();
    },
  };
}
