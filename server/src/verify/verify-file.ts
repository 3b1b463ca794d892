import { open, type FileHandle } from 'node:fs/promises';
import type { TreeHead } from '../transparency/consistency-proof.ts';
import { readBundles, readLines } from '../transparency/entry-stream.ts';
import { verifyEntries } from '../transparency/verify-stream.ts';
import { faultOf, rewrittenFaults } from './conclude.ts';
import { EntryTimes } from './entry-times.ts';
import type { Framing } from './fold-entries.ts';
import { foldFile, PIECE_BYTES } from './fold-file.ts';
import { openHashThreads } from './hash-threads.ts';
import { tileHashStream } from './tile-streams.ts';
import type { VerifyFault } from './verify-report.ts';
import { WatchedHeads } from './watched-heads.ts';

/** Below this many bytes a file is hashed sooner than a thread has started. */
const WORTH_THREADS = 32 * 1024 * 1024;

export interface FileToVerify {
  readonly path: string;
  /** Told from the first bytes when not given. */
  readonly framing?: Framing | undefined;
  /** Ascending by size, no size twice, one at least. */
  readonly heads: readonly TreeHead[];
  readonly threads: number;
  /** A folder with the log's tiles: with it the bad entry is named, and absent entries keep their places. */
  readonly tiles?: string | undefined;
  /** Below this index an entry may be absent. */
  readonly absentBelow: number;
}

export interface EntriesVerified {
  readonly entries: number;
  readonly absent: number;
  readonly compared: readonly TreeHead[];
  readonly faults: readonly VerifyFault[];
  readonly notes: readonly string[];
}

/**
 * Verifies a file of entries that begins at index 0. Intact files are hashed once, on several threads; only where something is
 * wrong a second pass, on one, asks where.
 * @throws what reading the file throws
 */
export async function verifyFile(task: FileToVerify): Promise<EntriesVerified> {
  const file = await open(task.path, 'r');
  const threads = openHashThreads((await file.stat()).size < WORTH_THREADS ? 1 : task.threads);
  try {
    const framing = task.framing ?? (await tellFraming(file));
    // An absent entry has only its tile to speak for it: that is read entry by entry.
    if (task.absentBelow > 0 && task.tiles !== undefined) return await nameFirstBad(task, framing, task.heads);
    const heads = new WatchedHeads(task.heads);
    const { size, isWhole, times } = await foldFile(file, framing, heads, threads);
    if (isWhole && heads.unreached.length === 0 && heads.denied.length === 0) return { entries: size, absent: 0, compared: heads.agreed, faults: [], notes: times.notes() };
    const last = task.heads.at(-1);
    if (isWhole && last !== undefined && heads.agreed.includes(last))
      return { entries: size, absent: 0, compared: heads.agreed, faults: rewrittenFaults(heads), notes: times.notes() };
    return await nameFirstBad(task, framing, task.heads);
  } finally {
    await threads.close();
    await file.close();
  }
}

const LINE_STARTS: ReadonlySet<string> = new Set(['{"', '\n\n', '\n{']);

async function tellFraming(file: FileHandle): Promise<Framing> {
  const start = Buffer.alloc(2);
  const { bytesRead } = await file.read(start, 0, 2, 0);
  // A line holds a JSON object, or nothing where the event is absent. A bundle that begins so would have a first entry of exactly 31,522, 2,570
  // or 2,683 bytes; --format says otherwise.
  return bytesRead < 2 || LINE_STARTS.has(start.toString('latin1')) ? 'lines' : 'bundles';
}

async function nameFirstBad(task: FileToVerify, framing: Framing, heads: readonly TreeHead[]): Promise<EntriesVerified> {
  const file = await open(task.path, 'r');
  let entries = 0;
  let absent = 0;
  const times = new EntryTimes();
  try {
    const read = framing === 'lines' ? readLines : readBundles;
    const counted = async function* (): AsyncGenerator<readonly Uint8Array[]> {
      for await (const batch of read(pieces(file))) {
        for (const entry of batch)
          if (entry.length === 0 && entries + absent < task.absentBelow) absent += 1;
          else {
            times.pass(entries + absent, Buffer.from(entry.buffer, entry.byteOffset, entry.length));
            entries += 1;
          }
        yield batch;
      }
    };
    const size = heads.at(-1)?.size ?? 0;
    const report = await verifyEntries({
      entries: counted(),
      heads,
      absentBelow: task.absentBelow,
      ...(task.tiles !== undefined && { leafHashes: tileHashStream(task.tiles, size) }),
    });
    const fault = faultOf(report);
    return { entries, absent, compared: fault === undefined ? heads : [], faults: fault === undefined ? [] : [fault], notes: times.notes() };
  } finally {
    await file.close();
  }
}

async function* pieces(file: FileHandle): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (;;) {
    const buffer = new Uint8Array(PIECE_BYTES);
    const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
