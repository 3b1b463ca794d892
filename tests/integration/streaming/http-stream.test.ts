import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { canonicalJson } from '@sallyport/server/audit/canonical-json.ts';
import { createLog } from '@sallyport/server/kernel/log.ts';
import { createHttpSink, type HttpSinkOptions } from '@sallyport/server/streaming/http-sink.ts';
import { startStreaming, type Streaming } from '@sallyport/server/streaming/start-streaming.ts';
import { streamStates } from '@sallyport/schema/modules/log/stream-states.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { openLog } from '../audit/log-fixture.ts';
import { coverLog, ORIGIN, sealLog, SHORT_TIMES, writeEvents } from './covered-log.ts';
import { faultsOf, openReceiver, type Receiver } from './receiver.ts';

let database: TestDatabase;
let receiver: Receiver;
const running: Streaming[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await openReceiver();
});
afterEach(async () => {
  for (const streaming of running.splice(0)) await streaming.stop();
  await receiver.close();
  await database.drop();
});

function stream(options: Partial<HttpSinkOptions> = {}): Streaming {
  const sink = createHttpSink({ url: receiver.url, token: null, format: 'canonical', timeoutMs: 300, ...options });
  const streaming = startStreaming({ pool: database.appPool, db: database.app, audit: openLog(database.app), log: createLog('silent'), sinks: [sink], times: SHORT_TIMES });
  running.push(streaming);
  return streaming;
}
async function asSuperuser(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return (await client.query<Record<string, unknown>>(text).finally(() => client.end())).rows;
}
const state = async () => (await streamStates(database.app))[0];
const arrived = (size: number) => vi.waitFor(async () => expect((await state())?.nextIndex).toBe(size), { timeout: 15_000, interval: 10 });
const failing = (problem: string) => vi.waitFor(async () => expect((await state())?.problem).toBe(problem), { timeout: 10_000, interval: 10 });

test('entries arrive as they stand on the log, once where nothing fails, with what names them', async () => {
  await writeEvents(database.app, 1_200);
  const size = await coverLog(database.app);
  stream({ token: 'canary-token' });
  await arrived(size);
  // That the stream began is an event too, and leaves when it is covered.
  await arrived(await coverLog(database.app));
  expect(faultsOf(receiver, size + 1)).toEqual([]);
  expect([...receiver.counts().values()].every((times) => times === 1)).toBe(true);
  const [first, second] = receiver.taken;
  expect(first?.headers).toMatchObject({
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
    authorization: 'Bearer canary-token',
    'x-log-origin': ORIGIN,
    'x-log-first-index': '0',
    'x-log-last-index': String((second?.indexes[0] ?? 0) - 1),
    'idempotency-key': `${ORIGIN}/0-${(second?.indexes[0] ?? 0) - 1}`,
  });
  const { rows } = await sql<{ leaf_hash: Buffer; log_index: number }>`select log_index, leaf_hash from audit.leaf order by log_index`.execute(database.app);
  const lines = receiver.taken.flatMap((batch) => batch.lines);
  expect(rows).toHaveLength(size + 1);
  for (const [index, row] of rows.entries()) {
    const line = JSON.parse(lines[index] ?? '') as { event: unknown; origin: string };
    expect(line.origin).toBe(ORIGIN);
    expect(leafHash(Buffer.from(canonicalJson(line.event)))).toEqual(row.leaf_hash);
  }
  for (const batch of receiver.taken) expect(Buffer.byteLength(batch.lines.join('\n'))).toBeLessThanOrEqual(1024 * 1024);
  const { rows: told } = await sql<{ kind: string; detail: unknown }>`select kind, detail from audit.event where kind like 'log.stream.%'`.execute(database.app);
  expect(told).toEqual([{ kind: 'log.stream.started', detail: { kind: 'http', destination: receiver.url.host, format: 'canonical' } }]);
});

test('H: what no signed checkpoint covers does not leave, nor what was covered under a name that the log no longer has', async () => {
  await writeEvents(database.app, 5);
  await sealLog(database.app);
  stream();
  await pause(300);
  expect(receiver.sent).toEqual([]);
  expect(await state()).toMatchObject({ nextIndex: 0, behindEvents: 5, problem: null, served: true });
  await arrived(await coverLog(database.app));
  for (const streaming of running.splice(0)) await streaming.stop();
  await writeEvents(database.app, 5);
  await coverLog(database.app);
  await sql`update audit.log_head set origin = ${`${ORIGIN}/2`}`.execute(database.owner);
  const before = receiver.sent.length;
  stream();
  await pause(200);
  expect(receiver.sent).toHaveLength(before);
  const size = await coverLog(database.app);
  await arrived(size);
  expect(faultsOf(receiver, size)).toEqual([]);
  expect(receiver.taken.at(-1)?.headers['x-log-origin']).toBe(`${ORIGIN}/2`);
});

