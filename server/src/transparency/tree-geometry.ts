import { LogFault } from './log-fault.ts';

/**
 * A subtree that is full: the entries from `index × 2^level` to `(index + 1) × 2^level`, the end not among them.
 * Such a node never changes once the tree has grown past it.
 */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** Entries `begin` to `end`, the end not among them. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** Sizes and indexes are exact integers of JavaScript: 2^53 − 1 at most, computed without 32-bit operators. */
export const isTreeSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** @throws {LogFault} `out-of-range` when it is not an index below `size`. */
export function requireIndex(index: number, size: number): void {
  if (!isTreeSize(index) || !isTreeSize(size) || index >= size) throw new LogFault('out-of-range', 'The tree has no entry at this index');
}

/** The largest power of two below `width`, where a tree of more than one entry is split (RFC 6962 §2.1, k). */
export function splitPoint(width: number): number {
  let power = 1;
  while (power * 2 < width) power *= 2;
  return power;
}

/**
 * The fewest full subtrees that make up a range, left to right. `range` is one that splitting a tree yields, so each
 * piece is at most half of the one before it.
 */
export function coverRange(range: LeafRange): readonly TreeNode[] {
  const nodes: TreeNode[] = [];
  let { begin } = range;
  let level = 0;
  let width = 1;
  while (width * 2 <= range.end - begin) {
    width *= 2;
    level += 1;
  }
  for (; begin < range.end; begin += width) {
    while (width > range.end - begin) {
      width /= 2;
      level -= 1;
    }
    if (begin % width !== 0) throw new LogFault('out-of-range', 'No tree is split at this place');
    nodes.push({ level, index: begin / width });
  }
  return nodes;
}

/** Halves both, dropping the remainder: one level up the tree. */
export const levelUp = (index: number): number => Math.floor(index / 2);

export const isRightChild = (index: number): boolean => index % 2 === 1;
