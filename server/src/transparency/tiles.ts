import { LogFault } from './log-fault.ts';
import { isTreeSize, type TreeNode } from './tree-geometry.ts';

/** Hashes of a full tile, and entries of a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** Levels of the tree that a tile spans. */
export const TILE_LEVELS = 8;
const HIGHEST_TILE_LEVEL = 63;

/**
 * One tile: `width` hashes of nodes at level `8 × level` of the tree, the first of them number `256 × index`.
 * Narrower than 256 it is partial, and there only until the full one is.
 */
export interface TileAddress {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** What a path names: hashes, or the entries below a tile of level 0. */
export interface TilePath extends TileAddress {
  readonly kind: 'hashes' | 'entries';
}

/**
 * `tile/1/x001/x234/067`, `tile/0/001.p/5`, `tile/entries/000`: below the log's prefix.
 * @throws {LogFault} `malformed-tile` for what no path can say
 */
export function printTilePath({ kind, level, index, width }: TilePath): string {
  const fits = Number.isInteger(level) && level >= 0 && level <= (kind === 'entries' ? 0 : HIGHEST_TILE_LEVEL);
  if (!fits || !isTreeSize(index) || !Number.isInteger(width) || width < 1 || width > TILE_WIDTH) throw new LogFault('malformed-tile', 'There is no such tile');
  const digits = `${index}`.padStart(Math.ceil(`${index}`.length / 3) * 3, '0');
  const elements = (digits.match(/\d{3}/g) ?? []).map((group, place, all) => (place < all.length - 1 ? `x${group}` : group));
  return `tile/${kind === 'entries' ? 'entries' : level}/${elements.join('/')}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/**
 * Reads a path in its only spelling.
 * @throws {LogFault} `malformed-tile`
 */
export function parseTilePath(path: string): TilePath {
  const [, place = '', elements = '', partial] = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  const tile: TilePath = {
    kind: place === 'entries' ? 'entries' : 'hashes',
    level: place === 'entries' ? 0 : Number(place),
    index: Number(elements.replaceAll(/[x/]/g, '')),
    width: partial === undefined ? TILE_WIDTH : Number(partial),
  };
  if (place === '' || printTilePath(tile) !== path) throw new LogFault('malformed-tile', 'This is no path of a tile');
  return tile;
}

/**
 * Hashes that the tile number `index` of this level has in a tree of `size` entries; 0 when the tree does not reach it.
 */
export function tileWidth(level: number, index: number, size: number): number {
  const nodes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, nodes - index * TILE_WIDTH));
}

/**
 * The tiles that are to be written when a tree grows from `before` to `after` entries, level by level: full ones, and the partial
 * one at the right edge. Those of level 0 name the entry bundles too. From 0 on, these are all tiles of the tree.
 */
export function newTiles(before: number, after: number): readonly TileAddress[] {
  if (!isTreeSize(before) || !isTreeSize(after) || before > after) throw new LogFault('out-of-range', 'A tree only grows');
  const tiles: TileAddress[] = [];
  for (let level = 0, span = 1; ; level += 1, span *= TILE_WIDTH) {
    const [had, has] = [Math.floor(before / span), Math.floor(after / span)];
    // Nothing new here, so nothing new above.
    if (had === has) return tiles;
    for (let index = Math.floor(had / TILE_WIDTH); index * TILE_WIDTH < has; index += 1) tiles.push({ level, index, width: tileWidth(level, index, after) });
  }
}

/** Nodes whose hashes a tile holds, in its order. */
export const nodesOfTile = ({ level, index, width }: TileAddress): readonly TreeNode[] =>
  Array.from({ length: width }, (_, place) => ({ level: level * TILE_LEVELS, index: index * TILE_WIDTH + place }));
