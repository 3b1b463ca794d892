import type { SeenCheckpoint } from '../judge-standing.ts';

/** The last signed checkpoint of the log. */
export interface SignedHead {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed checkpoint. */
  readonly note: string;
}

/** A consistency proof of the log that the database holds. Asked for `0 < from < to` only. */
export type ProveConsistency = (from: number, to: number) => Promise<readonly Uint8Array[]>;

export type AnchorKind = 'file' | 'webhook' | 'witness';

/**
 * Why a checkpoint has not reached an anchor. Closed set; no address, no answer's text.
 * - `unreachable`, `timeout`: nobody answered. `refused`: an answer that is none of the others.
 * - `not-writable`: the file can't be written.
 * - `unknown-log`, `unknown-key`: the witness was not told of this log, or not of this key.
 * - `ahead`: the witness says that it has cosigned more entries than this log has.
 * - `fork`: the witness is not shown that this log continues what it has cosigned.
 * - `unproven`: the database could not give a consistency proof.
 * - `not-cosigned`: what the witness answered is no cosignature by its pinned key.
 */
export type AnchorProblem = 'unreachable' | 'timeout' | 'refused' | 'not-writable' | 'unknown-log' | 'unknown-key' | 'ahead' | 'fork' | 'unproven' | 'not-cosigned';

export class AnchorFault extends Error {
  readonly problem: AnchorProblem;
  constructor(problem: AnchorProblem, options?: ErrorOptions) {
    super(`The checkpoint was not anchored: ${problem}`, options);
    this.name = 'AnchorFault';
    this.problem = problem;
  }
}

/** What a witness said of a checkpoint: a line of the note, without its end. */
export interface Cosignature {
  /** Name of its key. */
  readonly witness: string;
  readonly line: string;
}

export interface Anchored {
  /** The note as it stands now: with the witness's cosignature, if this is one. */
  readonly note: string;
  readonly cosignature: Cosignature | null;
}

/** One place outside the database. */
export interface Anchor {
  readonly kind: AnchorKind;
  /** Brings a checkpoint there. @throws {AnchorFault} */
  anchor(head: SignedHead, prove: ProveConsistency): Promise<Anchored>;
  /**
   * What was seen there of a log under these names; a file tells of every log that it knows.
   * @returns none where nothing was, or where it can't be asked by its nature
   * @throws {AnchorFault}
   */
  seen(origins: readonly string[]): Promise<readonly SeenCheckpoint[]>;
}

/** How an anchor fares, for the integrity panel. Times are this process's clock. */
export interface AnchorState {
  readonly kind: AnchorKind;
  /** Size of the checkpoint that arrived last, in this process's time; null for none. */
  readonly lastSize: number | null;
  readonly lastAt: Date | null;
  /** Since when every attempt has failed; null when the last one did not. */
  readonly failingSince: Date | null;
  readonly problem: AnchorProblem | null;
}

export interface AnchorResult {
  readonly kind: AnchorKind;
  readonly size: number;
  /** Null where it arrived. */
  readonly problem: AnchorProblem | null;
  readonly cosignature: Cosignature | null;
}
