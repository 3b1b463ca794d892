import { foldHashes } from './compact-range.ts';
import { LogFault } from './log-fault.ts';
import { HASH_BYTES } from './merkle-hash.ts';
import { coverRange, isTreeSize, type LeafRange, type TreeNode } from './tree-geometry.ts';

/** Where hashes of full subtrees come from: a table, tiles, a test's memory. It need not be trusted: proofs are checked. */
export interface NodeReader {
  /** The hashes of these nodes, in this order; asked once for each proof. */
  readonly readNodes: (nodes: readonly TreeNode[]) => Promise<readonly Uint8Array[]>;
}

/** Hashes of ranges that splitting a tree yields, from one question to the reader. */
export async function readRanges(reader: NodeReader, ranges: readonly LeafRange[]): Promise<readonly Buffer[]> {
  const covers = ranges.map(coverRange);
  const hashes = await reader.readNodes(covers.flat());
  if (hashes.length !== covers.reduce((sum, cover) => sum + cover.length, 0) || hashes.some((hash) => hash.length !== HASH_BYTES))
    throw new LogFault('malformed-tile', 'The reader did not give one hash of 32 bytes for each node');
  let next = 0;
  return covers.map((cover) => {
    next += cover.length;
    return foldHashes(hashes.slice(next - cover.length, next));
  });
}

/** Root of the tree of this size. */
export async function readRoot(reader: NodeReader, size: number): Promise<Buffer> {
  if (!isTreeSize(size)) throw new LogFault('out-of-range', 'This is no size of a tree');
  const [root] = await readRanges(reader, [{ begin: 0, end: size }]);
  return root ?? foldHashes([]);
}
