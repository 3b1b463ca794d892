import { LogFault } from './log-fault.ts';
import { LARGEST_ENTRY_BYTES, takeEntries } from './tile-data.ts';

/** Entries of a log in their order, some at a time: what comes out of one piece of a file. They are views, good until the next piece. */
export type EntryStream = AsyncIterable<readonly Uint8Array[]>;

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Entries of one bundle or of many, one after the other in one file. Holds one piece of the file and one entry at most.
 * @throws {LogFault} `malformed-entries` when the file ends within an entry
 */
export const readBundles = (pieces: Pieces): EntryStream => readPieces(pieces, takeEntries);

/**
 * Entries that are lines of a file, each with its line end: an export of canonical JSON, which has no line ends within.
 * @throws {LogFault} `malformed-entries` when the last line has no end; `entry-too-large` for a line of more than 65,535 bytes
 */
export const readLines = (pieces: Pieces): EntryStream => readPieces(pieces, takeLines);

/** What the bytes at hand hold: whole entries, and the start of the next one, unless it is already too long to be one. */
interface Taken {
  readonly entries: readonly Buffer[];
  readonly rest: Buffer;
  readonly isTooLarge?: boolean;
}

async function* readPieces(pieces: Pieces, take: (bytes: Buffer) => Taken): EntryStream {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    const taken = take(rest.length > 0 ? Buffer.concat([rest, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    rest = taken.rest;
    // First the whole entries: whoever counts them knows which one is the bad one.
    if (taken.entries.length > 0) yield taken.entries;
    if (taken.isTooLarge === true) throw new LogFault('entry-too-large', 'An entry has 65,535 bytes at most');
  }
  if (rest.length > 0) throw new LogFault('malformed-entries', 'The file ends within an entry');
}

const LINE_END = 0x0a;

function takeLines(bytes: Buffer): Taken {
  const entries: Buffer[] = [];
  let at = 0;
  for (let end = bytes.indexOf(LINE_END); end >= 0 && end - at <= LARGEST_ENTRY_BYTES; end = bytes.indexOf(LINE_END, at)) {
    entries.push(bytes.subarray(at, end));
    at = end + 1;
  }
  const rest = bytes.subarray(at);
  return { entries, rest, isTooLarge: rest.length > LARGEST_ENTRY_BYTES };
}
