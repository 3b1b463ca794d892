import { randomUUID } from 'node:crypto';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { deliverMessage } from '@sallyport/server/jobs/deliver-message.ts';
import { createMailDelivery } from '@sallyport/server/jobs/mail/deliver-mail.ts';
import { createMetrics } from '@sallyport/server/http/metrics.ts';
import { peopleToTell } from '@sallyport/server/people-to-tell.ts';
import { streamStates } from '@sallyport/schema/modules/log/stream-states.ts';
import { tellOfFailingStreams } from '@sallyport/server/streaming/tell-of-failing-streams.ts';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { startTestGateway } from '../../helpers/gateway.ts';
import { openLog } from '../audit/log-fixture.ts';
import { coverLog, writeEvents } from './covered-log.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const NAME = 'http-0123456789ab';
const addStream = (members: { readonly failingFor?: string; readonly silentFor?: string; readonly next?: number } = {}) =>
  sql`insert into gateway.log_stream (name, kind, destination, format, next_index, failing_since, problem, served_at)
      values (${NAME}, 'http', 'siem.example', 'canonical', ${members.next ?? 0}, clock_timestamp() - ${members.failingFor ?? null}::interval,
        ${members.failingFor === undefined ? null : 'HTTP_503'}, clock_timestamp() - ${members.silentFor ?? '0 s'}::interval)`.execute(database.owner);
const told = async () =>
  (
    await sql<{
      kind: string;
      outcome: string;
      detail: Record<string, unknown>;
    }>`select kind, outcome, detail from audit.event where kind like 'log.stream.%' order by sequence`.execute(database.app)
  ).rows;
const messages = async () =>
  (
    await sql<{ payload: { messageId: string; correlationId: string; payload: Record<string, string> } }>`select payload from graphile_worker._private_jobs`.execute(database.owner)
  ).rows.map(({ payload }) => payload);
const tell = (gateways = 1) => Promise.all(Array.from({ length: gateways }, () => tellOfFailingStreams(database.app, openLog(database.app))));

test('a failure that lasts is told once, by one of many gateways, however often it is tried; and once that it is over', async () => {
  await addStream({ failingFor: '6 minutes' });
  await tell(8);
  await tell(3);
  expect(await told()).toEqual([{ kind: 'log.stream.failing', outcome: 'failed', detail: { destination: 'siem.example', nextIndex: 0, problem: 'HTTP_503' } }]);
  expect((await messages()).map(({ payload }) => payload)).toEqual([{ template: 'log-stream-failing', stream: NAME }]);
  await sql`update gateway.log_stream set failing_since = null, problem = null, next_index = 7`.execute(database.app);
  await tell(8);
  expect((await told()).slice(1)).toEqual([{ kind: 'log.stream.recovered', outcome: 'ok', detail: { destination: 'siem.example', nextIndex: 7 } }]);
  await sql`update gateway.log_stream set failing_since = clock_timestamp() - interval '6 minutes', problem = 'HTTP_401'`.execute(database.app);
  await tell();
  expect((await told()).map(({ kind }) => kind)).toEqual(['log.stream.failing', 'log.stream.recovered', 'log.stream.failing']);
});

test('a short failure is told to nobody', async () => {
  await addStream({ failingFor: '3 minutes' });
  await tell();
  expect([await told(), await messages()]).toEqual([[], []]);
});

test('H a stream that was taken out of the configuration is told of, not forgotten', async () => {
  await addStream({ silentFor: '10 minutes' });
  await tell(4);
  expect((await told()).map(({ detail }) => detail['problem'])).toEqual(['NOT_SERVED']);
  expect(await streamStates(database.app)).toMatchObject([{ name: NAME, served: false, problem: null }]);
  await sql`update gateway.log_stream set served_at = clock_timestamp()`.execute(database.app);
  await tell();
  expect((await told()).map(({ kind }) => kind)).toEqual(['log.stream.failing', 'log.stream.recovered']);
});

