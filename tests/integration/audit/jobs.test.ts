import { randomUUID } from 'node:crypto';
import { type Deliver, deliverMessage } from '@sallyport/server/jobs/deliver-message.ts';
import { enqueue } from '@sallyport/server/jobs/enqueue.ts';
import { migrateJobs } from '@sallyport/server/jobs/migrate-jobs.ts';
import { type RunningWorker, startWorker } from '@sallyport/server/jobs/worker.ts';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog } from './log-fixture.ts';

let database: TestDatabase;
let worker: RunningWorker | null = null;
beforeAll(async () => {
  database = await createTestDatabase();
  await migrateJobs(database.url);
  await migrateJobs(database.url);
});
afterEach(async () => {
  await worker?.stop();
  worker = null;
});
afterAll(() => database?.drop());

const work = async (deliver?: Deliver): Promise<void> => {
  worker = await startWorker({ pool: database.appPool, audit: openLog(database.app), ...(deliver ? { deliver } : {}) });
};
const message = (fact: string) => ({ job: 'deliver-message', payload: { template: 'password-reset', personId: fact, attempt: 1, urgent: true, note: null } });
const mailboxOf = async (correlationId: string) =>
  (
    await sql<{
      id: string;
      tenant_id: string;
      template: string;
      delivered_at: string | null;
    }>`select * from gateway.outgoing_message where correlation_id = ${correlationId}`.execute(database.app)
  ).rows;
const eventsOf = async (correlationId: string) =>
  (
    await sql<{
      kind: string;
      outcome: string;
      surface: string;
      target_id: string;
    }>`select kind, outcome, surface, target_id from audit.event where correlation_id = ${correlationId} order by sequence`.execute(database.app)
  ).rows;

test('L5 H22: a message that left with the commit arrives and its delivery stands on the log under the same correlation ID', async () => {
  const correlationId = randomUUID();
  const { messageId } = await database.app.transaction().execute((tx) => enqueue(tx, message('person-1'), correlationId, 'tenant-7'));
  await work();
  await vi.waitFor(async () => expect(await eventsOf(correlationId)).toEqual([{ kind: 'jobs.message.delivered', outcome: 'ok', surface: 'job', target_id: messageId }]), 10_000);
  expect(await mailboxOf(correlationId)).toMatchObject([{ id: messageId, tenant_id: 'tenant-7', template: 'password-reset', delivered_at: expect.any(String) }]);
});

test('a rolled-back change sends nothing', async () => {
  const correlationId = randomUUID();
  await expect(
    database.app.transaction().execute(async (tx) => {
      await enqueue(tx, message('person-2'), correlationId);
      throw new Error('changed our mind');
    }),
  ).rejects.toThrow();
  const { rows } = await sql`select 1 from graphile_worker._private_jobs where payload->>'correlationId' = ${correlationId}`.execute(database.owner);
  expect(rows).toEqual([]);
});

test('K16: a target that is down is tried again, each failure is an event, the message arrives once', async () => {
  const correlationId = randomUUID();
  const seen: string[] = [];
  await database.app.transaction().execute((tx) => enqueue(tx, message('person-3'), correlationId));
  await work(async ({ id }) => {
    seen.push(id);
    if (seen.length === 1) throw new Error('connection refused');
  });
  await vi.waitFor(async () => expect(await eventsOf(correlationId)).toHaveLength(2), { timeout: 15_000, interval: 100 });
  expect((await eventsOf(correlationId)).map(({ kind, outcome }) => [kind, outcome])).toEqual([
    ['jobs.message.delivery-failed', 'failed'],
    ['jobs.message.delivered', 'ok'],
  ]);
  expect(new Set(seen).size).toBe(1);
  expect(await mailboxOf(correlationId)).toHaveLength(1);
});

test('X15: the same job run again, as after a crash, delivers nothing twice and adds no event', async () => {
  const envelope = { messageId: randomUUID(), correlationId: randomUUID(), tenantId: null, payload: { template: 'invoice-resent' } };
  const deliver = vi.fn<Deliver>().mockResolvedValue();
  const audit = openLog(database.app);
  await deliverMessage(database.app, audit, deliver, envelope, 1);
  await deliverMessage(database.app, audit, deliver, envelope, 2);
  expect(deliver).toHaveBeenCalledTimes(1);
  expect(await eventsOf(envelope.correlationId)).toHaveLength(1);
});

test('H04: a delivery that can not be recorded is not marked delivered', async () => {
  const envelope = { messageId: randomUUID(), correlationId: randomUUID(), tenantId: null, payload: { template: 'invoice-resent' } };
  await sql`revoke insert on audit.event from sallyport_app`.execute(database.owner);
  try {
    await expect(deliverMessage(database.app, openLog(database.app), async () => undefined, envelope, 1)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  } finally {
    await sql`grant insert on audit.event to sallyport_app`.execute(database.owner);
  }
  expect(await mailboxOf(envelope.correlationId)).toMatchObject([{ delivered_at: null }]);
});

test('the serving role works the queue without owning it', async () => {
  await expect(sql`alter table graphile_worker._private_jobs add column extra int`.execute(database.app)).rejects.toMatchObject({ code: '42501' });
  await expect(sql`drop function graphile_worker.add_job`.execute(database.app)).rejects.toThrow();
});
