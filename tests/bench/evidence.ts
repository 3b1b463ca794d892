import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { ensurePolicyVersion } from '@sallyport/server/audit/policy-version.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { OWNER_ROLE } from '@sallyport/server/db/roles.ts';
import { type Kysely, sql } from 'kysely';
import { type Colleague, hireColleagues, signInAll } from './colleagues.ts';
import { cpuTimes, timeBetween } from './cpu-time.ts';
import { type Asker, askBeside, askGraphql, delayText, fetchPack, memoryOf, resetPeak } from './log/evidence-client.ts';
import { fillStories } from './log/fill-stories.ts';
import { BENCH_SECRETS, type LogDatabase, run, startLogCluster } from './log/log-databases.ts';
import { askReports } from './log/report-questions.ts';
import type { VerifyTask, Verified } from './log/verify-process.ts';
import type { ServerReady, ServerTask } from './servers/serve-bench.ts';

// `npm run bench:evidence [-- --events 1000000 --packs 20000,200000,1000000 --queries 200 --folder /var/tmp/evidence-bench]`; see log/README.md. A folder that
// is named is kept and used again.

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    /** Events of each pack that is made. */
    packs: { type: 'string', default: '20000,200000,1000000' },
    /** Reports of each kind that are read; 0 for none. */
    queries: { type: 'string', default: '200' },
    folder: { type: 'string' },
    /** A folder for a CPU profile of each gateway. */
    profile: { type: 'string' },
  },
});

const MONTHS = 12;
const SMALL = '{ viewer { id displayName session { id } } }';
const ASK_EVERY_MS = 20;
const total = Number(options.events);
const folder = options.folder ?? join(tmpdir(), `sallyport-bench-evidence-${process.pid}`);
const write = (line: string): void => void process.stderr.write(`${line}\n`);

