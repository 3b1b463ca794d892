import { promisify } from 'node:util';
import { crc32, deflateRaw, gunzip } from 'node:zlib';

/*
 * A gzip file is a row of members (RFC 1952, section 2.2), which every reader of gzip reads as one. Ours say in an extra field how
 * long they are, so that the last whole one is found without unpacking the file.
 *
 *   10 bytes  header, FLG = FEXTRA        2 bytes  XLEN = 8
 *   2 bytes   subfield "Sp"               2 bytes  its length, 4
 *   4 bytes   length of the whole member  … deflate data …  4 bytes CRC-32, 4 bytes length unpacked
 */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 8, 0, 0x53, 0x70, 4, 0]);
/** Bytes from the beginning of a member to its compressed data. */
export const MEMBER_HEADER_BYTES = HEADER.length + 4;
const TRAILER_BYTES = 8;

const compress = promisify(deflateRaw);
const unpack = promisify(gunzip);

/** One whole gzip member. */
export async function gzipMember(bytes: Buffer): Promise<Buffer> {
  const data = await compress(bytes);
  const total = MEMBER_HEADER_BYTES + data.length + TRAILER_BYTES;
  const member = Buffer.concat([HEADER, Buffer.alloc(4), data, Buffer.alloc(TRAILER_BYTES)], total);
  member.writeUInt32LE(total, HEADER.length);
  member.writeUInt32LE(crc32(bytes), total - 8);
  member.writeUInt32LE(bytes.length % 2 ** 32, total - 4);
  return member;
}

/** Length in bytes of the member that begins so; null where this is no beginning of one of ours. */
export function memberLength(beginning: Buffer): number | null {
  if (beginning.length < MEMBER_HEADER_BYTES || !beginning.subarray(0, HEADER.length).equals(HEADER)) return null;
  const length = beginning.readUInt32LE(HEADER.length);
  return length > MEMBER_HEADER_BYTES + TRAILER_BYTES ? length : null;
}

/** Whether a member is whole: it unpacks to what its check sum says. */
export async function isWholeMember(member: Buffer): Promise<boolean> {
  return unpack(member).then(
    () => true,
    () => false,
  );
}

/** Whether what follows the last whole member can be one that was cut short: it begins like one, as far as it goes, or was never written (zeros). */
export function isTorn(rest: Buffer): boolean {
  const fixed = Math.min(rest.length, HEADER.length);
  return rest.subarray(0, fixed).equals(HEADER.subarray(0, fixed)) || rest.every((byte) => byte === 0);
}
