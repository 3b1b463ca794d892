import type { EntryStream } from '../transparency/entry-stream.ts';
import { LogFault } from '../transparency/log-fault.ts';
import { TILE_WIDTH, tileWidth } from '../transparency/tiles.ts';
import { readBundle, readTileHashes } from './tile-folder.ts';

/** Leaf hashes of a tree of this size out of the folder's tiles of level 0, up to the first tile that is not there. */
export function* tileHashStream(folder: string, size: number): Generator<Uint8Array> {
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const hashes = readTileHashes(folder, { level: 0, index, width: tileWidth(0, index, size) });
    if (typeof hashes === 'string') return;
    yield hashes;
  }
}

/**
 * Entries of a tree of this size out of the folder's bundles. Ends where a bundle is not there or too short.
 * @throws {LogFault} `malformed-entries` (when read) where a bundle breaks off
 */
export async function* bundleStream(folder: string, size: number, absentBelow: number): EntryStream {
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const { entries, fault } = readBundle(folder, index, tileWidth(0, index, size), absentBelow);
    if (entries.length > 0) yield entries;
    if (fault === 'unreadable') throw new LogFault('malformed-entries', 'A bundle breaks off within an entry');
    if (fault === 'missing') return;
  }
}
