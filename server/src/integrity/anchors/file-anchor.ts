import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { parseCheckpoint } from '../../transparency/checkpoint.ts';
import { LogFault } from '../../transparency/log-fault.ts';
import { parseNote } from '../../transparency/note.ts';
import type { SeenCheckpoint } from '../judge-standing.ts';
import { type Anchor, AnchorFault } from './anchor.ts';

/** Bytes at the end of the file that are looked at: some hundreds of notes. */
const TAIL_BYTES = 256 * 1024;
/** Bytes at the end that hold the last record. */
const LAST_BYTES = 16 * 1024;
/** Written after a record that a crash cut off, so that it is not taken for a whole one. */
const TORN = '\n# torn\n\n';
const END = '\n\n';
/** How many of the last records are told of; the largest of each log always is. */
const TOLD = 16;

type KeptNote = Omit<SeenCheckpoint, 'place'>;

/**
 * Signed checkpoints one after the other in a file that only grows, each with an empty line behind it. A checkpoint's own empty line
 * stands before its signatures, which begin with a dash:
 *
 *     admin.example.com/production/4f1c
 *     20852163
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 *     — admin.example.com/production/4f1c Az3grlgtzPICa5OS8npVmf1M…
 *
 *     admin.example.com/production/4f1c
 *     …
 *
 * Kept on a medium where nothing is ever written over, it shows an outsider what the log had promised by when. About 300 bytes a record.
 */
export function createFileAnchor(path: string): Anchor {
  return {
    kind: 'file',
    anchor: async ({ note }) => {
      await asAnchor(append(path, note));
      return { note, cosignature: null };
    },
    seen: async () => {
      const place = basename(path);
      return pickTelling(await asAnchor(readTail(path))).map((record) => ({ place, ...record }));
    },
  };
}

/**
 * The records to hold against the database. Their signatures are not looked at: they are believed for bad news only, and a key that a
 * restored database does not know is no reason to hear none.
 */
function pickTelling(records: readonly KeptNote[]): readonly KeptNote[] {
  const largest = new Map<string, KeptNote>();
  for (const record of records) if (record.size >= (largest.get(record.origin)?.size ?? 0)) largest.set(record.origin, record);
  return [...new Set([...largest.values(), ...records.slice(-TOLD)])];
}

async function asAnchor<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new AnchorFault('not-writable', { cause });
  }
}

async function append(path: string, note: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const file = await open(path, 'a+', 0o640);
  try {
    const { size } = await file.stat();
    const tail = await readLast(file, size, LAST_BYTES);
    if (tail.endsWith(END) && saysNothingNew(readRecords(tail).at(-1), note)) return;
    const record = Buffer.from(`${size === 0 || tail.endsWith(END) ? '' : TORN}${note}\n`);
    const { bytesWritten } = await file.write(record);
    if (bytesWritten !== record.length) throw new Error('A record was cut off');
    await file.sync();
    if (size === 0) await syncFolder(folder);
  } finally {
    await file.close();
  }
}

/** The same checkpoint with as many signatures: a witness that cosigns it once more only has a later time. */
function saysNothingNew(last: KeptNote | undefined, note: string): boolean {
  if (last === undefined) return false;
  const [kept, offered] = [parseNote(last.note), parseNote(note)];
  return kept.text === offered.text && kept.signatures.length === offered.signatures.length;
}

async function readTail(path: string): Promise<readonly KeptNote[]> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    const { size } = await file.stat();
    return readRecords(await readLast(file, size, TAIL_BYTES));
  } finally {
    await file.close();
  }
}

/** The end of the file, from the beginning of a block: half an origin would be another origin. */
async function readLast(file: FileHandle, size: number, most: number): Promise<string> {
  const bytes = Buffer.alloc(Math.min(size, most));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
  const text = bytes.toString('utf8', 0, bytesRead);
  if (bytes.length === size) return text;
  const block = text.indexOf(END);
  return block < 0 ? '' : text.slice(block + END.length);
}

async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Whole records of a text that may end within one. */
function readRecords(text: string): readonly KeptNote[] {
  // What follows the last empty line is a record under way, or nothing.
  const blocks = text.split(END).slice(0, -1);
  return blocks.flatMap((block, place) => {
    const before = blocks[place - 1];
    return block.startsWith('— ') && before !== undefined ? readRecord(`${before}${END}${block}\n`) : [];
  });
}

function readRecord(note: string): readonly KeptNote[] {
  try {
    const { origin, size, root } = parseCheckpoint(parseNote(note).text);
    return [{ origin, size, root, note }];
  } catch (error) {
    if (error instanceof LogFault) return [];
    throw error;
  }
}
