import type { LeafRange } from '../transparency/tree-geometry.ts';

/**
 * What was found, a closed set. `altered`: changed, moved, inserted or dropped; `missing`: a checkpoint covers more than is
 * there; `surplus`: no checkpoint covers it; `unreadable`: broken off or not in its format; `untrusted`: not signed by whom the caller
 * trusts, or of another log; `rewritten`: the entries lead to their checkpoint, yet an earlier one says otherwise; `split`: two
 * checkpoints of one size have different roots; `undecided`: what is given does not show it, either way.
 */
export type VerifyFaultKind = 'altered' | 'missing' | 'surplus' | 'unreadable' | 'untrusted' | 'rewritten' | 'split' | 'undecided';

export interface VerifyFault {
  readonly fault: VerifyFaultKind;
  /** One sentence for people, repeating nothing of what is not believed. */
  readonly message: string;
  /** The file that it is about, where there are several. */
  readonly file?: string;
  /** The first bad entry is one of these: a single one where it could be proven which. */
  readonly firstBad?: LeafRange;
}

/** A checkpoint that was opened with the keys of the caller. */
export interface TrustedCheckpoint {
  readonly size: number;
  /** Base64, as in the checkpoint. */
  readonly root: string;
  /** Names of the keys of the log that signed it. */
  readonly signedBy: readonly string[];
  /** Witnesses of the caller that cosigned it, and when, in seconds since the Unix epoch. */
  readonly cosignedBy: readonly { readonly name: string; readonly time: number }[];
}

export type VerifyKind = 'pack' | 'folder' | 'entries';

export interface VerifyReport {
  readonly intact: boolean;
  readonly kind: VerifyKind;
  readonly origin: string;
  /** What the entries were compared with; absent where none could be believed. */
  readonly checkpoint?: TrustedCheckpoint;
  /** Sizes of the earlier (or later) checkpoints of the caller that were compared too. */
  readonly comparedWith: readonly number[];
  /** Entries whose bytes were hashed. */
  readonly entries: number;
  /** Entries that are gone by a signed statement of retention; their hashes hold their places. */
  readonly absent: number;
  /** Of an evidence pack: where it was selected from, and the runs in there that it does not disclose. */
  readonly selection?: { readonly begin: number; readonly end: number; readonly disclosed: number; readonly withheld: readonly LeafRange[] };
  /** In the order in which they were found; none when everything is intact. */
  readonly faults: readonly VerifyFault[];
  /** What is no fault, but ought to be known. */
  readonly notes: readonly string[];
}

/** Entries as people count them in a sentence: `entry 7`, `entries 7 to 9`. */
export function rangeText({ begin, end }: LeafRange): string {
  return end - begin <= 1 ? `entry ${begin}` : `entries ${begin} to ${end - 1}`;
}
