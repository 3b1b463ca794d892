import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipMember, isTorn, isWholeMember, MEMBER_HEADER_BYTES, memberLength } from './gzip-member.ts';
import { DeliveryFailure, type LogSink, type StreamFormat, systemCodeOf } from './log-sink.ts';
import { streamName } from './stream-name.ts';

export interface FileSinkOptions {
  /** Beginning of the files' paths: `/var/log/sallyport/events` makes `/var/log/sallyport/events-000000000000.jsonl.gz`. */
  readonly path: string;
  readonly format: StreamFormat;
  /** Bytes from which on the next file is begun. Default 64 MiB. */
  readonly rotateAt?: number;
}

const ROTATE_AT = 64 * 1024 * 1024;
const DIGITS = 12;
const ENDING = '.jsonl.gz';
/** Always at the end, whoever else writes; never through a link that somebody put there. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly inode: number;
  size: number;
}

/**
 * Appends batches to files on this machine, a gzip member each, on disk when `deliver` returns. A file is called after the first index
 * in it, so that names sort as the log does, and one that has reached its size is never touched again.
 *
 * Crash points: before a member is whole on disk, the cursor has not moved; the torn member is found by its length when the file is
 * next opened, and cut off. After that and before the cursor moves, the same entries are appended once more.
 */
export function createFileSink({ path, format, rotateAt = ROTATE_AT }: FileSinkOptions): LogSink {
  const folder = dirname(path);
  const prefix = `${basename(path)}-`;
  let current: OpenFile | null = null;

  const openFile = async (name: string): Promise<OpenFile> => {
    const full = join(folder, name);
    const handle = await open(full, APPEND, 0o600);
    try {
      const size = await cutTornMember(handle);
      const { ino } = await handle.stat();
      await syncFolder(folder);
      return { handle, path: full, inode: ino, size };
    } catch (fault) {
      await handle.close();
      throw fault;
    }
  };
  const close = async (): Promise<void> => {
    const file = current;
    current = null;
    await file?.handle.close();
  };
  /** The file for the next member: the one in hand, unless it is full, or was moved away or deleted meanwhile. */
  const fileFor = async (first: number): Promise<OpenFile> => {
    if (current !== null && (current.size >= rotateAt || !(await isStillThere(current)))) await close();
    current ??= await openFile(`${prefix}${String(first).padStart(DIGITS, '0')}${ENDING}`);
    return current;
  };

  return {
    name: streamName('file', `${path} ${format}`),
    kind: 'file',
    destination: basename(path),
    format,
    open: () =>
      failingBy(async () => {
        await close();
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const last = (await readdir(folder))
          .filter((name) => isOneOfOurs(name, prefix))
          .toSorted()
          .at(-1);
        if (last !== undefined) current = await openFile(last);
      }),
    deliver: ({ first, lines }) =>
      failingBy(async () => {
        const member = await gzipMember(lines);
        const file = await fileFor(first);
        try {
          await file.handle.appendFile(member);
          await file.handle.datasync();
          file.size += member.length;
        } catch (fault) {
          // What part of it was written is cut off when the file is opened again.
          await close();
          throw fault;
        }
      }),
    close,
  };
}

const isOneOfOurs = (name: string, prefix: string): boolean => name.startsWith(prefix) && name.endsWith(ENDING) && /^\d{12,16}$/.test(name.slice(prefix.length, -ENDING.length));

async function failingBy(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (fault) {
    throw fault instanceof DeliveryFailure ? fault : new DeliveryFailure(systemCodeOf(fault), 'soon', null, fault);
  }
}

async function isStillThere({ path, inode }: OpenFile): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.ino === inode;
}

/** A new name is on disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/**
 * Goes from member to member by their lengths, cuts off one that was torn at the end, and returns the size that is left.
 * @throws {DeliveryFailure} for anything else that is not ours or is damaged: that is somebody's to look at, and stays as it is.
 */
async function cutTornMember(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const read = async (at: number, most: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(most, size - at)), 0, Math.min(most, size - at), at);
    return buffer.subarray(0, bytesRead);
  };
  let whole = 0;
  let last = 0;
  for (;;) {
    const length = memberLength(await read(whole, MEMBER_HEADER_BYTES));
    if (length === null || whole + length > size) break;
    last = whole;
    whole += length;
  }
  if (whole > 0 && !(await isWholeMember(await read(last, whole - last)))) throw new DeliveryFailure('DAMAGED_FILE', 'slowly');
  if (whole === size) return size;
  if (!isTorn(await read(whole, MEMBER_HEADER_BYTES))) throw new DeliveryFailure('DAMAGED_FILE', 'slowly');
  await handle.truncate(whole);
  await handle.datasync();
  return whole;
}
