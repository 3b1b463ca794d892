import { randomUUID } from 'node:crypto';
import { jobFailed } from '@sallyport/schema/modules/gateway/index.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { type JobHelpers, run, type Task } from 'graphile-worker';
import type pg from 'pg';
import { z } from 'zod';
import { kyselyOn } from '../db/connect.ts';
import { classifyFailure } from '../kernel/classify-failure.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { type Deliver, deliverMessage } from './deliver-message.ts';
import { type JobEnvelope, QUEUE_SCHEMA, silentLogger } from './queue.ts';
import { queuePool } from './queue-pool.ts';
import { type Schedule, scheduledItems } from './schedules.ts';

/** What a job works with. Its attempt counts from 1. */
export interface JobContext {
  readonly db: Db;
  readonly audit: AuditLog;
  readonly attempt: number;
}

/** Works one message that `enqueue` put into the queue under the task's name. Runs again after a failure or a crash. */
export type JobTask = (envelope: JobEnvelope, context: JobContext) => Promise<void>;

export interface WorkerOptions {
  /** Pool of the app role; the worker keeps one connection to listen and up to `concurrency` more while it works. */
  readonly pool: pg.Pool;
  readonly audit: AuditLog;
  /** Carries messages out; by default they stay in the development mailbox, `gateway.outgoing_message`. */
  readonly deliver?: Deliver;
  /** Further jobs by name, besides `deliver-message`. */
  readonly tasks?: Readonly<Record<string, JobTask>>;
  /** What is done by the clock. */
  readonly schedules?: readonly Schedule[];
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

const DELIVER_MESSAGE = 'deliver-message';

/**
 * Starts working the queue in this process. A job that fails is tried again later, ever more rarely, up to 25 times; a scheduled one 3 times.
 * @throws {TypeError} where two jobs have one name.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { pool, audit, deliver = keepInMailbox, tasks = {}, schedules = [], concurrency = 2, onFault = () => undefined } = options;
  const db = kyselyOn(pool);
  const names = new Set([DELIVER_MESSAGE, ...Object.keys(tasks)]);
  if (Object.hasOwn(tasks, DELIVER_MESSAGE)) throw new TypeError(`The name of the job "${DELIVER_MESSAGE}" is taken`);
  const parsedCronItems = scheduledItems(schedules, names);
  // A connection that breaks while the worker holds it must not end the process; graphile-worker reconnects.
  const guardConnection = (client: pg.PoolClient): void => void client.on('error', () => onFault('A connection of the job queue broke.'));
  pool.on('connect', guardConnection);
  const runner = await run({
    pgPool: queuePool(pool),
    schema: QUEUE_SCHEMA,
    concurrency,
    noHandleSignals: true,
    logger: silentLogger,
    parsedCronItems,
    taskList: {
      [DELIVER_MESSAGE]: async (payload, { job }) => deliverMessage(db, audit, deliver, envelopeShape.parse(payload), job.attempts),
      ...Object.fromEntries(
        Object.entries(tasks).map(([name, task]): [string, Task] => [
          name,
          async (payload, { job }) => {
            const envelope = envelopeShape.parse(payload);
            await recordFailure(audit, name, job.attempts, envelope, () => task(envelope, { db, audit, attempt: job.attempts }));
          },
        ]),
      ),
      ...Object.fromEntries(
        schedules.map(({ name, run: work }): [string, Task] => [
          name,
          (_payload: unknown, { job }: JobHelpers) => recordFailure(audit, name, job.attempts, null, () => work(db, audit)),
        ]),
      ),
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

/** Each attempt that fails is an event of its own; the queue tries again. A log that can't be written changes nothing of that. */
async function recordFailure(audit: AuditLog, job: string, attempt: number, envelope: JobEnvelope | null, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (fault) {
    await audit.record({
      kind: jobFailed.kind,
      outcome: 'failed',
      reasonCode: classifyFailure(fault).code,
      correlationId: envelope?.correlationId ?? randomUUID(),
      surface: 'job',
      ip: null,
      viewer: null,
      actorId: 'worker',
      actorName: 'Background worker',
      tenantId: envelope?.tenantId ?? null,
      target: { type: 'job', id: job },
      detail: { attempt },
    });
    throw fault;
  }
}
