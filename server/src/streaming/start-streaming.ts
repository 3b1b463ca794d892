import { randomUUID } from 'node:crypto';
import { logStreamStarted } from '@sallyport/schema/modules/log/log-stream.event.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type pg from 'pg';
import type { LogStreamConfig } from '../config.ts';
import { createLogReader } from '../integrity/log-reader.ts';
import { describeError, type Log } from '../kernel/log.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { createFileSink } from './file-sink.ts';
import { createHttpSink } from './http-sink.ts';
import type { LogSink } from './log-sink.ts';
import { runStream, sleep, STREAM_TIMES, type StreamTimes } from './run-stream.ts';
import { LINE_WRITERS } from './stream-line.ts';

export interface StreamingOptions {
  /** Of the serving role. Each stream has one connection besides, which is its hold. */
  readonly pool: Pick<pg.Pool, 'options'>;
  readonly db: Db;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly log: Log;
  readonly sinks: readonly LogSink[];
  readonly times?: StreamTimes;
}

export interface Streaming {
  /** Gives up what is being sent (it is sent again), lets go of the streams and ends. */
  stop(): Promise<void>;
}

/** The receivers that the configuration names. */
export const openSinks = (streams: readonly LogStreamConfig[]): readonly LogSink[] =>
  streams.map((stream) => (stream.kind === 'http' ? createHttpSink(stream) : createFileSink(stream)));

/** Streams the log to these receivers in the background; of several gateways on one database, one at a time works on each stream. */
export function startStreaming({ pool, db, audit, log, sinks, times = STREAM_TIMES }: StreamingOptions): Streaming {
  const stopping = new AbortController();
  const reader = createLogReader(db);
  const running = sinks.map(async (sink) => {
    await untilRegistered({ db, audit, log, sink, stopped: stopping.signal, retryMs: times.look });
    await runStream({ connection: pool.options, reader, sink, write: LINE_WRITERS[sink.format], log, stopped: stopping.signal, times });
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
    },
  };
}

/** Tries to write the stream's row until the database takes it: what could not begin yet begins later. */
async function untilRegistered(
  options: Pick<StreamingOptions, 'db' | 'audit' | 'log'> & { readonly sink: LogSink; readonly stopped: AbortSignal; readonly retryMs: number },
): Promise<void> {
  const { db, audit, log, sink, stopped, retryMs } = options;
  while (!stopped.aborted) {
    try {
      await registerStream(db, audit, sink);
      return;
    } catch (fault) {
      log.warn({ stream: sink.name, failure: describeError(fault) }, 'a stream of the log could not begin; it is tried again');
      await sleep(retryMs * 5, stopped);
    }
  }
}

/** A receiver that is new gets a row, and the log says so, in one commit. */
async function registerStream(db: Db, audit: Pick<AuditLog, 'append'>, { name, kind, destination, format }: LogSink): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql`
      insert into gateway.log_stream (name, kind, destination, format) values (${name}, ${kind}, ${destination.slice(0, 300)}, ${format})
      on conflict do nothing returning name`.execute(tx);
    if (rows.length === 0) return;
    await audit.append(tx, {
      kind: logStreamStarted.kind,
      outcome: 'ok',
      correlationId: randomUUID(),
      surface: 'job',
      ip: null,
      viewer: null,
      actorId: 'gateway',
      actorName: 'Gateway process',
      target: { type: 'logStream', id: name },
      detail: { kind, destination: destination.slice(0, 300), format },
    });
  });
}
