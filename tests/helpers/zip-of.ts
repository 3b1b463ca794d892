import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** Names and bytes of a zip file's files, in its order. */
export type ZipParts = ReadonlyMap<string, Buffer>;

/** Packs files as they are given; nothing about them is checked. */
export async function zipOf(parts: ZipParts): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of parts) zip.addBuffer(bytes, name, { mtime: new Date('2026-11-21T09:06:48Z'), mode: 0o100644 });
  zip.end();
  return await buffer(zip.outputStream);
}
