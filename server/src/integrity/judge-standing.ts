import { sameHash } from '../transparency/merkle-hash.ts';
import { readRoot } from '../transparency/node-reader.ts';
import type { AnchorKind } from './anchors/anchor.ts';
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
 * @param unanswered places that could know better and have never answered
 */
export async function judgeStanding(reader: Pick<LogReader, 'head' | 'nodes'>, seen: readonly SeenCheckpoint[], unanswered: readonly AnchorKind[]): Promise<Standing> {
  const head = await reader.head();
  if (!head) return { state: 'unknown', unanswered };
  let found: Extract<Standing, { readonly seen: SeenOutside }> | null = null;
  for (const { root, ...outside } of seen) {
    // Of several, the one of the latest name: what is acknowledged then is all that was seen, and no name is given twice.
    if (found !== null && gapsOf(outside.origin) <= gapsOf(found.seen.origin)) continue;
    const state = await contradicts(reader, head, { root, ...outside });
    if (state !== null) found = { state, seen: outside, origin: head.origin, databaseSize: head.size };
  }
  if (found !== null) return found;
  return unanswered.length === 0 ? { state: 'sound' } : { state: 'unknown', unanswered };
}

async function contradicts(reader: Pick<LogReader, 'nodes'>, head: LogHead, seen: SeenCheckpoint): Promise<'behind' | 'fork' | null> {
  if (bornAs(seen.origin) !== bornAs(head.origin) || gapsOf(seen.origin) < gapsOf(head.origin)) return null;
  if (gapsOf(seen.origin) > gapsOf(head.origin) || seen.size > head.size) return 'behind';
  return sameHash(await readRoot(reader.nodes(head.size), seen.size), seen.root) ? null : 'fork';
}
