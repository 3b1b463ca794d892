import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CompactRange } from '../transparency/compact-range.ts';
import type { TreeHead } from '../transparency/consistency-proof.ts';
import { HASH_BYTES } from '../transparency/merkle-hash.ts';
import { printTilePath, TILE_LEVELS, TILE_WIDTH, tileWidth } from '../transparency/tiles.ts';
import { verifyEntries } from '../transparency/verify-stream.ts';
import { faultOf, rewrittenFaults } from './conclude.ts';
import { EntryTimes } from './entry-times.ts';
import type { Subtrees } from './fold-entries.ts';
import { foldTile, type TilesFolded, type TilesToFold } from './fold-tiles.ts';
import type { HashAnswer } from './hash-jobs.ts';
import { openHashThreads } from './hash-threads.ts';
import { type BadTile, HigherTiles } from './higher-tiles.ts';
import { narrowRange } from './narrow-range.ts';
import { bundleStream, tileHashStream } from './tile-streams.ts';
import type { EntriesVerified } from './verify-file.ts';
import { rangeText, type VerifyFault } from './verify-report.ts';
import { WatchedHeads } from './watched-heads.ts';

export interface FolderToVerify {
  readonly folder: string;
  /** Size of the folder's own checkpoint: its tiles are as wide as this says. */
  readonly size: number;
  /** Ascending by size, no size twice; those beyond the folder's own have entries that it misses. */
  readonly heads: readonly TreeHead[];
  readonly threads: number;
  readonly absentBelow: number;
}

/** Below this many entries a folder is hashed sooner than a thread has started. */
const WORTH_THREADS = 50_000;
/** Tiles that one job reads: enough to keep a thread busy for some milliseconds. */
const TILES_AT_ONCE = 16;

/** Verifies a folder in the layout of C2SP tlog-tiles: every entry, every tile, every head. */
export async function verifyFolder(task: FolderToVerify): Promise<EntriesVerified> {
  const fold = new FolderFold(task);
  await fold.run();
  const { heads, badTiles, stopped, absent } = fold;
  const entries = fold.size - absent;
  const own = task.heads.find(({ size }) => size === task.size);
  const beyond = task.heads.filter(({ size }) => size > task.size);
  const notes = [...(await surplusNotes(task)), ...fold.times.notes()];
  const gone = beyond.map((head): VerifyFault => {
    const firstBad = { begin: task.size, end: head.size };
    return { fault: 'missing', firstBad, message: `A checkpoint of ${head.size} entries was signed, and the folder ends before it: ${rangeText(firstBad)} cannot be found.` };
  });
  if (own !== undefined && heads.agreed.includes(own)) {
    const tiles = badTiles.map(
      ({ path, fault }): VerifyFault => ({
        fault,
        file: path,
        message: `The tile is ${fault === 'altered' ? 'not what its entries come to' : fault}; the entries themselves are as they were signed.`,
      }),
    );
    return { entries, absent, compared: heads.agreed, faults: [...rewrittenFaults(heads), ...gone, ...tiles], notes };
  }
  const named = await nameFirstBad(task);
  const file = stopped === undefined ? {} : { file: printTilePath({ kind: 'entries', level: 0, index: stopped.index, width: tileWidth(0, stopped.index, task.size) }) };
  return { entries, absent, compared: heads.agreed, faults: [...(named ? [{ ...named, ...file }] : []), ...gone], notes };
}

async function nameFirstBad({ folder, size, heads, absentBelow }: FolderToVerify): Promise<VerifyFault | undefined> {
  const report = await verifyEntries({
    entries: bundleStream(folder, size, absentBelow),
    heads: heads.filter((head) => head.size <= size),
    leafHashes: tileHashStream(folder, size),
    absentBelow,
  });
  const head = heads.find((each) => each.size === size);
  if (report.intact || head === undefined || report.firstBad.end - report.firstBad.begin === 1) return faultOf(report);
  const narrow = await narrowRange({ folder, head, absentBelow });
  const begin = Math.max(report.firstBad.begin, narrow?.begin ?? 0);
  const end = Math.min(report.firstBad.end, narrow?.end ?? report.firstBad.end);
  return faultOf(begin < end ? { ...report, firstBad: { begin, end } } : report);
}