test('L05 a receiver that fails in every way it can gets everything in the end', { timeout: 30_000 }, async () => {
  const ways: Receiver['answering'][] = [
    (_batch, response) => void response.writeHead(503).end('canary-words'),
    (_batch, response) => void response.writeHead(500).end(),
    (_batch, response) => void response.destroy(),
    // Hangs beyond the time limit, before and after its headers.
    () => pause(600),
    async (_batch, response) => {
      response.writeHead(200).flushHeaders();
      await pause(600);
      response.destroy();
    },
    // Half an answer: the length says more than comes.
    async (_batch, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"text":');
      await pause(20);
      response.destroy();
    },
    (_batch, response) => void response.writeHead(429, { 'retry-after': '0' }).end(),
    (_batch, response) => void response.writeHead(207).end('{"errors":true}'),
    (_batch, response) => void response.writeHead(204).end(),
    (_batch, response) => void response.writeHead(202).end('x'.repeat(200_000)),
  ];
  receiver.answering = async (batch, response, attempt) => {
    const way = ways[attempt - 1];
    if (way) await way(batch, response, attempt);
    else response.writeHead(200).end();
  };
  stream();
  let size = 0;
  while (receiver.sent.length <= ways.length) {
    await writeEvents(database.app, 40);
    size = await coverLog(database.app);
    await pause(60);
  }
  await arrived(size);
  expect(faultsOf(receiver, size)).toEqual([]);
  expect(await state()).toMatchObject({ problem: null, failingSince: null, behindEvents: 0 });
});

test.each([
  [401, {}, 'HTTP_401'],
  [404, {}, 'HTTP_404'],
  [302, { location: '/elsewhere' }, 'REDIRECTED_302'],
  [307, { location: 'http://127.0.0.1:9/' }, 'REDIRECTED_307'],
])('a refusal (%s) stops the stream with its problem shown, is tried slowly, and nothing is skipped', async (status, headers, problem) => {
  await writeEvents(database.app, 10);
  const size = await coverLog(database.app);
  receiver.answering = (_batch, response) => void response.writeHead(status, headers).end('canary-words');
  stream();
  await failing(problem);
  await pause(250);
  expect(receiver.sent.length).toBeLessThanOrEqual(5);
  expect(receiver.sent.every(({ method, indexes }) => method === 'POST' && indexes[0] === 0)).toBe(true);
  const seen = await state();
  expect(seen).toMatchObject({ nextIndex: 0, behindEvents: size, served: true });
  expect(seen?.failingSince).toMatch(/^20/);
  expect(seen?.behindSeconds).toBeGreaterThan(0);
  receiver.answering = (_batch, response) => void response.writeHead(200).end();
  await arrived(await coverLog(database.app));
  expect(faultsOf(receiver, size + 1)).toEqual([]);
});

test('Retry-After is kept to, by seconds', async () => {
  await writeEvents(database.app, 3);
  const size = await coverLog(database.app);
  const at: number[] = [];
  receiver.answering = (_batch, response, attempt) => {
    at.push(performance.now());
    if (attempt === 1) response.writeHead(503, { 'retry-after': '1' }).end();
    else response.writeHead(200).end();
  };
  stream();
  await arrived(size);
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(950);
});

test('a receiver for which a batch is too large gets smaller ones', async () => {
  await writeEvents(database.app, 300);
  const size = await coverLog(database.app);
  receiver.answering = ({ indexes }, response) => void response.writeHead(indexes.length > 20 ? 413 : 200).end();
  stream();
  await arrived(size);
  expect(faultsOf(receiver, size)).toEqual([]);
  expect(await state()).toMatchObject({ problem: null });
});

test('K12 of several gateways one at a time streams, and another goes on where it stopped', { timeout: 20_000 }, async () => {
  const all = [stream(), stream(), stream()];
  await writeEvents(database.app, 60);
  await arrived(await coverLog(database.app));
  for (const streaming of all.slice(0, 2)) {
    await streaming.stop();
    await writeEvents(database.app, 60);
    await arrived(await coverLog(database.app));
  }
  expect([...receiver.counts().values()].every((times) => times === 1)).toBe(true);
});

