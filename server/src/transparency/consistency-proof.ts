import { LogFault } from './log-fault.ts';
import { HASH_BYTES, nodeHash, sameHash } from './merkle-hash.ts';
import { type NodeReader, readRanges } from './node-reader.ts';
import { isRightChild, isTreeSize, type LeafRange, levelUp, splitPoint } from './tree-geometry.ts';

/** Size and root of a tree. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Every tree continues the empty one, so a proof from size 0 would show nothing and is not made. */
function requireSizes(older: number, newer: number): void {
  if (!isTreeSize(older) || !isTreeSize(newer) || older === 0 || older > newer)
    throw new LogFault('out-of-range', 'Consistency is shown from a tree with entries to one at least as large');
}

/** Hashes that show that the tree of `newer` entries begins with the tree of `older` entries (RFC 6962 §2.1.2). Empty for equal sizes. */
export function makeConsistencyProof(reader: NodeReader, older: number, newer: number): Promise<readonly Buffer[]> {
  requireSizes(older, newer);
  const parts: LeafRange[] = [];
  let begin = 0;
  let end = newer;
  while (older !== end) {
    const middle = begin + splitPoint(end - begin);
    parts.push(older <= middle ? { begin: middle, end } : { begin, end: middle });
    if (older <= middle) end = middle;
    else begin = middle;
  }
  // The older tree as a whole is known to whoever checks; a part of it is not.
  if (begin !== 0) parts.push({ begin, end });
  return readRanges(reader, parts.reverse());
}

/**
 * Checks a consistency proof (RFC 9162 §2.1.4.2, with RFC 6962 hashes).
 * @throws {LogFault} when the proof does not show that the newer tree begins with the older one.
 */
export function checkConsistency(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): void {
  requireSizes(older.size, newer.size);
  if (older.size === newer.size) {
    if (proof.length > 0) throw new LogFault('wrong-proof-length', 'Trees of one size need no proof');
    if (!sameHash(older.root, newer.root)) throw new LogFault('root-mismatch', 'Two trees of one size have different roots');
    return;
  }
  if (proof.some((hash) => hash.length !== HASH_BYTES)) throw new LogFault('malformed-proof', 'Every hash of a proof has 32 bytes');
  // From the last node of the older tree up; a last node that is a right child is inside a full subtree.
  let index = older.size - 1;
  let last = newer.size - 1;
  while (isRightChild(index)) [index, last] = [levelUp(index), levelUp(last)];
  // Nothing left of that subtree: the older tree is full, and its root is where the path begins.
  const [first, ...rest] = index === 0 ? [older.root, ...proof] : proof;
  if (first === undefined) throw new LogFault('wrong-proof-length', 'The proof is empty');
  if (first.length !== HASH_BYTES) throw new LogFault('malformed-proof', 'Every hash of a proof has 32 bytes');
  let olderHash = first;
  let newerHash = first;
  for (const sibling of rest) {
    if (last === 0) throw new LogFault('wrong-proof-length', 'The proof goes on above the root');
    if (isRightChild(index) || index === last) {
      olderHash = nodeHash(sibling, olderHash);
      newerHash = nodeHash(sibling, newerHash);
      while (!isRightChild(index) && index !== 0) [index, last] = [levelUp(index), levelUp(last)];
    } else {
      newerHash = nodeHash(newerHash, sibling);
    }
    [index, last] = [levelUp(index), levelUp(last)];
  }
  if (last !== 0) throw new LogFault('wrong-proof-length', 'The proof ends below the root');
  if (!sameHash(olderHash, older.root) || !sameHash(newerHash, newer.root)) throw new LogFault('root-mismatch', 'The newer tree does not begin with the older one');
}
