import { HASH_BYTES, leafHash, nodeHash } from '../transparency/merkle-hash.ts';
import { LENGTH_BYTES } from '../transparency/tile-data.ts';
import { EntryTimes, type StretchTimes } from './entry-times.ts';

/** How entries stand in a file: each behind its length (C2SP tlog-tiles), or each on a line of its own. */
export type Framing = 'bundles' | 'lines';

const LINE_END = 0x0a;

/** Where whole entries end in a piece of a file. */
export interface Boundaries {
  /** Whole entries. */
  readonly count: number;
  /** Bytes that they take. */
  readonly length: number;
}

/** Counts the whole entries at the start of the bytes, `most` of them at most. */
export function findBoundaries(bytes: Buffer, framing: Framing, most = Number.POSITIVE_INFINITY): Boundaries {
  let count = 0;
  let at = 0;
  while (count < most) {
    const end = endOfEntry(bytes, at, framing);
    if (end < 0 || end > bytes.length) break;
    at = end;
    count += 1;
  }
  return { count, length: at };
}

/** Where the entry that begins here ends, its framing included; negative or beyond the bytes when it is not whole. */
function endOfEntry(bytes: Buffer, at: number, framing: Framing): number {
  if (framing === 'lines') {
    const end = bytes.indexOf(LINE_END, at);
    return end < 0 ? end : end + 1;
  }
  return at + LENGTH_BYTES > bytes.length ? -1 : at + LENGTH_BYTES + bytes.readUInt16BE(at);
}

/**
 * Full subtrees side by side, the first entry's on the left: how a stretch of entries is handed on without its neighbours being
 * known. Kept as numbers and bytes, so that it crosses threads without being copied piece by piece.
 */
export interface Subtrees {
  readonly begin: number;
  readonly levels: readonly number[];
  /** 32 bytes for each. */
  readonly hashes: Uint8Array;
}

/** Joins hashes of entries that follow each other into the fewest full subtrees, left to right. */
export class SubtreeFold {
  readonly #begin: number;
  readonly #highest: number;
  #next: number;
  readonly #levels: number[] = [];
  readonly #hashes: Buffer[] = [];

  /**
   * @param begin index of the first entry
   * @param highest level above which nothing is joined
   */
  constructor(begin: number, highest = Number.POSITIVE_INFINITY) {
    this.#begin = begin;
    this.#highest = highest;
    this.#next = begin;
  }

  append(leaf: Buffer): void {
    let hash = leaf;
    let level = 0;
    let index = this.#next;
    // A right child joins the subtree on its left, if that one lies within the stretch as a whole.
    while (index % 2 === 1 && level < this.#highest && this.#levels.at(-1) === level) {
      this.#levels.pop();
      hash = nodeHash(this.#hashes.pop() ?? hash, hash);
      level += 1;
      index = Math.floor(index / 2);
    }
    this.#levels.push(level);
    this.#hashes.push(hash);
    this.#next += 1;
  }

  finish(): Subtrees {
    const hashes = new Uint8Array(this.#hashes.length * HASH_BYTES);
    for (const [place, hash] of this.#hashes.entries()) hashes.set(hash, place * HASH_BYTES);
    return { begin: this.#begin, levels: this.#levels, hashes };
  }
}

/** Hashes the entries of a piece that `findBoundaries` measured, and reads their times. */
export function foldEntries(bytes: Buffer, framing: Framing, begin: number): { readonly subtrees: Subtrees; readonly times: StretchTimes } {
  const fold = new SubtreeFold(begin);
  const times = new EntryTimes();
  let index = begin;
  const skip = framing === 'lines' ? 0 : LENGTH_BYTES;
  const ending = framing === 'lines' ? 1 : 0;
  for (let at = 0; at < bytes.length; ) {
    const end = endOfEntry(bytes, at, framing);
    const entry = bytes.subarray(at + skip, end - ending);
    fold.append(leafHash(entry));
    times.pass(index, entry);
    index += 1;
    at = end;
  }
  return { subtrees: fold.finish(), times: times.finish() };
}
