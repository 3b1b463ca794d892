import type { LogEntry, LogReader } from '../integrity/log-reader.ts';
import { DeliveryFailure, type LogBatch } from './log-sink.ts';

/** What may leave: entries of the log by this name, below this index. */
export interface CoveredLog {
  readonly origin: string;
  readonly size: number;
}

/** Writes one entry as a line, with its end. */
export type LineWriter = (entry: LogEntry, origin: string) => string;

/** Of one batch. A single entry may be longer (at most 64 KiB on the log) and then leaves alone. */
export const MOST_ENTRIES = 1_000;
export const MOST_BYTES = 1024 * 1024;
/** Entries read at a time: at 64 KiB each, what is held in memory stays below 16 MiB. */
const PAGE = 256;

/**
 * Reads the next entries from an index on, at most `most` of them and MOST_BYTES. Holds no transaction, and no connection when
 * it returns.
 * @param first below the size that is covered.
 * @throws {DeliveryFailure} where an index is missing: the order of the log has no gaps, so the stream makes none.
 */
export async function readBatch(reader: Pick<LogReader, 'readEntries'>, { origin, size }: CoveredLog, first: number, most: number, write: LineWriter): Promise<LogBatch> {
  const lines: Buffer[] = [];
  let bytes = 0;
  for (let from = first; from < Math.min(size, first + most); from += PAGE) {
    const to = Math.min(size, first + most, from + PAGE);
    let read = from;
    for await (const entries of reader.readEntries(from, to))
      for (const entry of entries) {
        if (entry.index !== read) throw new DeliveryFailure('LOG_HAS_A_GAP', 'slowly');
        read += 1;
        const line = Buffer.from(write(entry, origin), 'utf8');
        if (lines.length > 0 && bytes + line.length > MOST_BYTES) return batchOf(origin, first, lines);
        lines.push(line);
        bytes += line.length;
      }
    if (read !== to) throw new DeliveryFailure('LOG_HAS_A_GAP', 'slowly');
  }
  return batchOf(origin, first, lines);
}

const batchOf = (origin: string, first: number, lines: readonly Buffer[]): LogBatch => ({ origin, first, last: first + lines.length - 1, lines: Buffer.concat(lines) });
