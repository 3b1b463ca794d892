import { CompactRange } from './compact-range.ts';
import { LogFault } from './log-fault.ts';
import { HASH_BYTES, sameHash } from './merkle-hash.ts';
import type { NodeReader } from './node-reader.ts';
import { isTreeSize, type LeafRange, type TreeNode } from './tree-geometry.ts';

/** Which entries of a tree are shown to somebody, and of which range that is all they are shown. */
export interface RangeSelection {
  /** Entries of the tree. */
  readonly size: number;
  /** The range that was selected from; what it holds and is not disclosed is counted, so that nothing is left out quietly. */
  readonly begin: number;
  readonly end: number;
  /** Indexes of the disclosed entries, ascending, each within `begin` to `end`. */
  readonly indexes: readonly number[];
}

/**
 * Shows that the disclosed entries stand at their indexes of the tree, all of them at once. `nodes` are the hashes of the
 * fewest full subtrees that hold every other entry, left to right; how many there are, and where, follows from the selection.
 */
export interface RangeProof extends RangeSelection {
  readonly nodes: readonly Buffer[];
}

/** Nodes asked of a reader at once. */
const NODES_AT_ONCE = 4096;

function requireSelection({ size, begin, end, indexes }: RangeSelection): void {
  const fits = [size, begin, end].every(isTreeSize) && begin <= end && end <= size;
  if (!fits || indexes.some((index, place) => !Number.isSafeInteger(index) || index < (place === 0 ? begin : (indexes[place - 1] ?? 0) + 1) || index >= end))
    throw new LogFault('out-of-range', 'The disclosed entries are named in ascending order, within the range and the tree');
}

/** Runs of entries from `begin` to `end` that are not among the indexes, left to right. */
function* runsBetween(indexes: readonly number[], begin: number, end: number): Generator<LeafRange> {
  let from = begin;
  for (const index of indexes) {
    if (index > from) yield { begin: from, end: index };
    from = index + 1;
  }
  if (end > from) yield { begin: from, end };
}

/**
 * Entries of the selected range that are not disclosed, as runs.
 * @throws {LogFault} `out-of-range` for a selection that no tree has
 */
export function withheldRuns(selection: RangeSelection): readonly LeafRange[] {
  requireSelection(selection);
  return [...runsBetween(selection.indexes, selection.begin, selection.end)];
}

/** Width of the largest full subtree that begins at `begin` and ends at `end` at the latest, and its level. */
function largestAt(begin: number, end: number): { readonly level: number; readonly width: number } {
  let level = 0;
  let width = 1;
  while (begin % (width * 2) === 0 && begin + width * 2 <= end) {
    width *= 2;
    level += 1;
  }
  return { level, width };
}

/** The subtrees behind a proof's nodes, in its order. */
function* nodesOf({ size, indexes }: RangeSelection): Generator<TreeNode> {
  for (const run of runsBetween(indexes, 0, size)) {
    for (let at = run.begin; at < run.end; ) {
      const { level, width } = largestAt(at, run.end);
      yield { level, index: at / width };
      at += width;
    }
  }
}

/**
 * Makes the proof for a selection. The reader is asked for 4,096 nodes at a time.
 * @throws {LogFault} `out-of-range` for a selection that no tree has; `malformed-tile` when the reader gives anything but hashes
 */
export async function makeRangeProof(reader: NodeReader, selection: RangeSelection): Promise<RangeProof> {
  requireSelection(selection);
  const nodes: Buffer[] = [];
  let asked: TreeNode[] = [];
  const read = async (): Promise<void> => {
    const hashes = await reader.readNodes(asked);
    if (hashes.length !== asked.length || hashes.some((hash) => hash.length !== HASH_BYTES))
      throw new LogFault('malformed-tile', 'The reader did not give one hash of 32 bytes for each node');
    for (const hash of hashes) nodes.push(Buffer.from(hash));
    asked = [];
  };
  for (const node of nodesOf(selection)) {
    asked.push(node);
    if (asked.length === NODES_AT_ONCE) await read();
  }
  if (asked.length > 0) await read();
  return { ...selection, nodes };
}

/**
 * Recomputes the root above disclosed entries and the proof's nodes, in one pass from left to right and in constant
 * memory beside the proof. Nothing is believed before `finish`.
 */
export class RangeProofFold {
  readonly #proof: RangeProof;
  readonly #tree = new CompactRange();
  #disclosed = 0;
  #used = 0;

  /** @throws {LogFault} `out-of-range`, `malformed-proof` */
  constructor(proof: RangeProof) {
    requireSelection(proof);
    if (proof.nodes.some((hash) => hash.length !== HASH_BYTES)) throw new LogFault('malformed-proof', 'Every hash of a proof has 32 bytes');
    this.#proof = proof;
  }

  /**
   * Takes the hash of the next disclosed entry, computed by whoever checks from the entry's bytes.
   * @param passed told each size at which the tree stood on the way
   * @returns the index that the proof claims for it
   * @throws {LogFault} `out-of-range` when there are more entries than the proof names; `wrong-proof-length`
   */
  disclose(leafHash: Buffer, passed?: (tree: CompactRange) => void): number {
    const index = this.#proof.indexes[this.#disclosed];
    if (index === undefined) throw new LogFault('out-of-range', 'There are more entries than the proof names');
    this.#advance(index, passed);
    this.#disclosed += 1;
    this.#tree.append(leafHash);
    passed?.(this.#tree);
    return index;
  }

  /**
   * The root of the whole tree.
   * @throws {LogFault} `out-of-range` when fewer entries were disclosed than the proof names; `wrong-proof-length` when a node is missing or left over
   */
  finish(passed?: (tree: CompactRange) => void): Buffer {
    if (this.#disclosed !== this.#proof.indexes.length) throw new LogFault('out-of-range', 'There are fewer entries than the proof names');
    this.#advance(this.#proof.size, passed);
    if (this.#used !== this.#proof.nodes.length) throw new LogFault('wrong-proof-length', 'The proof has more nodes than the selection leaves');
    return this.#tree.root();
  }

  /** Appends the subtrees of what is not disclosed, up to `end`. */
  #advance(end: number, passed: ((tree: CompactRange) => void) | undefined): void {
    while (this.#tree.size < end) {
      const { level } = largestAt(this.#tree.size, end);
      const hash = this.#proof.nodes[this.#used];
      if (hash === undefined) throw new LogFault('wrong-proof-length', 'The proof has fewer nodes than the selection leaves');
      this.#used += 1;
      this.#tree.appendSubtree({ level, index: this.#tree.size / 2 ** level }, hash);
      passed?.(this.#tree);
    }
  }
}

/**
 * Checks that the entries with these hashes stand at the proof's indexes of the tree with this root.
 * @param leafHashes in the order of the indexes, computed by whoever checks
 * @param root from a checkpoint that was opened with pinned keys
 * @throws {LogFault} when the proof does not show it
 */
export function checkRangeProof(proof: RangeProof, leafHashes: readonly Buffer[], root: Uint8Array): void {
  const fold = new RangeProofFold(proof);
  for (const hash of leafHashes) fold.disclose(hash);
  if (!sameHash(fold.finish(), root)) throw new LogFault('root-mismatch', 'Entries and proof do not lead to the root of the checkpoint');
}