/** A log that runs on while it is copied leaves tiles beyond the checkpoint: no fault, but nothing is said about them. */
async function surplusNotes({ folder, size }: FolderToVerify): Promise<readonly string[]> {
  const last = Math.floor(size / TILE_WIDTH);
  const wider = await readdir(join(folder, `${printTilePath({ kind: 'entries', level: 0, index: last, width: TILE_WIDTH })}.p`)).catch(() => []);
  const isBeyond =
    wider.some((width) => Number(width) > size % TILE_WIDTH) ||
    [last, last + 1].some((index) => existsSync(join(folder, printTilePath({ kind: 'entries', level: 0, index, width: TILE_WIDTH }))));
  return isBeyond ? [`The folder holds entries beyond its checkpoint of ${size}. Nothing is shown about those.`] : [];
}

class FolderFold {
  readonly heads: WatchedHeads;
  readonly badTiles: BadTile[] = [];
  readonly times = new EntryTimes();
  absent = 0;
  stopped: TilesFolded['stopped'];
  readonly #task: FolderToVerify;
  readonly #tree = new CompactRange();
  readonly #higher: HigherTiles;

  constructor(task: FolderToVerify) {
    this.#task = task;
    this.heads = new WatchedHeads(task.heads);
    this.#higher = new HigherTiles(task.folder);
  }

  /** Entries up to the first that could not be read. */
  get size(): number {
    return this.#tree.size;
  }

  async run(): Promise<void> {
    const { folder, size, absentBelow } = this.#task;
    const threads = openHashThreads(size < WORTH_THREADS ? 1 : this.#task.threads);
    const tiles = Math.ceil(size / TILE_WIDTH);
    const inHand: Promise<HashAnswer>[] = [];
    try {
      this.heads.pass(this.#tree);
      for (let from = 0; from < tiles && this.stopped === undefined; from += TILES_AT_ONCE) {
        const answer = threads.run({ kind: 'tiles', tiles: { folder, from, to: Math.min(tiles, from + TILES_AT_ONCE), size, absentBelow } satisfies TilesToFold });
        answer.catch(() => undefined);
        inHand.push(answer);
        if (inHand.length >= threads.capacity) this.#take(await inHand.shift());
      }
      while (inHand.length > 0 && this.stopped === undefined) this.#take(await inHand.shift());
    } finally {
      await threads.close();
    }
    if (this.stopped === undefined) this.#higher.finish();
    this.badTiles.push(...this.#higher.bad);
  }

  #take(answer: HashAnswer | undefined): void {
    if (answer?.kind !== 'tiles') return;
    const { subtrees, times, absent, badTiles, stopped } = answer.folded;
    this.times.append(times);
    this.absent += absent;
    for (const { index, fault } of badTiles) this.badTiles.push({ path: printTilePath({ kind: 'hashes', level: 0, index, width: tileWidth(0, index, this.#task.size) }), fault });
    this.#append(subtrees);
    this.stopped = stopped;
  }

  #append({ begin, levels, hashes }: Subtrees): void {
    let at = begin;
    for (const [place, level] of levels.entries()) {
      if (at % TILE_WIDTH === 0) this.#passHeadsWithin(at / TILE_WIDTH);
      const hash = Buffer.from(hashes.slice(place * HASH_BYTES, (place + 1) * HASH_BYTES));
      this.#tree.appendSubtree({ level, index: at / 2 ** level }, hash);
      if (level === TILE_LEVELS) this.#higher.append(hash);
      at += 2 ** level;
      this.heads.pass(this.#tree);
    }
  }

  /** Heads whose last entry stands within a tile are compared with a part of it, read once more. */
  #passHeadsWithin(index: number): void {
    const end = Math.min(this.#task.size, (index + 1) * TILE_WIDTH);
    let leaves: readonly Buffer[] | undefined;
    for (let size = this.heads.nextSize; size !== undefined && size > index * TILE_WIDTH && size < end; size = this.heads.nextSize) {
      leaves ??= foldTile(this.#task, index).leaves;
      const part = CompactRange.resume(this.#tree.size, this.#tree.edge);
      for (const leaf of leaves.slice(0, size - part.size)) part.append(leaf);
      if (part.size !== size) return;
      this.heads.pass(part);
    }
  }
}
