import { CompactRange } from '../transparency/compact-range.ts';
import type { TreeHead } from '../transparency/consistency-proof.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { HASH_BYTES, sameHash } from '../transparency/merkle-hash.ts';
import { tileNodes } from '../transparency/tile-nodes.ts';
import { TILE_LEVELS, TILE_WIDTH, tileWidth } from '../transparency/tiles.ts';
import { coverRange, type LeafRange } from '../transparency/tree-geometry.ts';
import { foldTile } from './fold-tiles.ts';
import { readTileHashes } from './tile-folder.ts';

/** A folder of tiles, and the head of its own checkpoint. */
export interface FolderToNarrow {
  readonly folder: string;
  readonly head: TreeHead;
  readonly absentBelow: number;
}

/**
 * Where tiles of level 0 are bad as well as entries, they can't tell which entry is the first; a higher level may, to within one of its
 * tiles. Tries levels upwards until one leads to the head.
 * @returns the stretch that holds the first bad entry; undefined when no level leads there
 */
export async function narrowRange(task: FolderToNarrow): Promise<LeafRange | undefined> {
  for (let level = 1, span = TILE_WIDTH; span <= task.head.size; level += 1, span *= TILE_WIDTH) {
    const hashes = await provenHashes(task, level, span);
    if (hashes !== undefined) return firstDifference(task, hashes, span);
  }
  return undefined;
}

/** Hashes of one level of tiles, if they and what stands right of them lead to the head. */
async function provenHashes({ folder, head: { size, root } }: FolderToNarrow, level: number, span: number): Promise<readonly Buffer[] | undefined> {
  const full = Math.floor(size / span);
  const hashes: Buffer[] = [];
  for (let index = 0; index * TILE_WIDTH < full; index += 1) {
    const tile = readTileHashes(folder, { level, index, width: tileWidth(level, index, size) });
    if (typeof tile === 'string') return undefined;
    for (let at = 0; at < tile.length; at += HASH_BYTES) hashes.push(Buffer.from(tile.subarray(at, at + HASH_BYTES)));
  }
  const tree = new CompactRange();
  for (const [index, hash] of hashes.entries()) tree.appendSubtree({ level: level * TILE_LEVELS, index }, hash);
  const rest = coverRange({ begin: full * span, end: size });
  try {
    const read = await tileNodes(size, async (tile) => requireTile(readTileHashes(folder, tile))).readNodes(rest);
    for (const [place, node] of rest.entries()) tree.appendSubtree(node, Buffer.from(read[place] ?? []));
  } catch (error) {
    if (error instanceof LogFault) return undefined;
    throw error;
  }
  return sameHash(tree.root(), root) ? hashes : undefined;
}

function requireTile(tile: ReturnType<typeof readTileHashes>): Buffer {
  if (typeof tile === 'string') throw new LogFault('malformed-tile', 'A tile is not there or not readable');
  return tile;
}

function firstDifference({ folder, head: { size }, absentBelow }: FolderToNarrow, hashes: readonly Buffer[], span: number): LeafRange {
  for (const [place, hash] of hashes.entries()) {
    const begin = place * span;
    const tree = new CompactRange();
    for (let index = begin / TILE_WIDTH; index * TILE_WIDTH < begin + span; index += 1) for (const leaf of foldTile({ folder, size, absentBelow }, index).leaves) tree.append(leaf);
    if (tree.size !== span || !sameHash(tree.root(), hash)) return { begin, end: begin + span };
  }
  return { begin: hashes.length * span, end: size };
}
