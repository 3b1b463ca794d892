import { LogFault } from './log-fault.ts';
import { HASH_BYTES, nodeHash, sameHash } from './merkle-hash.ts';
import { type NodeReader, readRanges } from './node-reader.ts';
import { isRightChild, type LeafRange, levelUp, requireIndex, splitPoint } from './tree-geometry.ts';

/** That the entry with this hash stands at `index` of the tree with `size` entries and this root. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  /** Root of the tree, from a checkpoint that was checked. */
  readonly root: Uint8Array;
  /** Computed by whoever checks, from the entry's bytes. */
  readonly leafHash: Uint8Array;
}

/** Hashes that lead from a leaf to the root, the leaf's sibling first (RFC 6962 §2.1.1). */
export function makeInclusionProof(reader: NodeReader, index: number, size: number): Promise<readonly Buffer[]> {
  requireIndex(index, size);
  const siblings: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    siblings.push(index < middle ? { begin: middle, end } : { begin, end: middle });
    if (index < middle) end = middle;
    else begin = middle;
  }
  return readRanges(reader, siblings.reverse());
}

/**
 * Checks an inclusion proof (RFC 9162 §2.1.3.2, with RFC 6962 hashes).
 * @throws {LogFault} when the proof does not show the claim.
 */
export function checkInclusion(claim: InclusionClaim, proof: readonly Uint8Array[]): void {
  requireIndex(claim.index, claim.size);
  if ([claim.leafHash, ...proof].some((hash) => hash.length !== HASH_BYTES)) throw new LogFault('malformed-proof', 'Every hash of a proof has 32 bytes');
  // On the way up: the index of the path's node, and of the last node of its level.
  let index = claim.index;
  let last = claim.size - 1;
  let hash: Uint8Array = claim.leafHash;
  for (const sibling of proof) {
    if (last === 0) throw new LogFault('wrong-proof-length', 'The proof goes on above the root');
    if (isRightChild(index) || index === last) {
      hash = nodeHash(sibling, hash);
      // The last node of its level without a sibling rises until it becomes a right child.
      while (!isRightChild(index) && index !== 0) [index, last] = [levelUp(index), levelUp(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [index, last] = [levelUp(index), levelUp(last)];
  }
  if (last !== 0) throw new LogFault('wrong-proof-length', 'The proof ends below the root');
  if (!sameHash(hash, claim.root)) throw new LogFault('root-mismatch', 'The proof does not lead to the root of the checkpoint');
}