test('K03 the connection that holds a stream, cut again and again, interrupts it and ends nothing', { timeout: 20_000 }, async () => {
  stream();
  let cut = 0;
  for (let round = 0; round < 5; round += 1) {
    await writeEvents(database.app, 20);
    const size = await coverLog(database.app);
    cut += (await asSuperuser(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'sallyport-stream'`)).length;
    await arrived(size);
  }
  expect(cut).toBeGreaterThanOrEqual(3);
  const size = await coverLog(database.app);
  await arrived(size);
  expect(faultsOf(receiver, size)).toEqual([]);
});

test('the whole of a hang is cut short by stopping, and no transaction is open meanwhile', async () => {
  await writeEvents(database.app, 5);
  const size = await coverLog(database.app);
  receiver.answering = () => pause(5_000);
  const streaming = stream({ timeoutMs: 4_000 });
  await vi.waitFor(() => expect(receiver.sent).toHaveLength(1), 5_000);
  const open = await asSuperuser(`select state from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`);
  expect(open.length).toBeGreaterThan(0);
  expect(open.filter((row) => row['state'] !== 'idle')).toEqual([]);
  const began = performance.now();
  await streaming.stop();
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(await state()).toMatchObject({ nextIndex: 0, problem: null });
  receiver.answering = (_batch, response) => void response.writeHead(200).end();
  stream();
  await arrived(await coverLog(database.app));
  expect(faultsOf(receiver, size)).toEqual([]);
});

test('H an entry that was deleted or altered below the log is sent as such, in its place', async () => {
  await writeEvents(database.app, 6);
  const size = await coverLog(database.app);
  await sql`alter table audit.event disable trigger event_rows_stay`.execute(database.owner);
  await sql`delete from audit.event where id = (select event_id from audit.leaf where log_index = 1)`.execute(database.owner);
  await sql`update audit.event set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), 'Charged twice', 'Charged once!'), 'UTF8')
    where id = (select event_id from audit.leaf where log_index = 3)`.execute(database.owner);
  stream();
  await arrived(size);
  const lines = receiver.taken.flatMap((batch) =>
    batch.lines.map((line) => JSON.parse(line) as { index: number; missing?: string; bytes?: string; event?: unknown; leafHash?: string }),
  );
  expect(lines.map(({ missing }) => missing ?? 'whole')).toEqual(['whole', 'absent', 'whole', 'altered', 'whole', 'whole']);
  expect(lines[1]).not.toHaveProperty('event');
  expect(Buffer.from(lines[3]?.bytes ?? '', 'base64').toString('utf8')).toContain('Charged once!');
  expect(lines[3]).not.toHaveProperty('event');
  expect(faultsOf(receiver, size)).toEqual([]);
});

test('OCSF: the index is the sequence, also of an entry that is absent', async () => {
  await writeEvents(database.app, 3);
  const size = await coverLog(database.app);
  await sql`alter table audit.event disable trigger event_rows_stay`.execute(database.owner);
  await sql`delete from audit.event where id = (select event_id from audit.leaf where log_index = 1)`.execute(database.owner);
  stream({ format: 'ocsf' });
  await arrived(size);
  const events = receiver.taken.flatMap((batch) => batch.lines.map((line) => JSON.parse(line) as { class_uid: number; metadata: { sequence: number; log_source: string } }));
  expect(events.map(({ class_uid, metadata }) => [class_uid > 0, metadata.sequence, metadata.log_source])).toEqual([
    [true, 0, ORIGIN],
    [false, 1, ORIGIN],
    [true, 2, ORIGIN],
  ]);
});

test('another receiver is another stream, from the first entry on; the former one stays in sight', async () => {
  await writeEvents(database.app, 4);
  const size = await coverLog(database.app);
  const former = stream();
  await arrived(size);
  await former.stop();
  const other = await openReceiver();
  stream({ url: other.url });
  await vi.waitFor(() => expect(other.counts().size).toBeGreaterThanOrEqual(size), 10_000);
  expect(await streamStates(database.app)).toHaveLength(2);
  await other.close();
});

test('a redirect is not followed, not even with the token to a place of its own', async () => {
  let strangers = 0;
  const elsewhere: Server = createServer((_request, response) => {
    strangers += 1;
    response.end();
  });
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  await writeEvents(database.app, 1);
  await coverLog(database.app);
  receiver.answering = (_batch, response) => void response.writeHead(308, { location: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/` }).end();
  stream({ token: 'canary-token' });
  await failing('REDIRECTED_308');
  expect(strangers).toBe(0);
  elsewhere.close();
});
