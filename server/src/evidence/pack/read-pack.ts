import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { PACK_FILES } from './pack-contents.ts';

/** Characters of a file's name that are repeated: it is whatever somebody wrote into the zip file. */
const LONGEST_NAME = 120;

/** The zip file is not one that we write: not readable, or with files that do not belong there. The message repeats no name; `file` does. */
export class PackFault extends Error {
  readonly file: string | undefined;
  constructor(message: string, { file, ...options }: ErrorOptions & { readonly file?: string } = {}) {
    super(message, options);
    this.name = 'PackFault';
    this.file = file?.slice(0, LONGEST_NAME);
  }
}

/** Upper bounds of what is read, whatever the file says of itself. */
const MOST_FILES = 10_000;
const MOST_BYTES = 64 * 2 ** 30;
/** What is held in memory as a whole: manifest, notes, a policy. */
const MOST_SMALL_BYTES = 16 * 2 ** 20;
const MOST_PROOF_BYTES = 512 * 2 ** 20 - 1024;

const STORED = 0;
const DEFLATED = 8;

const OPTIONAL: readonly string[] = [PACK_FILES.retention, PACK_FILES.answers, PACK_FILES.answersData];
const REQUIRED: readonly string[] = Object.values(PACK_FILES).filter((name) => !OPTIONAL.includes(name));
const isKnown = (name: string): boolean => (Object.values(PACK_FILES) as string[]).includes(name) || /^policies\/[0-9a-f]{64}\.json$/.test(name);

/** An open pack. Nothing of it is unpacked to disk, and nothing is believed. */
export interface OpenPack {
  /** In the order of the zip file's directory. */
  readonly names: readonly string[];
  /** A small file as a whole; the proof may be larger than the others. @throws {PackFault} */
  readonly readWhole: (name: string) => Promise<Buffer>;
  /** A file's bytes, piece by piece. @throws {PackFault} (when read) where they are not what the directory says */
  readonly read: (name: string) => AsyncGenerator<Buffer>;
  readonly close: () => void;
}

/**
 * Opens an evidence pack and checks its directory: known names only, each once, plain files, none encrypted, sizes within bounds,
 * local headers that say the same as the directory.
 * @throws {PackFault}
 */
export async function openPack(path: string): Promise<OpenPack> {
  const zip = await openPromise(path, { autoClose: false, strictFileNames: true, validateEntrySizes: true, decodeStrings: true }).catch((error: unknown) => {
    throw new PackFault('This is no evidence pack: it cannot be read as a zip file', { cause: error });
  });
  try {
    const entries = await readDirectory(zip);
    const entryOf = (name: string): Entry => {
      const entry = entries.get(name);
      if (entry === undefined) throw new PackFault('The pack lacks this file', { file: name });
      return entry;
    };
    return {
      names: [...entries.keys()],
      readWhole: async (name) => {
        const entry = entryOf(name);
        if (entry.uncompressedSize > (name === PACK_FILES.proof ? MOST_PROOF_BYTES : MOST_SMALL_BYTES)) throw new PackFault('This file of the pack is too large', { file: name });
        const pieces: Buffer[] = [];
        for await (const piece of piecesOf(zip, entry)) pieces.push(piece);
        return Buffer.concat(pieces);
      },
      read: (name) => piecesOf(zip, entryOf(name)),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function readDirectory(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (zip.entryCount > MOST_FILES) throw new PackFault('The zip file holds too many files');
  if (zip.comment !== '') throw new PackFault('The zip file has a comment');
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      if (!isKnown(entry.fileName)) throw new PackFault('The zip file holds a file that belongs in no pack', { file: entry.fileName });
      if (entries.has(entry.fileName)) throw new PackFault('The zip file holds this file twice', { file: entry.fileName });
      if (entry.isEncrypted() || (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED))
        throw new PackFault('This file of the pack is encrypted, or packed in an unknown way', { file: entry.fileName });
      bytes += entry.uncompressedSize;
      if (bytes > MOST_BYTES) throw new PackFault('The pack is too large');
      entries.set(entry.fileName, entry);
      // Two names for one file would show two programs two packs.
      const local = await zip.readLocalFileHeaderPromise(entry);
      if (!local.fileName.equals(entry.fileNameRaw) || !isUtf8(entry.fileNameRaw) || local.compressionMethod !== entry.compressionMethod)
        throw new PackFault('The zip file says two things of this file', { file: entry.fileName });
    }
  } catch (error) {
    throw error instanceof PackFault ? error : new PackFault('The directory of the zip file cannot be read', { cause: error });
  }
  const lacking = REQUIRED.find((name) => !entries.has(name));
  if (lacking !== undefined) throw new PackFault('The pack lacks this file', { file: lacking });
  return entries;
}

async function* piecesOf(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  let stream: Readable | undefined;
  try {
    stream = await zip.openReadStreamPromise(entry);
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    throw new PackFault('This file of the pack cannot be unpacked', { file: entry.fileName, cause: error });
  } finally {
    stream?.destroy();
  }
}
