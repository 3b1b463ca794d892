import { HASH_BYTES, leafHash, sameHash } from '../transparency/merkle-hash.ts';
import { TILE_LEVELS, TILE_WIDTH, tileWidth } from '../transparency/tiles.ts';
import { EntryTimes, type StretchTimes } from './entry-times.ts';
import { SubtreeFold, type Subtrees } from './fold-entries.ts';
import { readBundle, readTileHashes, type TileFault } from './tile-folder.ts';

/** Tiles of level 0 with their bundles, of the tree of `size` entries: number `from` to `to`, the last not among them. */
export interface TilesToFold {
  readonly folder: string;
  readonly from: number;
  readonly to: number;
  readonly size: number;
  /** Below this index an entry may be absent: it is empty in its bundle, and its hash is taken from the tile. */
  readonly absentBelow: number;
}

export interface TilesFolded {
  /** What the entries come to, up to the first that isn't there. */
  readonly subtrees: Subtrees;
  readonly times: StretchTimes;
  /** Entries that are absent and may be. */
  readonly absent: number;
  /** Tiles of level 0 that are not what their entries come to. */
  readonly badTiles: readonly { readonly index: number; readonly fault: TileFault | 'altered' }[];
  /** Bundle behind which nothing was read, since entries of it were not there or not readable. */
  readonly stopped?: { readonly index: number; readonly fault: TileFault };
}

/** Leaf hashes of one tile, computed from its bundle. */
export interface TileLeaves {
  readonly leaves: readonly Buffer[];
  readonly absent: number;
  readonly tileFault?: TileFault | 'altered';
  readonly bundleFault?: TileFault;
}

/** Hashes the entries below one tile and compares them with it. @param times follows theirs */
export function foldTile({ folder, size, absentBelow }: Omit<TilesToFold, 'from' | 'to'>, index: number, times?: EntryTimes): TileLeaves {
  const width = tileWidth(0, index, size);
  const { entries, fault } = readBundle(folder, index, width, absentBelow);
  const claimed = readTileHashes(folder, { level: 0, index, width });
  const claimedAt = (place: number): Buffer | undefined => (typeof claimed === 'string' ? undefined : claimed.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES));
  let absent = 0;
  let isAltered = false;
  const leaves = entries.map((entry, place) => {
    const expected = claimedAt(place);
    if (entry.length === 0 && index * TILE_WIDTH + place < absentBelow && expected !== undefined) {
      absent += 1;
      return Buffer.from(expected);
    }
    times?.pass(index * TILE_WIDTH + place, Buffer.from(entry.buffer, entry.byteOffset, entry.length));
    const hash = leafHash(entry);
    isAltered ||= expected !== undefined && !sameHash(hash, expected);
    return hash;
  });
  const tileFault = typeof claimed === 'string' ? claimed : isAltered ? 'altered' : undefined;
  return { leaves, absent, ...(tileFault && { tileFault }), ...(fault && { bundleFault: fault }) };
}

/** Hashes what stands below several tiles, as far as it is there. */
export function foldTiles(task: TilesToFold): TilesFolded {
  const fold = new SubtreeFold(task.from * TILE_WIDTH, TILE_LEVELS);
  const badTiles: { index: number; fault: TileFault | 'altered' }[] = [];
  const times = new EntryTimes();
  let absent = 0;
  for (let index = task.from; index < task.to; index += 1) {
    const tile = foldTile(task, index, times);
    for (const leaf of tile.leaves) fold.append(leaf);
    absent += tile.absent;
    if (tile.tileFault !== undefined) badTiles.push({ index, fault: tile.tileFault });
    if (tile.bundleFault !== undefined) return { subtrees: fold.finish(), times: times.finish(), absent, badTiles, stopped: { index, fault: tile.bundleFault } };
  }
  return { subtrees: fold.finish(), times: times.finish(), absent, badTiles };
}
