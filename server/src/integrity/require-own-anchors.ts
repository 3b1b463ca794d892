import { StartRefusal } from '../start-refusal.ts';
import { bornAs } from './log-name.ts';
import type { SeenCheckpoint } from './judge-standing.ts';

/**
 * A file of checkpoints that names another log: the database was emptied or exchanged, which no comparison of sizes would show.
 * @throws {StartRefusal} that says which log the file is of, and what to do where that is meant.
 */
export function requireOwnAnchors(file: string, origin: string, seen: readonly SeenCheckpoint[]): void {
  const foreign = seen.find((checkpoint) => bornAs(checkpoint.origin) !== bornAs(origin));
  if (!foreign) return;
  throw new StartRefusal(
    `ANCHOR_FILE ${file} holds checkpoints of the log "${bornAs(foreign.origin)}", of ${foreign.size} events at least, but the log of this database is "${bornAs(origin)}". Its events are gone, or this is another database. Restore the right one; where a new beginning is meant, keep the file as evidence elsewhere and start again.`,
  );
}
