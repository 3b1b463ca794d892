import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { HASH_BYTES } from '../transparency/merkle-hash.ts';
import { LARGEST_ENTRY_BYTES, LENGTH_BYTES, takeEntries } from '../transparency/tile-data.ts';
import { printTilePath, TILE_WIDTH, type TilePath } from '../transparency/tiles.ts';

/** The largest file that has a meaning here: a bundle of 256 entries, each as large as an entry can be. */
const MOST_BYTES = TILE_WIDTH * (LENGTH_BYTES + LARGEST_ENTRY_BYTES);

/** Bytes of a file of the folder; null when it isn't there; `too-large` beyond what any tile or bundle has. */
function readWhole(path: string): Buffer | null | 'too-large' {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return null;
    if (stat.size > MOST_BYTES) return 'too-large';
    const bytes = Buffer.allocUnsafe(stat.size);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

/** Why a file of the folder cannot be used. */
export type TileFault = 'missing' | 'unreadable';

/**
 * A tile's hashes from a folder in the layout of C2SP tlog-tiles. In place of a partial tile the full one will do; more
 * hashes than the width are passed over.
 */
export function readTileHashes(folder: string, tile: Omit<TilePath, 'kind'>): Buffer | TileFault {
  const bytes = readEither(folder, { ...tile, kind: 'hashes' });
  if (bytes === null) return 'missing';
  const isFull = bytes !== 'too-large' && bytes.bytes.length === TILE_WIDTH * HASH_BYTES;
  if (bytes === 'too-large' || (bytes.bytes.length !== bytes.width * HASH_BYTES && !isFull)) return 'unreadable';
  return bytes.bytes.subarray(0, tile.width * HASH_BYTES);
}

/** Entries of a bundle, as views into its bytes; those before a break, and whether there is one. */
export interface BundleRead {
  readonly entries: readonly Buffer[];
  readonly fault?: TileFault;
}

/**
 * A bundle's entries from a folder in the layout of C2SP tlog-tiles, `width` of them at most. A bundle that isn't there has nothing but
 * absent entries, where all of them may be.
 */
export function readBundle(folder: string, index: number, width: number, absentBelow: number): BundleRead {
  const read = readEither(folder, { kind: 'entries', level: 0, index, width });
  if (read === null && index * TILE_WIDTH + width <= absentBelow) return { entries: Array.from({ length: width }, () => Buffer.alloc(0)) };
  if (read === null) return { entries: [], fault: 'missing' };
  if (read === 'too-large') return { entries: [], fault: 'unreadable' };
  const { entries, rest } = takeEntries(read.bytes);
  if (rest.length > 0) return { entries: entries.slice(0, width), fault: 'unreadable' };
  if (entries.length < read.width) return { entries: entries.slice(0, width), fault: 'missing' };
  return entries.length > read.width ? { entries: entries.slice(0, width), fault: 'unreadable' } : { entries: entries.slice(0, width) };
}

function readEither(folder: string, tile: TilePath): { readonly bytes: Buffer; readonly width: number } | null | 'too-large' {
  for (const width of tile.width < TILE_WIDTH ? [tile.width, TILE_WIDTH] : [TILE_WIDTH]) {
    const bytes = readWhole(join(folder, printTilePath({ ...tile, width })));
    if (bytes === 'too-large') return bytes;
    if (bytes !== null) return { bytes, width };
  }
  return null;
}
