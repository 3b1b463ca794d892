import { sameHash } from '../transparency/merkle-hash.ts';
import { readRoot } from '../transparency/node-reader.ts';
import { bornAs, gapsOf } from './log-name.ts';
import type { LogHead, LogReader } from './log-reader.ts';
import type { SeenOutside, Standing } from './standing.ts';

/** A checkpoint that some place outside the database keeps. */
export interface SeenCheckpoint extends SeenOutside {
  readonly root: Buffer;
}

/**
 * Compares the database with what has been seen outside. Notes of other logs, and of names from before an acknowledged gap, say nothing;
 * one of a later name says that the database does not even know of the gap.
 * @param seen read before the database is: what was signed meanwhile is not missing.
 */
export async function judgeStanding(reader: Pick<LogReader, 'head' | 'nodes'>, seen: readonly SeenCheckpoint[], isComplete: boolean): Promise<Standing> {
  const head = await reader.head();
  if (!head) return { state: 'unknown' };
  for (const { root, ...outside } of seen) {
    const faulty = await contradicts(reader, head, { root, ...outside });
    if (faulty) return { state: faulty, seen: outside, origin: head.origin, databaseSize: head.size };
  }
  return { state: isComplete ? 'sound' : 'unknown' };
}

async function contradicts(reader: Pick<LogReader, 'nodes'>, head: LogHead, seen: SeenCheckpoint): Promise<'behind' | 'fork' | null> {
  if (bornAs(seen.origin) !== bornAs(head.origin) || gapsOf(seen.origin) < gapsOf(head.origin)) return null;
  if (gapsOf(seen.origin) > gapsOf(head.origin) || seen.size > head.size) return 'behind';
  return sameHash(await readRoot(reader.nodes(head.size), seen.size), seen.root) ? null : 'fork';
}
