import { hash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import type { Contradiction } from './judge-checkpoint.ts';

/** One line of the alarm file. */
export interface Alarm {
  readonly contradiction: Contradiction;
  /**
   * Whether the two notes prove by themselves that the log has signed two histories. Otherwise somebody may have sent an old
   * note again, or no proof: ask the log for a consistency proof between the two.
   */
  readonly proven: boolean;
  readonly origin: string;
  /** What we had cosigned; null for nothing. */
  readonly cosigned: string | null;
  /** What was refused, with the log's signature. */
  readonly refused: string;
}

export interface Alarms {
  /** Keeps and announces an alarm; the same refused note is told of once. */
  raise(alarm: Alarm): Promise<void>;
}

/**
 * Who holds a log's key could fill a disk with contradictions: this many tell enough. Of those that prove nothing so many too, counted by
 * themselves: anybody who collects a log's notes can send old ones, and must not silence what is proven.
 */
const MOST_ALARMS = 10_000;

/**
 * Alarms in a file of their own, one JSON object a line, and as lines to `announce`.
 * @param clock time of the line, for whoever reads it
 */
export async function openAlarms(path: string, clock: () => Date, announce: (text: string) => void): Promise<Alarms> {
  const told = new Set<string>();
  const count = { proven: 0, unproven: 0 };
  const kindOf = ({ proven }: Pick<Alarm, 'proven'>): keyof typeof count => (proven ? 'proven' : 'unproven');
  const identityOf = ({ contradiction, refused }: Pick<Alarm, 'contradiction' | 'refused'>): string => hash('sha256', `${contradiction}\n${refused}`);
  for (const line of (await readFile(path, 'utf8').catch(() => '')).split('\n')) {
    const alarm = parseLine(line);
    if (!alarm) continue;
    told.add(identityOf(alarm));
    count[kindOf(alarm)] += 1;
  }
  return {
    async raise(alarm) {
      const identity = identityOf(alarm);
      if (told.has(identity) || count[kindOf(alarm)] >= MOST_ALARMS) return;
      told.add(identity);
      count[kindOf(alarm)] += 1;
      announce(`ALARM ${alarm.contradiction}${alarm.proven ? ' (proven)' : ''}: the log ${alarm.origin} has signed what we do not cosign. Both notes: ${path}`);
      const file = await open(path, 'a', 0o600);
      try {
        // A line that a crash cut off is ended first.
        await file.appendFile(`${(await isTorn(path)) ? '\n' : ''}${JSON.stringify({ time: clock().toISOString(), ...alarm })}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

async function isTorn(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() !== '\n';
  } finally {
    await file.close();
  }
}

function parseLine(line: string): Pick<Alarm, 'contradiction' | 'proven' | 'refused'> | null {
  try {
    const { contradiction, proven = false, refused } = JSON.parse(line) as Partial<Alarm>;
    return contradiction !== undefined && typeof refused === 'string' ? { contradiction, proven, refused } : null;
  } catch {
    return null;
  }
}
