import { randomUUID } from 'node:crypto';
import { jobFailed } from '@sallyport/schema/modules/gateway/index.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { type JobHelpers, run, type Runner, type Task } from 'graphile-worker';
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
  /** Whether changes may be made now; else jobs wait. Always, unless said. */
  readonly isOpen?: () => boolean;
  /** Names of `tasks` that do not wait then: what they belong to may be asked for while the log is halted. */
  readonly urgentTasks?: readonly string[];
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

/** Milliseconds between two looks whether work may be done. */
const LOOK_EVERY_MS = 500;

/** What the queue is worked for: jobs by name, and those that are put in by the clock. */
interface Work {
  readonly taskList: Readonly<Record<string, Task>>;
  readonly parsedCronItems: ReturnType<typeof scheduledItems>;
}

/**
 * Starts working the queue in this process. A job that fails is tried again later, ever more rarely, up to 25 times; a scheduled one 3 times. While `isOpen` says no, jobs
 * stay in the queue as they are, untried, but for schedules that say otherwise of themselves; what the clock would have put in meanwhile is made up for as after a standstill.
 * @throws {TypeError} where two jobs have one name.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { pool, isOpen = () => true, concurrency = 2, onFault = () => undefined } = options;
  const { everything, urgent } = workOf(options);
  // A connection that breaks while the worker holds it must not end the process; graphile-worker reconnects.
  const guardConnection = (client: pg.PoolClient): void => void client.on('error', () => onFault('A connection of the job queue broke.'));
  pool.on('connect', guardConnection);
  const begin = async ({ taskList, parsedCronItems }: Work): Promise<Runner> => {
    const runner = await run({ pgPool: queuePool(pool), schema: QUEUE_SCHEMA, concurrency, noHandleSignals: true, logger: silentLogger, parsedCronItems, taskList });
    runner.events.on('pool:listen:error', () => onFault('The job queue lost its connection; it reconnects by itself.'));
    runner.promise.catch(() => onFault('The job worker has ended.'));
    return runner;
  };
  let worked = isOpen() ? everything : urgent;
  let runner: Runner | null = await begin(worked);
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  /** Jobs in hand are finished before the queue is worked for more, or for less. */
  const change = async (): Promise<void> => {
    const wanted = isOpen() ? everything : urgent;
    if (runner !== null && wanted === worked) return;
    const ending = runner;
    runner = null;
    await ending?.stop();
    worked = wanted;
    runner = await begin(worked);
  };
  let changing: Promise<void> = Promise.resolve();
  const look = (): void => {
    timer = setTimeout(() => {
      changing = change()
        .catch(() => onFault('The job queue could not be taken up again; it is tried again.'))
        .finally(() => stopped || look());
    }, LOOK_EVERY_MS);
    timer.unref();
  };
  look();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await changing;
      await runner?.stop();
      pool.off('connect', guardConnection);
    },
  };
}

/** Everything that there is to do, and what does not wait for the log. */
function workOf({ pool, audit, deliver = keepInMailbox, tasks = {}, urgentTasks = [], schedules = [] }: WorkerOptions): { readonly everything: Work; readonly urgent: Work } {
  const db = kyselyOn(pool);
  const names = new Set([DELIVER_MESSAGE, ...Object.keys(tasks)]);
  if (Object.hasOwn(tasks, DELIVER_MESSAGE)) throw new TypeError(`The name of the job "${DELIVER_MESSAGE}" is taken`);
  const byTheClock = (some: readonly Schedule[]): Record<string, Task> =>
    Object.fromEntries(
      some.map(({ name, run: work }): [string, Task] => [name, (_payload: unknown, { job }: JobHelpers) => recordFailure(audit, name, job.attempts, null, () => work(db, audit))]),
    );
  const ordered = Object.fromEntries(
    Object.entries(tasks).map(([name, task]): [string, Task] => [
      name,
      async (payload, { job }) => {
        const envelope = envelopeShape.parse(payload);
        await recordFailure(audit, name, job.attempts, envelope, () => task(envelope, { db, audit, attempt: job.attempts }));
      },
    ]),
  );
  const deliverOne: Task = async (payload, { job }) => deliverMessage(db, audit, deliver, envelopeShape.parse(payload), job.attempts);
  const urgent = schedules.filter(({ whileLogIsHalted }) => whileLogIsHalted);
  return {
    everything: { taskList: { [DELIVER_MESSAGE]: deliverOne, ...ordered, ...byTheClock(schedules) }, parsedCronItems: scheduledItems(schedules, names) },
    urgent: {
      taskList: { ...Object.fromEntries(Object.entries(ordered).filter(([name]) => urgentTasks.includes(name))), ...byTheClock(urgent) },
      parsedCronItems: scheduledItems(urgent, names),
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
