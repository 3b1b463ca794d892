import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startLogCluster } from '../log/log-databases.ts';

// `node tests/bench/streams/backlog.ts [--events 300000] [--hashes 2000000] [--to http|file]`: a receiver that has been away finds so many entries
// waiting, first those with their events (about 1 KB each), then leaf hashes alone. Says how fast they leave, and how much memory the
// process that streams them takes on the way.

const { values: options } = parseArgs({
  options: { events: { type: 'string', default: '300000' }, hashes: { type: 'string', default: '2000000' }, to: { type: 'string', default: 'http' } },
});
const events = Number(options.events);
const total = events + Number(options.hashes);
const STREAMER = fileURLToPath(new URL('../../integration/streaming/streamer-process.ts', import.meta.url));
const folder = join(tmpdir(), `sallyport-bench-streams-${process.pid}`);

const FILL = [
  'set synchronous_commit = off',
  // The fill is not what is measured.
  'set session_replication_role = replica',
  `insert into audit.event (id, format_version, time, correlation_id, kind, outcome, surface, environment, policy_version, canonical, retention)
   select id, 1, time, id::text, 'billing.invoice.refunded', 'ok', 'console', 'bench', 'p',
     convert_to(format('{"action":"refundInvoice","correlationId":"%s","id":"%s","kind":"billing.invoice.refunded","reason":"%s"}', id, id, left(repeat(md5(i::text), 26), 820)), 'UTF8'), 'act'
   from (select i, gen_random_uuid() as id, date_trunc('month', clock_timestamp()) + i * interval '1 millisecond' as time from generate_series(0, ${events - 1}) i) made`,
  `insert into audit.leaf (log_index, event_id, time, retention, leaf_hash)
   select row_number() over (order by time) - 1, id, time, retention, sha256('\\x00'::bytea || canonical) from audit.event`,
  `insert into audit.leaf (log_index, event_id, time, retention, leaf_hash)
   select i, gen_random_uuid(), clock_timestamp(), 'act', sha256(i::text::bytea) from generate_series(${events}, ${total - 1}) i`,
  `update audit.log_head set size = ${total}`,
  `insert into audit.checkpoint (origin, size, root, note) select origin, size, root, 'a note' from audit.log_head`,
  'analyze audit.leaf',
];

/** In MiB; what the process takes now, and the most that it has taken. */
async function memoryOf(pid: number): Promise<{ readonly now: number; readonly most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) / 1024);
  return { now: read('VmRSS'), most: read('VmHWM') };
}

const cluster = await startLogCluster(folder);
try {
  const database = await cluster.open('streams');
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  for (const statement of FILL) await client.query(statement);

  let next = 0;
  const server = createServer((request, response) => {
    void buffer(request).then(() => {
      if (Number(request.headers['x-log-first-index']) === next) next = Number(request.headers['x-log-last-index']) + 1;
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const target = options.to === 'file' ? join(folder, 'out/events') : `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const child = spawn(process.execPath, [STREAMER, database.appUrl, target], { stdio: ['ignore', 'pipe', 'inherit'], env: { NODE_NO_WARNINGS: '1' } });
  await once(child.stdout, 'data');
  const began = performance.now();
  let told = 0;
  for (let reached = 0; reached < total; ) {
    await pause(200);
    reached = Number((await client.query<{ next_index: string }>('select next_index from gateway.log_stream')).rows[0]?.next_index ?? 0);
    if (reached < told && reached < total) continue;
    told = reached + total / 10;
    const { now, most } = await memoryOf(child.pid ?? 0);
    const seconds = (performance.now() - began) / 1000;
    process.stdout.write(`${reached} of ${total} in ${seconds.toFixed(1)} s (${Math.round(reached / seconds)} a second); memory ${now} MiB, at most ${most} MiB\n`);
  }
  if (options.to === 'http') process.stdout.write(`the receiver saw ${next} without a gap\n`);
  child.kill('SIGKILL');
  server.close();
  await client.end();
} finally {
  await cluster.embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