test('the mail names receiver and problem, in both languages, and goes out while the failure lasts', async () => {
  const person = randomUUID();
  await sql`insert into gateway.staff (id, email, display_name, person_id, state) values (${person}, 'auditor@sallyport.example', 'Auditor', ${person}, 'invited')`.execute(
    database.owner,
  );
  await addStream({ failingFor: '6 minutes' });
  await tell();
  const deliver = createMailDelivery({
    db: database.app,
    recipients: async (template) => (template === 'log-stream-failing' ? [person] : []),
    send: null,
    page: () => 'https://admin.example/',
    actionLabel: (en) => ({ en, id: en }),
  });
  for (const { messageId, correlationId, payload } of await messages())
    await deliverMessage(database.app, openLog(database.app), deliver, { messageId, correlationId, tenantId: null, payload }, 1);
  const { rows } = await sql<{ subject: string; body: string }>`select subject, body from gateway.outgoing_mail`.execute(database.app);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.subject).toContain('siem.example');
  expect(rows[0]?.body).toMatch(/HTTP_503[\s\S]*Nothing is lost[\s\S]*Tidak ada yang hilang/);
});

test('the lag is shown in entries and in seconds, and as metrics', async () => {
  await writeEvents(database.app, 9);
  await coverLog(database.app);
  await addStream({ next: 4, failingFor: '1 minute' });
  const [state] = await streamStates(database.app);
  expect(state).toMatchObject({ nextIndex: 4, behindEvents: 5, problem: 'HTTP_503', served: true });
  expect(state?.behindSeconds).toBeGreaterThan(0);
  const metrics = createMetrics(null, () => streamStates(database.app));
  const { text } = await metrics.render();
  metrics.close();
  expect(text).toContain(`sallyport_log_stream_lag_events{stream="${NAME}",kind="http"} 5`);
  expect(text).toMatch(/sallyport_log_stream_lag_seconds\{[^}]+\} 0?\.?\d/);
  expect(text).toContain(`sallyport_log_stream_failing{stream="${NAME}",kind="http"} 1`);
  expect(text).toContain(`sallyport_log_stream_served{stream="${NAME}",kind="http"} 1`);
});

test('without a database there is no figure of a stream, and the others stand', async () => {
  const metrics = createMetrics(null, () => Promise.reject(new Error('away')));
  const { text } = await metrics.render();
  metrics.close();
  expect(text).toContain('sallyport_process_cpu_seconds_total');
  expect(text).not.toContain('sallyport_log_stream_lag_events{');
});

test('H13 the serving role can neither rename, reset nor delete a stream', async () => {
  await addStream();
  for (const statement of [sql`delete from gateway.log_stream`, sql`update gateway.log_stream set destination = 'elsewhere'`, sql`truncate gateway.log_stream`])
    await expect(statement.execute(database.app)).rejects.toMatchObject({ code: '42501' });
});

test('those who may see how the log fares are told, and nobody else', { timeout: 30_000 }, async () => {
  const gateway = await startTestGateway({ tenants: 2 });
  try {
    const told = await peopleToTell(gateway.database.app, buildGatewaySchema(modules).registry.roles)('log-stream-failing', { stream: NAME });
    const { rows } = await sql<{ email: string }>`select email from gateway.staff where id = any(${[...told]}::uuid[])`.execute(gateway.database.app);
    const emails = rows.map(({ email }) => email);
    expect(emails.length).toBeGreaterThan(0);
    for (const role of ['compliance-auditor', 'support-viewer'] as const) {
      const person = gateway.personWith(role);
      const { data } = await (await gateway.as(person)).query('{ logIntegrity { size } }');
      expect([role, emails.includes(person.email)]).toEqual([role, data?.['logIntegrity'] !== null && data?.['logIntegrity'] !== undefined]);
    }
    expect(emails).toContain(gateway.personWith('compliance-auditor').email);
  } finally {
    await gateway.close();
  }
});
