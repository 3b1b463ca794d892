import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { LogReader } from '../integrity/log-reader.ts';
import { describeError, type Log } from '../kernel/log.ts';
import { type HeldStream, holdStream } from './hold-stream.ts';
import { DeliveryFailure, type LogBatch, type LogSink } from './log-sink.ts';
import { type CoveredLog, type LineWriter, MOST_ENTRIES, readBatch } from './read-batch.ts';

/** Times in milliseconds. */
export interface StreamTimes {
  /** Between two looks for something new, and the least between two batches that were not full: entries gather meanwhile. */
  readonly look: number;
  /** First and longest wait after a failure that passes by itself. Each doubles the one before, and half of it is chance. */
  readonly soon: readonly [first: number, longest: number];
  /** The same where somebody has to mend something. */
  readonly slowly: readonly [first: number, longest: number];
  /** Between two signs of life in the table, also while waiting. */
  readonly sign: number;
}

export const STREAM_TIMES: StreamTimes = { look: 1_000, soon: [1_000, 60_000], slowly: [60_000, 900_000], sign: 15_000 };

export interface StreamOptions {
  /** Of the gateway's pool. */
  readonly connection: pg.PoolConfig;
  readonly reader: Pick<LogReader, 'readEntries'>;
  readonly sink: LogSink;
  readonly write: LineWriter;
  readonly log: Log;
  readonly stopped: AbortSignal;
  readonly times?: StreamTimes;
}

interface Place extends pg.QueryResultRow {
  readonly next: number;
  readonly origin: string | null;
  readonly size: number | null;
}

/**
 * Streams the log to one receiver for as long as the process lives, whenever this gateway holds the stream: what is covered by a signed
 * checkpoint of the log's present name, in the order of its indexes.
 *
 * Crash points: before the receiver's answer nothing has moved; between the answer and the commit of the cursor, the same entries are
 * sent once more; after it, never again. No transaction is open while anything is sent.
 */
export async function runStream(options: StreamOptions): Promise<void> {
  const { connection, sink, log, stopped, times = STREAM_TIMES } = options;
  for (let failures = 0; !stopped.aborted; ) {
    let held: HeldStream | null = null;
    try {
      held = await holdStream(connection, sink.name);
      if (held !== null) {
        failures = 0;
        await serve(held, { ...options, times });
      }
    } catch (fault) {
      if (stopped.aborted) break;
      if (failures === 0) log.warn({ stream: sink.name, failure: describeError(fault) }, 'a stream of the log was interrupted; it goes on by itself');
      failures += 1;
    } finally {
      await sink.close().catch(() => undefined);
      await held?.release();
    }
    await sleep(failures === 0 ? times.look : backoff(times.soon, failures), stopped);
  }
}

/** Works on a stream that this gateway holds, until it is stopped. @throws where the hold or the database is lost. */
async function serve(held: HeldStream, { reader, sink, write, log, stopped, times = STREAM_TIMES }: StreamOptions): Promise<void> {
  let failures = 0;
  let most = MOST_ENTRIES;
  let isOpen = false;
  let signedAt = Number.NEGATIVE_INFINITY;
  const showLife = async (): Promise<void> => {
    if (performance.now() - signedAt < times.sign) return;
    await held.query('update gateway.log_stream set served_at = clock_timestamp() where name = $1', [sink.name]);
    signedAt = performance.now();
  };
  /** Waits, showing life meanwhile; so a hold that is lost is noticed too. */
  const wait = async (milliseconds: number): Promise<void> => {
    const until = performance.now() + milliseconds;
    for (let left = milliseconds; left > 0 && !stopped.aborted; left = until - performance.now()) {
      await sleep(Math.min(left, times.sign), stopped);
      if (!stopped.aborted) await showLife();
    }
  };
  while (!stopped.aborted) {
    await showLife();
    const { next, covered } = await placeOf(held, sink.name);
    if (covered === null) {
      await wait(times.look);
      continue;
    }
    let batch: LogBatch;
    let entries = most;
    try {
      batch = await readBatch(reader, covered, next, most, write);
      entries = batch.last - batch.first + 1;
      if (!isOpen) await sink.open();
      isOpen = true;
      await sink.deliver(batch, stopped);
    } catch (fault) {
      if (stopped.aborted) return;
      isOpen = false;
      const failure = fault instanceof DeliveryFailure ? fault : new DeliveryFailure('FAILED', 'soon', null, fault);
      if (failure.retry === 'smaller') {
        most = Math.max(1, Math.floor(entries / 2));
        continue;
      }
      failures += 1;
      if (failures === 1) log.warn({ stream: sink.name, problem: failure.reason }, 'entries of the log were not taken; they are sent again');
      await noteFailure(held, sink.name, failure.reason);
      await wait(Math.max(failure.waitMs ?? 0, backoff(times[failure.retry], failures)));
      continue;
    }
    await moveCursor(held, sink.name, batch);
    if (failures > 0) log.info({ stream: sink.name, failures }, 'entries of the log are taken again');
    failures = 0;
    // Slowly back to the usual: a receiver that takes no more than so much would else refuse every second batch.
    most = Math.min(MOST_ENTRIES, most + Math.ceil(most / 50));
    if (batch.last + 1 >= covered.size) await wait(times.look);
  }
}

/** Where the stream stands, and how far it may go: to the end of the newest signed checkpoint of the log's present name. */
async function placeOf(held: HeldStream, name: string): Promise<{ readonly next: number; readonly covered: CoveredLog | null }> {
  const [place] = await held.query<Place>(
    `select stream.next_index as next, head.origin, (select max(c.size) from audit.checkpoint c where c.origin = head.origin) as size
     from gateway.log_stream stream left join audit.log_head head on true where stream.name = $1`,
    [name],
  );
  if (!place) throw new Error('The stream has no row');
  const { next, origin, size } = place;
  return { next, covered: origin === null || size === null || size <= next ? null : { origin, size } };
}

/** @throws {Error} where the cursor stands elsewhere by now; nothing is moved then. */
async function moveCursor(held: HeldStream, name: string, { first, last }: LogBatch): Promise<void> {
  const moved = await held.query(
    `update gateway.log_stream
     set next_index = $3, last_delivered_at = clock_timestamp(), served_at = clock_timestamp(), failing_since = null, problem = null
     where name = $1 and next_index = $2 returning name`,
    [name, first, last + 1],
  );
  if (moved.length === 0) throw new Error('The cursor of the stream was moved by somebody else');
}

async function noteFailure(held: HeldStream, name: string, problem: string): Promise<void> {
  await held.query(`update gateway.log_stream set failing_since = coalesce(failing_since, clock_timestamp()), problem = $2, served_at = clock_timestamp() where name = $1`, [
    name,
    problem,
  ]);
}

/** Milliseconds before the next try: doubled from failure to failure, half of it chance, so that several gateways don't come back at once. */
export function backoff([first, longest]: readonly [number, number], failures: number, chance: () => number = Math.random): number {
  return Math.min(longest, first * 2 ** Math.min(failures - 1, 30)) * (0.5 + chance() / 2);
}

/** Ends early, and without a fault, where it is stopped. */
export const sleep = (milliseconds: number, stopped: AbortSignal): Promise<void> => pause(milliseconds, undefined, { signal: stopped }).catch(() => undefined);
