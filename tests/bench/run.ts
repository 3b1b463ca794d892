import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { OWNER_ROLE } from '@sallyport/server/db/roles.ts';
import { type Kysely, sql } from 'kysely';
import { signInAll } from './colleagues.ts';
import { cpuTimes, databasePids, timeBetween } from './cpu-time.ts';
import { openBenchDatabase } from './database.ts';
import type { LoadResult, LoadTask } from './load.ts';
import { chooseOperations, type Operation } from './operations.ts';
import { type Measured, markdownTable } from './report.ts';
import type { ServerReady, ServerTask } from './servers/serve-bench.ts';
import { readStatements, resetStatements } from './statements.ts';

// `npm run bench [-- --rounds 3 --seconds 4 --only part-of-a-title --fresh --profile folder]`

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    /** Measures only the rows whose title or name contains this. */
    only: { type: 'string', default: '' },
    /** Fills the database anew. */
    fresh: { type: 'boolean', default: false },
    /** Writes CPU profiles of the three servers into this folder and prints the statements that each row runs. */
    profile: { type: 'string' },
  },
});

const SERVERS = ['sallyport', 'bare-yoga', 'floor'] as const;
type ServerName = (typeof SERVERS)[number];
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const write = (line: string): void => void process.stderr.write(`${line}\n`);
const children: ChildProcess[] = [];

