import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { enqueue } from '@sallyport/server/jobs/enqueue.ts';
import { type Schedule, scheduledItems } from '@sallyport/server/jobs/schedules.ts';
import { type RunningWorker, startWorker, type WorkerOptions } from '@sallyport/server/jobs/worker.ts';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog } from '../audit/log-fixture.ts';

let database: TestDatabase;
const workers: RunningWorker[] = [];
beforeAll(async () => {
  database = await createTestDatabase({ max: 20 });
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});
afterAll(() => database?.drop());

const work = async (options: Pick<WorkerOptions, 'schedules' | 'tasks' | 'urgentTasks' | 'isOpen'>): Promise<void> => {
  workers.push(await startWorker({ pool: database.appPool, audit: openLog(database.app), ...options }));
};
/** As if gateways had known the schedule for days, and all of them had been down since `downFor`. */
const missed = (name: string, downFor: string) =>
  sql`insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
      values (${name}, now() - interval '9 days', now() - ${downFor}::interval)`.execute(database.owner);
const failuresOf = async (job: string) =>
  (
    await sql<{
      outcome: string;
      reason_code: string;
      detail: unknown;
    }>`select outcome, reason_code, detail from audit.event where kind = 'gateway.job.failed' and target_id = ${job} order by sequence`.execute(database.app)
  ).rows;

test('K12 of several gateways one does the turn, and of many turns that were missed only the last is made up for', { timeout: 20_000 }, async () => {
  await missed('count-daily', '5 days');
  const runs: number[] = [];
  const scheduleOf = (worker: number): Schedule => ({
    name: 'count-daily',
    every: 'day',
    run: async () => {
      runs.push(worker);
      await wait(50);
    },
  });
  await Promise.all([1, 2, 3, 4].map((worker) => work({ schedules: [scheduleOf(worker)] })));
  await vi.waitFor(() => expect(runs.length).toBeGreaterThan(0), 10_000);
  await wait(1_500);
  expect(runs).toHaveLength(1);
  const { rows } = await sql`select from graphile_worker._private_jobs`.execute(database.owner);
  expect(rows).toHaveLength(0);
});

test('a schedule that nobody knew before makes up for nothing', async () => {
  const runs: string[] = [];
  await work({ schedules: [{ name: 'quite-new', every: 'day', run: async () => void runs.push('run') }] });
  await wait(800);
  expect(runs).toEqual([]);
});

test('a turn that fails is an event each time, without the words of the fault, and is tried again', { timeout: 30_000 }, async () => {
  await missed('fail-twice', '3 days');
  let runs = 0;
  await work({
    schedules: [
      {
        name: 'fail-twice',
        every: 'day',
        run: async () => {
          runs += 1;
          if (runs <= 2) throw new Error('canary-fault');
        },
      },
    ],
  });
  await vi.waitFor(
    async () => {
      await sql`update graphile_worker._private_jobs set run_at = now() where attempts > 0 and locked_at is null`.execute(database.owner);
      expect(runs).toBe(3);
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(await failuresOf('fail-twice')).toEqual([
    { outcome: 'failed', reason_code: 'INTERNAL', detail: { attempt: 1 } },
    { outcome: 'failed', reason_code: 'INTERNAL', detail: { attempt: 2 } },
  ]);
});

test('a further job gets its message; one that fails is on the log under the correlation ID it came from', async () => {
  const correlationId = randomUUID();
  const seen: unknown[] = [];
  await work({
    tasks: {
      'recount-tenants': async (envelope, { attempt }) => {
        seen.push([envelope.payload, attempt]);
        throw new Error('canary-fault');
      },
    },
  });
  await database.app.transaction().execute((tx) => enqueue(tx, { job: 'recount-tenants', payload: { tenantId: 'tenant-7' } }, correlationId, 'tenant-7'));
  await vi.waitFor(async () => expect(await failuresOf('recount-tenants')).toHaveLength(1), 10_000);
  expect(seen).toEqual([[{ tenantId: 'tenant-7' }, 1]]);
  const { rows } = await sql<{ correlation_id: string; tenant_id: string; surface: string }>`
    select correlation_id, tenant_id, surface from audit.event where target_id = 'recount-tenants'`.execute(database.app);
  expect(rows).toEqual([{ correlation_id: correlationId, tenant_id: 'tenant-7', surface: 'job' }]);
});

test('H09 while nothing may be changed, what takes access away is done and all else waits, then is made up for once', { timeout: 30_000 }, async () => {
  await missed('waits-for-the-log', '3 days');
  await missed('never-waits', '3 days');
  const runs: string[] = [];
  let open = false;
  const schedule = (name: string, more: Partial<Schedule> = {}): Schedule => ({ name, every: 'day', run: async () => void runs.push(name), ...more });
  await work({
    isOpen: () => open,
    schedules: [schedule('waits-for-the-log'), schedule('never-waits', { whileLogIsHalted: true })],
    tasks: { 'count-one': async () => void runs.push('count-one'), 'look-at-log': async () => void runs.push('look-at-log') },
    urgentTasks: ['look-at-log'],
  });
  await enqueue(database.app, { job: 'look-at-log', payload: {} }, randomUUID());
  await enqueue(database.app, { job: 'count-one', payload: {} }, randomUUID());
  await vi.waitFor(() => expect(runs.toSorted()).toEqual(['look-at-log', 'never-waits']), 10_000);
  await wait(1_500);
  expect(runs).toHaveLength(2);
  open = true;
  await vi.waitFor(() => expect(runs.toSorted()).toEqual(['count-one', 'look-at-log', 'never-waits', 'waits-for-the-log']), 10_000);
  open = false;
  await wait(1_200);
  await enqueue(database.app, { job: 'count-one', payload: {} }, randomUUID());
  await wait(1_500);
  expect(runs).toHaveLength(4);
  const { rows } = await sql<{
    attempts: number;
  }>`select attempts from graphile_worker._private_jobs where task_id = (select id from graphile_worker._private_tasks where identifier = 'count-one')`.execute(database.owner);
  expect(rows).toEqual([{ attempts: 0 }]);
});

test('a name that is taken or malformed does not start', async () => {
  const run = async (): Promise<void> => undefined;
  const daily = (name: string): Schedule => ({ name, every: 'day', run });
  for (const names of [['deliver-message'], ['twice', 'twice'], ['Big'], ['a b'], ['']])
    expect(() => scheduledItems(names.map(daily), new Set(['deliver-message']))).toThrow(TypeError);
  await expect(startWorker({ pool: database.appPool, audit: openLog(database.app), tasks: { 'deliver-message': run } })).rejects.toThrow(TypeError);
  expect(
    scheduledItems(
      [daily('one'), daily('two')].map((schedule) => ({ ...schedule, name: `${schedule.name}-job` })),
      new Set(),
    ).map(({ identifier }) => identifier),
  ).toEqual(['one-job', 'two-job']);
});
