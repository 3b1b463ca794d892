import type { FileHandle } from 'node:fs/promises';
import { CompactRange } from '../transparency/compact-range.ts';
import { LARGEST_ENTRY_BYTES, LENGTH_BYTES } from '../transparency/tile-data.ts';
import { EntryTimes } from './entry-times.ts';
import { findBoundaries, type Framing } from './fold-entries.ts';
import type { HashAnswer } from './hash-jobs.ts';
import type { HashThreads } from './hash-threads.ts';
import { appendStretch } from './tree-of-subtrees.ts';
import type { WatchedHeads } from './watched-heads.ts';

/** Read at a time. */
export const PIECE_BYTES = 1024 * 1024;
/** The longest start of an entry that a piece can leave to the next one. */
const MOST_CARRIED = LARGEST_ENTRY_BYTES + LENGTH_BYTES;

/** How reading a file of entries ended. */
export interface FileFolded {
  readonly size: number;
  /** Everything was read and hashed; otherwise there is a surplus, or the file cannot be read as entries. */
  readonly isWhole: boolean;
  readonly times: EntryTimes;
}

/** A piece of the file, read behind room for what the piece before it leaves. */
interface Piece {
  readonly buffer: ArrayBuffer;
  readonly length: number;
}

async function readPiece(file: FileHandle, used: ArrayBuffer | undefined): Promise<Piece> {
  const buffer = used ?? new ArrayBuffer(MOST_CARRIED + PIECE_BYTES);
  const { bytesRead } = await file.read(new Uint8Array(buffer, MOST_CARRIED), 0, PIECE_BYTES, null);
  return { buffer, length: bytesRead };
}

/**
 * Hashes a file of entries from its beginning, in constant memory, and shows the tree to the heads as it grows. Stops at the first
 * entry behind the last head. Which entry is at fault is not asked here.
 */
export async function foldFile(file: FileHandle, framing: Framing, heads: WatchedHeads, threads: HashThreads): Promise<FileFolded> {
  const fold = new FileFold(framing, heads, threads);
  let ahead = readPiece(file, undefined);
  for (;;) {
    const piece = await ahead;
    if (piece.length === 0) return await fold.finish(true);
    ahead = readPiece(file, fold.takeBuffer());
    // Whoever waits for it learns of its failure; nobody does when the file is not read on.
    ahead.catch(() => undefined);
    if (!(await fold.take(piece))) return await fold.finish(false);
  }
}

class FileFold {
  readonly #framing: Framing;
  readonly #heads: WatchedHeads;
  readonly #threads: HashThreads;
  /** Sizes at which a stretch has to end, so that the tree can be compared there. */
  readonly #stops: readonly number[];
  readonly #tree = new CompactRange();
  readonly #times = new EntryTimes();
  readonly #inHand: Promise<HashAnswer>[] = [];
  /** Buffers of pieces that were hashed: to be filled again, which spares the memory's first touch. */
  readonly #used: ArrayBuffer[] = [];
  /** Index of the next entry to hash: ahead of the tree while threads are at work. */
  #index = 0;
  #carried: Buffer = Buffer.alloc(0);

  constructor(framing: Framing, heads: WatchedHeads, threads: HashThreads) {
    this.#framing = framing;
    this.#heads = heads;
    this.#threads = threads;
    heads.pass(this.#tree);
    this.#stops = heads.unreached.map(({ size }) => size);
  }

  /** A buffer for the next piece, if one is free. */
  takeBuffer(): ArrayBuffer | undefined {
    return this.#used.pop();
  }

  /** @returns whether reading on makes sense: not behind the last head, nor within an entry that is too large to be one */
  async take({ buffer, length }: Piece): Promise<boolean> {
    const start = MOST_CARRIED - this.#carried.length;
    let rest = Buffer.from(buffer, start, this.#carried.length + length);
    this.#carried.copy(rest);
    for (;;) {
      const stop = this.#stops.find((size) => size > this.#index);
      const most = stop === undefined ? 1 : stop - this.#index;
      const { count, length: whole } = findBoundaries(rest, this.#framing, most);
      if (stop === undefined && (count > 0 || rest.length > 0)) {
        this.#carried = rest;
        return false;
      }
      const taken = rest.subarray(0, whole);
      if (count === most) {
        // A head stands within the piece: a copy goes to the thread, the piece stays here.
        rest = rest.subarray(whole);
        await this.#hash(new Uint8Array(taken), count);
        continue;
      }
      this.#carried = Buffer.from(rest.subarray(whole));
      // From here the piece belongs to the thread.
      if (count > 0) await this.#hash(new Uint8Array(buffer, taken.byteOffset, taken.length), count);
      return this.#carried.length <= MOST_CARRIED;
    }
  }

  /** @param isAtEnd whether the file was read to its end */
  async finish(isAtEnd: boolean): Promise<FileFolded> {
    while (this.#inHand.length > 0) await this.#settleOne();
    return { size: this.#index, isWhole: isAtEnd && this.#carried.length === 0, times: this.#times };
  }

  async #hash(bytes: Uint8Array<ArrayBuffer>, count: number): Promise<void> {
    while (this.#inHand.length >= this.#threads.capacity) await this.#settleOne();
    const answer = this.#threads.run({ kind: 'entries', bytes, framing: this.#framing, begin: this.#index });
    answer.catch(() => undefined);
    this.#inHand.push(answer);
    this.#index += count;
  }

  async #settleOne(): Promise<void> {
    const answer = await this.#inHand.shift();
    if (answer?.kind !== 'entries') return;
    appendStretch(this.#tree, answer.subtrees);
    this.#times.append(answer.times);
    this.#heads.pass(this.#tree);
    if (answer.buffer.byteLength === MOST_CARRIED + PIECE_BYTES) this.#used.push(answer.buffer);
  }
}