function start(file: string, profileFolder?: string): ChildProcess {
  const execArgv = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${file.replaceAll(/\W/g, '-')}.cpuprofile`] : [];
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], { execArgv });
  children.push(child);
  return child;
}

async function ask<Answer>(child: ChildProcess, task: ServerTask | LoadTask): Promise<Answer> {
  child.send(task);
  const done = new AbortController();
  const gone = once(child, 'exit', { signal: done.signal }).then(() => Promise.reject(new Error('A process of the benchmark ended early')));
  gone.catch(() => undefined);
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal: done.signal }), gone]);
    return answer as Answer;
  } finally {
    done.abort();
  }
}

async function stopAll(): Promise<void> {
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null);
  await Promise.all(
    running.map(async (child) => {
      const exit = once(child, 'exit');
      if (child.connected) child.disconnect();
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exit;
      clearTimeout(late);
    }),
  );
}

/** The requests of one operation for one server. */
function taskFor(operation: Operation, server: ServerName, url: string, cookies: readonly string[], duration: number): LoadTask {
  const record = operation.othersRecord && operation.event !== null && server !== 'sallyport' ? { 'x-record': operation.event } : {};
  return {
    url,
    seconds: duration,
    keyed: server === 'sallyport' && operation.withKey === true,
    connections: operation.variables.map((variables, index) => ({
      headers: server === 'sallyport' ? { cookie: cookies[index] ?? '' } : { ...record },
      bodies: variables.map((each) => JSON.stringify({ query: operation.document, operationName: operation.name, variables: each })),
    })),
  };
}

/** An answer without what differs from one to the next; keys of objects sorted by their own rule of equality. */
function comparable(value: unknown, volatile: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(value), (key, each: unknown) => (volatile.includes(key) ? typeof each : each)) as unknown;
}

/** All three must answer the same to the same question. @returns bytes of the gateway's answer. */
async function assertSameAnswers(operation: Operation, tasks: ReadonlyMap<ServerName, LoadTask>): Promise<number> {
  let bytes = 0;
  for (const index of [0, 7]) {
    const answers = new Map<ServerName, unknown>();
    for (const [server, { url, connections }] of tasks) {
      const { headers, bodies } = connections[index] ?? { headers: {}, bodies: [] };
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: bodies[0] ?? '' });
      const text = await response.text();
      if (!text.startsWith('{"data":{')) throw new Error(`${server} failed on "${operation.title}": ${text.slice(0, 400)}`);
      if (server === 'sallyport') bytes = Buffer.byteLength(text);
      answers.set(server, comparable(JSON.parse(text), operation.volatile));
    }
    for (const [server, answer] of answers) {
      if (!isDeepStrictEqual(answer, answers.get('sallyport'))) {
        throw new Error(`${server} answers "${operation.title}" otherwise:\n${JSON.stringify(answer).slice(0, 600)}\n${JSON.stringify(answers.get('sallyport')).slice(0, 600)}`);
      }
    }
  }
  return bytes;
}

const countEvents = async (owner: Kysely<unknown>, kind: string): Promise<number> =>
  (await sql<{ total: number }>`select count(*)::int as total from audit.event where kind = ${kind}`.execute(owner)).rows[0]?.total ?? 0;

const database = await openBenchDatabase({ fresh: options.fresh, profile: options.profile !== undefined, write });
try {
  const ownerPool = openPool({ connectionString: database.adminUrl, max: 2, statementTimeoutMs: 0, role: OWNER_ROLE });
  const owner = kyselyOn(ownerPool);
  const key = Buffer.from(database.keys.keys['bench'] ?? []).toString('base64');
  const urls = new Map<ServerName, string>();
  const pids = new Map<ServerName, number>();
  for (const server of SERVERS) {
    const child = start(`servers/${server}.ts`, options.profile);
    urls.set(server, (await ask<ServerReady>(child, { appUrl: database.appUrl, key })).url);
    pids.set(server, child.pid ?? 0);
  }
  const load = start('load.ts');
  const cookies = await signInAll(urls.get('sallyport') ?? '', database.colleagues, owner);
  const operations = (await chooseOperations(owner)).filter(({ name, title }) => name === options.only || title.includes(options.only));
  const measured: Measured[] = [];
  const run = (operation: Operation, server: ServerName, duration: number): Promise<LoadResult> =>
    ask<LoadResult>(load, taskFor(operation, server, urls.get(server) ?? '', cookies.get(operation.role) ?? [], duration));

  const cpuUsed = async (server: ServerName) => ({ node: await cpuTimes([pids.get(server) ?? 0]), database: await cpuTimes(await databasePids(database.adminUrl)) });

  const sizes = new Map<string, number>();
  for (const operation of operations) {
    const tasks = new Map(SERVERS.map((server) => [server, taskFor(operation, server, urls.get(server) ?? '', cookies.get(operation.role) ?? [], 0)]));
    sizes.set(operation.title, await assertSameAnswers(operation, tasks));
  }
  for (let round = 0; round <= rounds; round += 1) {
    for (const operation of operations) {
      // Round 0 warms up: compilers, statements, pages. Each later round begins with another server.
      const order = SERVERS.map((_, index) => SERVERS[(index + round) % SERVERS.length] ?? 'floor');
      for (const server of order) {
        const before = operation.event === null ? 0 : await countEvents(owner, operation.event);
        if (round > 0 && options.profile) await resetStatements(database.adminUrl);
        const used = await cpuUsed(server);
        const result = await run(operation, server, round === 0 ? Math.min(2, seconds) : seconds);
        const usedAfter = await cpuUsed(server);
        const nodeCpu = timeBetween(used.node, usedAfter.node) / result.requests;
        const databaseCpu = timeBetween(used.database, usedAfter.database) / result.requests;
        if (result.failures > 0 || result.requests === 0) throw new Error(`${server}, "${operation.title}": ${result.failures} of ${result.requests} answers were no full answers`);
        // What was answered must be on the log by then, one event each.
        if (server === 'sallyport' && operation.event !== null && (await countEvents(owner, operation.event)) - before < result.requests)
          throw new Error(`"${operation.title}": fewer events on the log than answers`);
        if (round === 0) continue;
        measured.push({ operation: operation.title, server, round, nodeCpu, databaseCpu, ...result });
        write(
          `${round}/${rounds} ${operation.title} · ${server}: ${result.requestsPerSecond.toFixed(0)}/s, p99 ${result.p99.toFixed(1)} ms, CPU ${nodeCpu.toFixed(3)} ms Node + ${databaseCpu.toFixed(3)} ms PostgreSQL`,
        );
        if (options.profile) write(await readStatements(database.adminUrl, result.requests));
      }
    }
  }
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(owner);
  await ownerPool.end();
  console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}, PostgreSQL ${rows[0]?.version}; ${rounds} rounds of ${seconds} s`);
  console.log(
    Object.entries(database.sizes)
      .map(([name, total]) => `${total.toLocaleString('en')} ${name}`)
      .join(', '),
  );
  console.log(
    `\n${markdownTable(
      operations.map(({ title }) => title),
      sizes,
      measured,
    )}`,
  );
} finally {
  await stopAll();
  await database.stop();
}
process.exit();