/** Starts the gateway in a process of its own, and has two auditors sign in. */
async function withGateway<T>(appUrl: string, auditors: readonly Colleague[], owner: Kysely<unknown>, work: (askers: readonly Asker[], pid: number) => Promise<T>): Promise<T> {
  const execArgv = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${options.profile}`] : [];
  const child = fork(fileURLToPath(new URL('servers/sallyport.ts', import.meta.url)), [], { execArgv });
  const gone = once(child, 'exit');
  const ended = gone.then(() => Promise.reject(new Error('The gateway ended early')));
  ended.catch(() => undefined);
  try {
    const key = Buffer.from(BENCH_SECRETS.keys['bench'] ?? []).toString('base64');
    child.send({ appUrl, key } satisfies ServerTask);
    const [{ url }] = (await Promise.race([once(child, 'message'), ended])) as [ServerReady];
    const cookies = (await signInAll(url, auditors, owner)).get('compliance-auditor') ?? [];
    // The code that signed them in may also be the one that confirms.
    await sql`update gateway.staff set totp_last_step = null`.execute(owner);
    const askers = auditors.map((colleague, index): Asker => ({ url, cookie: cookies[index] ?? '', colleague }));
    return await work(askers, child.pid ?? 0);
  } finally {
    if (child.connected) child.disconnect();
    await gone;
  }
}

async function verifyApart(task: VerifyTask): Promise<Verified> {
  const child = fork(fileURLToPath(new URL('log/verify-process.ts', import.meta.url)));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The verifier ended early')));
  ended.catch(() => undefined);
  child.send(task);
  const [verified] = (await Promise.race([once(child, 'message'), ended])) as [Verified];
  return verified;
}

/** The end of a period from the log's beginning that holds so many events. */
async function endOfPeriod({ adminUrl }: LogDatabase, events: number): Promise<string> {
  const [row] = await run<{ end: string }>(
    adminUrl,
    `select to_char((leaf.time + interval '1 millisecond') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as end from audit.leaf leaf where log_index = $1`,
    [events - 1],
  );
  if (!row) throw new Error(`The log holds no ${events} events`);
  return row.end;
}

/** Whoever works for the gateway in the database; packs have connections of their own. */
const backends = async ({ adminUrl }: LogDatabase): Promise<readonly number[]> =>
  (await run<{ pid: number }>(adminUrl, 'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')).map(({ pid }) => pid);

async function measurePack(database: LogDatabase, askers: readonly Asker[], pid: number, events: number, keys: VerifyTask): Promise<string> {
  const [maker, other] = askers as readonly [Asker, Asker];
  const selection = { to: await endOfPeriod(database, events) };
  // Warm, and the measure of an idle gateway.
  const idle = await askBeside(other, SMALL, ASK_EVERY_MS, new Promise((resolve) => setTimeout(resolve, 5000)));
  const memory = await memoryOf(pid);
  await resetPeak(pid);
  const before = [await cpuTimes([pid]), await cpuTimes(await backends(database))] as const;
  const { done: pack, delays } = await askBeside(other, SMALL, ASK_EVERY_MS, fetchPack(maker, selection, keys.path));
  const node = timeBetween(before[0], await cpuTimes([pid])) / pack.events;
  const inDatabase = timeBetween(before[1], await cpuTimes(await backends(database))) / pack.events;
  const { most } = await memoryOf(pid);
  const { size } = await stat(keys.path);
  const verified = await verifyApart(keys);
  if (!verified.intact || verified.entries !== pack.events || size !== pack.bytes) throw new Error(`The pack is not whole: ${verified.faults.join(' ')}`);
  return `| ${pack.events} | ${(pack.events / pack.seconds).toFixed(0)} | ${pack.firstSeconds.toFixed(1)} · ${pack.seconds.toFixed(1)} | ${(pack.bytes / 1e6).toFixed(1)} (said ${(pack.expectedBytes / 1e6).toFixed(1)}) | ${node.toFixed(3)} · ${inDatabase.toFixed(3)} | ${memory.now} → ${most} | ${delayText(idle.delays)} | ${delayText(delays)} | ${(verified.entries / verified.seconds).toFixed(0)} | ${verified.memory.toFixed(0)} |`;
}

const cluster = await startLogCluster(folder, { fsync: 'off', full_page_writes: 'off' });
const rows: string[] = [];
const reports: string[] = [];
try {
  const database = await cluster.open('evidence');
  const pool = openPool({ connectionString: database.adminUrl, max: 2, statementTimeoutMs: 0, role: OWNER_ROLE });
  const owner = kyselyOn(pool);
  const notes = join(folder, 'auditors.json');
  const [filled] = await run<{ size: string }>(database.adminUrl, 'select size from audit.log_head');
  if (Number(filled?.size) === 0) {
    const policy = await ensurePolicyVersion(owner, buildGatewaySchema(modules).catalogue);
    const colleagues = (await hireColleagues(owner, BENCH_SECRETS)).filter(({ role }) => role === 'compliance-auditor');
    await writeFile(notes, JSON.stringify(colleagues.slice(0, 2)), { mode: 0o600 });
    await fillStories(database, { events: total, months: MONTHS, policyVersion: policy.hash }, write);
  }
  const auditors = JSON.parse(await readFile(notes, 'utf8')) as readonly Colleague[];
  const [log] = await run<{ origin: string; keys: string[] }>(database.adminUrl, `select origin, (select array_agg(verifier) from audit.log_key) as keys from audit.log_head`);
  const task: VerifyTask = { path: join(folder, 'pack.zip'), origin: log?.origin ?? '', keys: log?.keys ?? [] };
  if (Number(options.queries) > 0)
    await withGateway(database.appUrl, auditors, owner, async ([asker]) => {
      if (asker) reports.push(...(await askReports(database, Number(options.queries), (document, variables) => askGraphql(asker, document, variables), write)));
    });
  for (const events of options.packs.split(',').filter((each) => each !== '')) {
    rows.push(await withGateway(database.appUrl, auditors, owner, (askers, pid) => measurePack(database, askers, pid, Number(events), task)));
    write(rows.at(-1) ?? '');
  }
  await pool.end();
  console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}; ${total.toLocaleString('en')} events over ${MONTHS} months\n`);
  console.log(`| report | asked | p50, ms | p95, ms | p99, ms | longest, ms |\n|---|--:|--:|--:|--:|--:|\n${reports.join('\n')}\n`);
  console.log(
    `| events | events/s | first byte · all, s | MB | CPU an event, Node · PostgreSQL, ms | memory of the gateway, MiB | small query idle, p50 · p95 · p99 · longest, ms | and beside the pack | verified, events/s | verifier, MiB |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n${rows.join('\n')}`,
  );
} finally {
  await cluster.embedded.stop();
  if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
}
process.exit();
