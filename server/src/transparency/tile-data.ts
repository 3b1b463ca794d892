import { LogFault } from './log-fault.ts';
import { HASH_BYTES } from './merkle-hash.ts';
import { TILE_WIDTH } from './tiles.ts';

/** The largest entry that a bundle can hold: its length is written in two bytes (C2SP tlog-tiles). */
export const LARGEST_ENTRY_BYTES = 0xffff;
export const LENGTH_BYTES = 2;

const isWidth = (width: number): boolean => Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH;

/** Bytes of a tile: its hashes, one after the other. */
export function packTile(hashes: readonly Uint8Array[]): Buffer {
  if (!isWidth(hashes.length) || hashes.some((hash) => hash.length !== HASH_BYTES)) throw new LogFault('malformed-tile', 'A tile has 1 to 256 hashes of 32 bytes');
  return Buffer.concat(hashes);
}

/** @throws {LogFault} `malformed-tile` when the bytes are not exactly `width` hashes */
export function unpackTile(bytes: Uint8Array, width: number): readonly Buffer[] {
  if (!isWidth(width) || bytes.length !== width * HASH_BYTES) throw new LogFault('malformed-tile', 'The tile has not the length of its width');
  return Array.from({ length: width }, (_, place) => Buffer.from(bytes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES)));
}

/**
 * Bytes of an entry bundle: each entry behind its length, two bytes, big-endian.
 * @throws {LogFault} `entry-too-large` beyond 65,535 bytes
 */
export function packBundle(entries: readonly Uint8Array[]): Buffer {
  if (!isWidth(entries.length)) throw new LogFault('malformed-entries', 'A bundle has 1 to 256 entries');
  return Buffer.concat(entries.flatMap((entry) => [writeLength(entry), entry]));
}

function writeLength({ length }: Uint8Array): Buffer {
  if (length > LARGEST_ENTRY_BYTES) throw new LogFault('entry-too-large', 'An entry of a bundle has 65,535 bytes at most');
  const bytes = Buffer.alloc(LENGTH_BYTES);
  bytes.writeUInt16BE(length);
  return bytes;
}

/** @throws {LogFault} `malformed-entries` when the bytes are not exactly `width` entries */
export function unpackBundle(bytes: Uint8Array, width: number): readonly Buffer[] {
  const { entries, rest } = takeEntries(Buffer.from(bytes));
  if (!isWidth(width) || rest.length > 0 || entries.length !== width) throw new LogFault('malformed-entries', 'The bundle has not as many entries as its width says');
  return entries;
}

/** The whole entries at the start of the bytes, as views into them, and what is left. */
export function takeEntries(bytes: Buffer): { readonly entries: readonly Buffer[]; readonly rest: Buffer } {
  const entries: Buffer[] = [];
  let at = 0;
  while (at + LENGTH_BYTES <= bytes.length) {
    const end = at + LENGTH_BYTES + bytes.readUInt16BE(at);
    if (end > bytes.length) break;
    entries.push(bytes.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return { entries, rest: bytes.subarray(at) };
}
