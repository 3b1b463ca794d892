import { LogFault } from './log-fault.ts';
import { emptyRoot, HASH_BYTES, nodeHash } from './merkle-hash.ts';
import { isRightChild, isTreeSize, levelUp, type TreeNode } from './tree-geometry.ts';

/** Told of each full subtree that an append completes, from the leaf upwards. */
export type NodeSink = (node: TreeNode, hash: Buffer) => void;

/**
 * A tree that remembers its right edge only: the hashes of the fewest full subtrees that make it up, left to right.
 * At most 53 hashes whatever the size, enough to append and to know the root.
 */
export class CompactRange {
  #size = 0;
  /** One hash for each bit that is set in `#size`, the highest bit first. */
  #edge: Buffer[] = [];

  /**
   * Continues a tree whose right edge was kept.
   * @throws {LogFault} `out-of-range` when the edge cannot be that of a tree of this size.
   */
  static resume(size: number, edge: readonly Uint8Array[]): CompactRange {
    if (!isTreeSize(size) || edge.length !== setBits(size) || edge.some((hash) => hash.length !== HASH_BYTES))
      throw new LogFault('out-of-range', 'This is not the right edge of a tree of this size');
    const range = new CompactRange();
    range.#size = size;
    range.#edge = edge.map((hash) => Buffer.from(hash));
    return range;
  }

  /** Number of entries. */
  get size(): number {
    return this.#size;
  }

  /** What `resume` needs. */
  get edge(): readonly Buffer[] {
    return [...this.#edge];
  }

  /** Adds the hash of the next entry. */
  append(leaf: Buffer, sink?: NodeSink): void {
    this.appendSubtree({ level: 0, index: this.#size }, leaf, sink);
  }

  /**
   * Adds the hash of a full subtree whose entries follow those that are here.
   * @throws {LogFault} `out-of-range` when the subtree begins elsewhere, or a hash has not 32 bytes
   */
  appendSubtree(node: TreeNode, subtree: Buffer, sink?: NodeSink): void {
    const width = 2 ** node.level;
    if (subtree.length !== HASH_BYTES) throw new LogFault('out-of-range', 'The hash of a leaf or subtree has 32 bytes');
    if (!isTreeSize(this.#size + width)) throw new LogFault('out-of-range', 'The tree is full');
    if (node.index * width !== this.#size) throw new LogFault('out-of-range', 'The subtree does not follow the entries that are here');
    let hash = subtree;
    let { index, level } = node;
    sink?.({ level, index }, hash);
    for (; isRightChild(index); index = levelUp(index)) {
      const left = this.#edge.pop();
      if (left === undefined) throw new Error('The right edge of the tree is shorter than its size says');
      hash = nodeHash(left, hash);
      level += 1;
      sink?.({ level, index: levelUp(index) }, hash);
    }
    this.#edge.push(hash);
    this.#size += width;
  }

  /** Root of the tree as it stands (RFC 6962 §2.1). */
  root(): Buffer {
    return foldHashes(this.#edge);
  }
}

/** Joins the hashes of neighbouring full subtrees, right to left; of none, the root of the empty tree. */
export function foldHashes(hashes: readonly Uint8Array[]): Buffer {
  const last = hashes.at(-1);
  if (last === undefined) return emptyRoot();
  let root: Buffer = Buffer.from(last);
  for (const left of hashes.slice(0, -1).reverse()) root = nodeHash(left, root);
  return root;
}

function setBits(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = levelUp(rest)) bits += rest % 2;
  return bits;
}
