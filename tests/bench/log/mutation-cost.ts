import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { modules } from '@sallyport/schema/index.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { OWNER_ROLE } from '@sallyport/server/db/roles.ts';
import { sql } from 'kysely';
import { hireColleagues, signInAll } from '../colleagues.ts';
import { cpuTimes, databasePids, timeBetween } from '../cpu-time.ts';
import type { LoadResult, LoadTask } from '../load.ts';
import { ADJUST_CREDIT } from '../operations.ts';
import type { ServerReady, ServerTask } from '../servers/serve-bench.ts';
import { BENCH_SECRETS, startLogCluster } from './log-databases.ts';
import { median, spread } from './statistics.ts';

// `npm run bench:mutation [-- --rounds 10 --seconds 2 --connections 1,8,16]`: one mutation through the whole gateway, and through one that writes no events; see README.md.

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, seconds: { type: 'string', default: '2' }, connections: { type: 'string', default: '1,8,16' } },
});
const rounds = Number(options.rounds);
const write = (line: string): void => void process.stderr.write(`${line}\n`);
const folder = join(tmpdir(), `sallyport-bench-mutation-${process.pid}`);
const children: ChildProcess[] = [];

function start(file: string, execArgv: readonly string[] = []): ChildProcess {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], { execArgv: [...execArgv] });
  children.push(child);
  return child;
}

async function ask<Answer>(child: ChildProcess, task: ServerTask | LoadTask): Promise<Answer> {
  const done = new AbortController();
  child.send(task);
  const gone = once(child, 'exit', { signal: done.signal }).then(() => Promise.reject(new Error('A process of the benchmark ended early')));
  gone.catch(() => undefined);
  try {
    const [answer] = await Promise.race([once(child, 'message', { signal: done.signal }), gone]);
    return answer as Answer;
  } finally {
    done.abort();
  }
}

type Measured = LoadResult & { /** Milliseconds of CPU an act, in the gateway and in PostgreSQL. */ readonly cpu: number };
type Figure = 'p50' | 'p95' | 'cpu';

const cluster = await startLogCluster(folder);
try {
  const { adminUrl, appUrl } = await cluster.open('mutation');
  const pool = openPool({ connectionString: adminUrl, max: 2, statementTimeoutMs: 0, role: OWNER_ROLE });
  const owner = kyselyOn(pool);
  for (const module of modules) await module.seed?.(owner, { tenants: 600, seed: 2026 });
  const colleagues = (await hireColleagues(owner, BENCH_SECRETS)).filter(({ role }) => role === 'billing-operator');
  const key = Buffer.from(BENCH_SECRETS.keys['bench'] ?? []).toString('base64');
  const servers = [
    { name: 'with', child: start('../servers/sallyport.ts') },
    { name: 'without', child: start('../servers/sallyport.ts', ['--import', new URL('without/hooks.ts', import.meta.url).href]) },
  ];
  const urls = new Map<string, string>();
  for (const { name, child } of servers) urls.set(name, (await ask<ServerReady>(child, { appUrl, key })).url);
  const load = start('../load.ts');
  const cookies = (await signInAll(urls.get('with') ?? '', colleagues, owner)).get('billing-operator') ?? [];
  const { rows: tenants } = await sql<{ id: string }>`select id from product.tenant where status = 'active' order by md5(id::text)`.execute(owner);
  const countEvents = async (): Promise<number> =>
    (await sql<{ total: number }>`select count(*)::int as total from audit.event where kind = 'billing.credit.adjusted'`.execute(owner)).rows[0]?.total ?? 0;
  const cpuOf = async (child: ChildProcess) => cpuTimes([child.pid ?? 0, ...(await databasePids(adminUrl))]);
  const table: string[] = [];
  for (const connections of options.connections.split(',').map(Number)) {
    const measured = new Map<string, Measured[]>(servers.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const { name, child } of round % 2 === 0 ? servers : servers.toReversed()) {
        const before = await countEvents();
        const cpuBefore = await cpuOf(child);
        const result = await ask<LoadResult>(load, {
          url: urls.get(name) ?? '',
          seconds: Number(options.seconds),
          keyed: false,
          connections: Array.from({ length: connections }, (_, connection) => ({
            headers: { cookie: cookies[connection] ?? '' },
            bodies: tenants
              .filter((_tenant, index) => index % connections === connection)
              .map(({ id }) =>
                JSON.stringify({
                  query: ADJUST_CREDIT,
                  operationName: 'AdjustCredit',
                  variables: { input: { id, amount: '1000.00', memo: 'Compensation', justification: { reason: 'Compensation agreed with the customer', ticket: 'SUP-4711' } } },
                }),
              ),
          })),
        });
        if (result.failures > 0) throw new Error(`${name}: ${result.failures} of ${result.requests} answers were no full answers`);
        const used = timeBetween(cpuBefore, await cpuOf(child)) / result.requests;
        // Acts that were under way when the load ended.
        await pause(500);
        const events = (await countEvents()) - before;
        if (name === 'with' ? events < result.requests : events > 0) throw new Error(`${name}: ${result.requests} answers and ${events} events`);
        if (round > 0) measured.get(name)?.push({ ...result, cpu: used });
        write(
          `${connections} connections, ${round}/${rounds} ${name}: ${result.requestsPerSecond.toFixed(0)}/s, p50 ${result.p50.toFixed(2)} p95 ${result.p95.toFixed(2)} ms, CPU ${used.toFixed(2)} ms`,
        );
      }
    }
    const [ours = [], theirs = []] = servers.map(({ name }) => measured.get(name));
    const at = (results: readonly Measured[], figure: Figure): number => median(results.map((result) => result[figure]));
    const added = (figure: Figure): string => median(ours.map((result, index) => result[figure] - (theirs[index]?.[figure] ?? Number.NaN))).toFixed(2);
    table.push(
      `| ${connections} | ${at(ours, 'p50').toFixed(2)} | ${at(theirs, 'p50').toFixed(2)} | ${added('p50')} | ${at(ours, 'p95').toFixed(2)} | ${at(theirs, 'p95').toFixed(2)} | ${added('p95')} | ${at(ours, 'cpu').toFixed(2)} | ${at(theirs, 'cpu').toFixed(2)} | ${added('cpu')} | ${spread(ours.map((result, index) => result.requestsPerSecond / (theirs[index]?.requestsPerSecond ?? Number.NaN)))} |`,
    );
  }
  await pool.end();
  console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}; ${rounds} rounds of ${options.seconds} s\n`);
  console.log(
    '| connections | p50 with, ms | p50 without | added, p50 | p95 with, ms | p95 without | added, p95 | CPU with, ms | CPU without | added, CPU | acts/s, with / without |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
  );
  console.log(table.join('\n'));
} finally {
  for (const child of children) child.kill();
  await cluster.embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit();
