import { foldHashes } from './compact-range.ts';
import { LogFault } from './log-fault.ts';
import { HASH_BYTES } from './merkle-hash.ts';
import type { NodeReader } from './node-reader.ts';
import { unpackTile } from './tile-data.ts';
import { TILE_LEVELS, TILE_WIDTH, type TileAddress, tileWidth } from './tiles.ts';
import type { TreeNode } from './tree-geometry.ts';

/**
 * Bytes of a tile, from wherever tiles are kept. In place of a partial tile the full one will do: a log may drop the
 * partial one once the other is there.
 */
export type FetchTile = (tile: TileAddress) => Promise<Uint8Array>;

/**
 * Reads nodes of the tree of `size` entries out of tiles. Nothing is taken on trust from this: a proof or root made
 * with it is checked against a checkpoint like any other.
 * @throws {LogFault} (when read) `malformed-tile` for bytes that are no tile, `out-of-range` for a node that this tree has not
 */
export function tileNodes(size: number, fetchTile: FetchTile): NodeReader {
  return {
    readNodes: async (nodes) => {
      const wanted = new Map<string, TileAddress>();
      const places = nodes.map((node) => placeOf(node, size));
      for (const { tile } of places) wanted.set(keyOf(tile), tile);
      const tiles = new Map(await Promise.all([...wanted].map(async ([key, tile]) => [key, readTile(tile, await fetchTile(tile))] as const)));
      return places.map(({ tile, from, to }) => foldFull((tiles.get(keyOf(tile)) ?? []).slice(from, to)));
    },
  };
}

const keyOf = ({ level, index }: TileAddress): string => `${level}/${index}`;

/** Where the hashes below a node stand: places `from` to `to` of a tile. */
function placeOf({ level, index }: TreeNode, size: number): { readonly tile: TileAddress; readonly from: number; readonly to: number } {
  const tileLevel = Math.floor(level / TILE_LEVELS);
  const count = 2 ** (level % TILE_LEVELS);
  const tileIndex = Math.floor((index * count) / TILE_WIDTH);
  const from = index * count - tileIndex * TILE_WIDTH;
  const width = tileWidth(tileLevel, tileIndex, size);
  if (from + count > width) throw new LogFault('out-of-range', 'The tree has no such node yet');
  return { tile: { level: tileLevel, index: tileIndex, width }, from, to: from + count };
}

function readTile(tile: TileAddress, bytes: Uint8Array): readonly Buffer[] {
  return unpackTile(bytes, bytes.length === TILE_WIDTH * HASH_BYTES ? TILE_WIDTH : tile.width);
}

/** Root above 1, 2, 4 … 128 hashes of one level. */
function foldFull(hashes: readonly Buffer[]): Buffer {
  if (hashes.length <= 1) return foldHashes(hashes);
  const middle = hashes.length / 2;
  return foldHashes([foldFull(hashes.slice(0, middle)), foldFull(hashes.slice(middle))]);
}
