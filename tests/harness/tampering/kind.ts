import type pg from 'pg';
import type { GrownLog } from './grow-log.ts';

/** What somebody does to a log who has the database server in hand. */
export interface Tampering {
  readonly log: GrownLog;
  /** Superuser on a copy of the database; no trigger is in the way. */
  readonly attacker: pg.Pool;
  /** Where. Below what has been witnessed. */
  readonly place: number;
  /** Number of the attack among those of its kind. */
  readonly turn: number;
  /** Most kinds have a crude form (0) and a careful one (1), in turn. */
  readonly form: 0 | 1;
}

export interface Expectation {
  /** Lies within the range that the check names. */
  readonly firstBad?: number;
  /** The check has to name this very entry, and no range. */
  readonly isExact?: boolean;
  /** Nobody sees it without a checkpoint from outside. */
  readonly needsOutside?: boolean;
  /** The entries are the true ones: it shows where columns are compared with canonical bytes, and names these events. */
  readonly onlyColumns?: readonly string[];
}

export interface Kind {
  readonly name: string;
  /** The database that the attacker puts in place of the log's; the log's own where absent. */
  readonly source?: (log: GrownLog, turn: number) => string;
  /** Touches what was signed, and nothing that was hashed. */
  readonly isOfSignatures?: true;
  readonly tamper: (tampering: Tampering) => Promise<Expectation>;
}
