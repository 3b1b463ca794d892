import type { StretchTimes } from './entry-times.ts';
import { type Framing, foldEntries, type Subtrees } from './fold-entries.ts';
import { foldTiles, type TilesFolded, type TilesToFold } from './fold-tiles.ts';

/** Work that threads share: a piece of a file of entries, or tiles of a folder that the thread reads by itself. */
export type HashJob =
  | { readonly kind: 'entries'; readonly bytes: Uint8Array<ArrayBuffer>; readonly framing: Framing; readonly begin: number }
  | { readonly kind: 'tiles'; readonly tiles: TilesToFold };

/** The bytes of entries come back with the answer, so that they can be filled again. */
export type HashAnswer =
  | { readonly kind: 'entries'; readonly subtrees: Subtrees; readonly times: StretchTimes; readonly buffer: ArrayBuffer }
  | { readonly kind: 'tiles'; readonly folded: TilesFolded };

/** Does one job, on whichever thread. */
export function runHashJob(job: HashJob): HashAnswer {
  if (job.kind === 'tiles') return { kind: 'tiles', folded: foldTiles(job.tiles) };
  const { bytes, framing, begin } = job;
  return { kind: 'entries', ...foldEntries(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), framing, begin), buffer: bytes.buffer };
}
