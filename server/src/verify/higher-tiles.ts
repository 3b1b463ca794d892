import { CompactRange } from '../transparency/compact-range.ts';
import { HASH_BYTES } from '../transparency/merkle-hash.ts';
import { printTilePath, TILE_WIDTH } from '../transparency/tiles.ts';
import { readTileHashes, type TileFault } from './tile-folder.ts';

export interface BadTile {
  readonly path: string;
  readonly fault: TileFault | 'altered';
}

/** Hashes waiting for their tile to be full, on one level. */
interface Level {
  index: number;
  hashes: Buffer[];
}

/** Compares the tiles of level 1 and up with what the tiles below them come to, while those are read; constant memory. */
export class HigherTiles {
  readonly #folder: string;
  readonly #levels: Level[] = [];
  readonly #bad: BadTile[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Tiles that are not what they have to be. */
  get bad(): readonly BadTile[] {
    return this.#bad;
  }

  /** Takes the hash of the next full tile of `level - 1`. */
  append(hash: Buffer, level = 1): void {
    const here = (this.#levels[level] ??= { index: 0, hashes: [] });
    here.hashes.push(hash);
    if (here.hashes.length < TILE_WIDTH) return;
    this.#compare(level, here);
    const above = new CompactRange();
    for (const each of here.hashes) above.append(each);
    this.#levels[level] = { index: here.index + 1, hashes: [] };
    this.append(above.root(), level + 1);
  }

  /** Compares the partial tiles at the right edge. */
  finish(): void {
    for (const [level, here] of this.#levels.entries()) if (here !== undefined && here.hashes.length > 0) this.#compare(level, here);
  }

  #compare(level: number, { index, hashes }: Level): void {
    const width = hashes.length;
    const found = readTileHashes(this.#folder, { level, index, width });
    if (typeof found !== 'string' && found.length === width * HASH_BYTES && found.equals(Buffer.concat(hashes))) return;
    this.#bad.push({ path: printTilePath({ kind: 'hashes', level, index, width }), fault: typeof found === 'string' ? found : 'altered' });
  }
}
