import { run } from 'graphile-worker';
import type pg from 'pg';
import { z } from 'zod';
import { kyselyOn } from '../db/connect.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { type Deliver, deliverMessage } from './deliver-message.ts';
import { type JobEnvelope, QUEUE_SCHEMA, silentLogger } from './queue.ts';

export interface WorkerOptions {
  /** Pool of the app role; the worker keeps one connection to listen and up to `concurrency` more while it works. */
  readonly pool: pg.Pool;
  readonly audit: AuditLog;
  /** Carries messages out; by default they stay in the development mailbox, `gateway.outgoing_message`. */
  readonly deliver?: Deliver;
  readonly concurrency?: number;
  /** Told of what the queue itself could not do (a lost connection); never of payloads. */
  readonly onFault?: (message: string) => void;
}

export interface RunningWorker {
  /** Finishes the jobs in hand, gives the others back, and ends. The pool stays the caller's. */
  stop(): Promise<void>;
}

const envelopeShape = z.object({
  messageId: z.uuid(),
  correlationId: z.uuid(),
  tenantId: z.string().nullable(),
  payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
}) satisfies z.ZodType<JobEnvelope>;

const keepInMailbox: Deliver = async () => undefined;

/** Starts working the queue in this process. A job that fails is tried again later, ever more rarely, up to 25 times. */
export async function startWorker({ pool, audit, deliver = keepInMailbox, concurrency = 2, onFault = () => undefined }: WorkerOptions): Promise<RunningWorker> {
  const db = kyselyOn(pool);
  // A connection that breaks while the worker holds it must not end the process; graphile-worker reconnects.
  const guardConnection = (client: pg.PoolClient): void => void client.on('error', () => onFault('A connection of the job queue broke.'));
  pool.on('connect', guardConnection);
  const runner = await run({
    pgPool: pool,
    schema: QUEUE_SCHEMA,
    concurrency,
    noHandleSignals: true,
    logger: silentLogger,
    taskList: {
      'deliver-message': async (payload, { job }) => deliverMessage(db, audit, deliver, envelopeShape.parse(payload), job.attempts),
    },
  });
  runner.events.on('pool:listen:error', () => onFault('The job queue lost its connection; it reconnects by itself.'));
  runner.promise.catch(() => onFault('The job worker has ended.'));
  return {
    stop: async () => {
      await runner.stop();
      pool.off('connect', guardConnection);
    },
  };
}
