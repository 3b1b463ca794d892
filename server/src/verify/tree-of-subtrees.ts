import type { CompactRange } from '../transparency/compact-range.ts';
import { HASH_BYTES } from '../transparency/merkle-hash.ts';
import type { Subtrees } from './fold-entries.ts';

/** Appends a stretch that follows what the tree holds. @throws {LogFault} `out-of-range` when it does not */
export function appendStretch(tree: CompactRange, { begin, levels, hashes }: Subtrees): void {
  let at = begin;
  for (const [place, level] of levels.entries()) {
    const width = 2 ** level;
    tree.appendSubtree({ level, index: at / width }, Buffer.from(hashes.slice(place * HASH_BYTES, (place + 1) * HASH_BYTES)));
    at += width;
  }
}
