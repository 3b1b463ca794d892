import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { cpuTimes, timeBetween } from '../cpu-time.ts';
import { type LogDatabase, run, settle, startLogCluster } from './log-databases.ts';
import { median, quantile, spread } from './statistics.ts';
import type { WriterResult, WriterTask } from './writer.ts';

// `npm run bench:append [-- --rounds 15 --seconds 1 --writers 1,16,64 --designs floor,ours --rate 500]`; see README.md.

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '1' },
    writers: { type: 'string', default: '1,16,64' },
    designs: { type: 'string', default: 'floor,ours,locked-head,transaction-cursor' },
    /** Events a second, all writers together; 0 for as many as they can. */
    rate: { type: 'string', default: '0' },
  },
});

/** Every one of them writes the same rows into the same table with the same indexes. */
const DESIGNS: Readonly<Record<string, Pick<WriterTask, 'append' | 'seals'> & { readonly sql?: URL }>> = {
  floor: { append: 'insert', seals: false },
  ours: { append: 'append', seals: true },
  'ours-unsealed': { append: 'append', seals: false },
  'locked-head': { append: 'append', seals: true, sql: new URL('designs/locked-head.sql', import.meta.url) },
  'transaction-cursor': { append: 'append', seals: true, sql: new URL('designs/transaction-cursor.sql', import.meta.url) },
};
const PROCESSES = 2;
const POLL_MS = 20;

interface Measured {
  readonly perSecond: number;
  /** Milliseconds of CPU an event: writers, integrator and their backends. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds from the answer to the commit until a reader sees a checkpoint that covers the event. */
  readonly covered: readonly number[];
}

const write = (line: string): void => void process.stderr.write(`${line}\n`);
const chosen = options.designs.split(',');
const seconds = Number(options.seconds);
const folder = join(tmpdir(), `sallyport-bench-append-${process.pid}`);

const startWriter = (): ChildProcess => fork(fileURLToPath(new URL('writer.ts', import.meta.url)));

async function ask(child: ChildProcess, task: WriterTask): Promise<WriterResult> {
  const done = new AbortController();
  child.send(task);
  const gone = once(child, 'exit', { signal: done.signal }).then(() => Promise.reject(new Error('A process of writers ended early')));
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal: done.signal }), gone])) as [WriterResult];
    return answer;
  } finally {
    gone.catch(() => undefined);
    done.abort();
  }
}

/** Looks for new checkpoints as a reader would, and remembers when each size was there. */
async function watchCheckpoints(database: LogDatabase): Promise<{ readonly seen: readonly (readonly [number, number])[]; stop(): Promise<void> }> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  const seen: [number, number][] = [];
  let over = false;
  const running = (async () => {
    for (let last = false; !last; ) {
      // Once more after the end: the last checkpoint was there before it.
      last = over;
      const { rows } = await client.query<{ size: string }>({ name: 'newest', text: 'select size from audit.checkpoint order by size desc limit 1' });
      const size = Number(rows[0]?.size ?? 0);
      if (size > (seen.at(-1)?.[0] ?? 0)) seen.push([size, performance.timeOrigin + performance.now()]);
      await pause(POLL_MS);
    }
    await client.end();
  })();
  return {
    seen,
    stop: async () => {
      over = true;
      await running;
    },
  };
}

async function backendTimes({ adminUrl }: LogDatabase): Promise<ReadonlyMap<number, number>> {
  const backends = await run<{ pid: number }>(adminUrl, `select pid from pg_stat_activity where datname = current_database() and application_name like 'bench-%'`);
  return cpuTimes(backends.map(({ pid }) => pid));
}

async function measure(database: LogDatabase, children: readonly ChildProcess[], writers: number, design: Pick<WriterTask, 'append' | 'seals'>): Promise<Measured> {
  const [head] = await run<{ size: string }>(database.adminUrl, 'select size from audit.log_head');
  const watch = design.seals ? await watchCheckpoints(database) : null;
  const used = children.slice(0, Math.min(PROCESSES, writers));
  const before = await backendTimes(database);
  const results = await Promise.all(
    used.map((child) => ask(child, { appUrl: database.appUrl, clients: writers / used.length, seconds, ...design, perSecond: Number(options.rate) / used.length })),
  );
  const backends = timeBetween(before, await backendTimes(database));
  await watch?.stop();
  const latencies = results.flatMap((result) => result.latencies);
  const covered = watch ? await coveredAfter(database, Number(head?.size ?? 0), new Map(results.flatMap((result) => result.commits)), watch.seen) : [];
  return {
    perSecond: results.reduce((sum, result) => sum + result.latencies.length / result.seconds, 0),
    cpu: (backends + results.reduce((sum, result) => sum + result.cpu, 0)) / latencies.length,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    covered,
  };
}

async function coveredAfter(database: LogDatabase, from: number, commits: ReadonlyMap<string, number>, seen: readonly (readonly [number, number])[]): Promise<number[]> {
  const leaves = await run<{ id: string; place: string }>(database.adminUrl, 'select event_id as id, log_index as place from audit.leaf where log_index >= $1', [from]);
  if (leaves.length !== commits.size) throw new Error(`${commits.size} events were committed, and ${leaves.length} are in the tree`);
  return leaves.map(({ id, place }) => {
    const committed = commits.get(id);
    const checkpoint = seen.find(([size]) => size > Number(place));
    if (committed === undefined || !checkpoint) throw new Error('An event is not covered');
    // The poller can see a checkpoint before the writer has had its answer.
    return Math.max(0, checkpoint[1] - committed);
  });
}

const cluster = await startLogCluster(folder);
const children = Array.from({ length: PROCESSES }, startWriter);
try {
  const databases = new Map<string, LogDatabase>();
  for (const name of chosen) {
    if (!DESIGNS[name]) throw new Error(`There is no design ${name}`);
    databases.set(name, await cluster.open(name.replaceAll('-', '_'), DESIGNS[name].sql));
  }
  const table: string[] = [];
  for (const writers of options.writers.split(',').map(Number)) {
    const measured = new Map<string, Measured[]>(chosen.map((name) => [name, []]));
    for (const database of databases.values()) await settle(database);
    for (let round = 0; round <= Number(options.rounds); round += 1) {
      for (const name of chosen.map((_, index) => chosen[(index + round) % chosen.length] ?? '')) {
        const database = databases.get(name);
        const design = DESIGNS[name];
        if (!database || !design) continue;
        const result = await measure(database, children, writers, { append: design.append, seals: design.seals });
        // Round 0 warms up.
        if (round > 0) measured.get(name)?.push(result);
        write(
          `${writers} writers, ${round}/${options.rounds} ${name}: ${result.perSecond.toFixed(0)}/s, CPU ${result.cpu.toFixed(3)} ms, append p50 ${result.p50.toFixed(2)} p99 ${result.p99.toFixed(1)} ms${result.covered.length > 0 ? `, covered p50 ${quantile(result.covered, 0.5).toFixed(0)} p99 ${quantile(result.covered, 0.99).toFixed(0)} ms` : ''}`,
        );
      }
    }
    const floor = measured.get('floor') ?? [];
    for (const [name, rounds] of measured) {
      const ratios = rounds.map((each, index) => each.perSecond / (floor[index]?.perSecond ?? Number.NaN));
      const work = rounds.map((each, index) => (floor[index]?.cpu ?? Number.NaN) / each.cpu);
      const covered = rounds.flatMap((each) => each.covered);
      table.push(
        `| ${writers} | ${name} | ${median(rounds.map((each) => each.perSecond)).toFixed(0)} | ${floor.length > 0 ? spread(ratios) : '–'} | ${median(rounds.map((each) => each.cpu)).toFixed(3)} | ${floor.length > 0 ? spread(work) : '–'} | ${median(rounds.map((each) => each.p50)).toFixed(2)} | ${median(rounds.map((each) => each.p99)).toFixed(1)} | ${covered.length > 0 ? `${quantile(covered, 0.5).toFixed(0)} · ${quantile(covered, 0.99).toFixed(0)}` : '–'} |`,
      );
    }
  }
  console.log(
    `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}; ${options.rounds} rounds of ${options.seconds} s, ${options.rate === '0' ? 'as fast as they can' : `${options.rate} events/s`}\n`,
  );
  console.log(
    '| writers | design | appends/s | share of the floor | CPU an event, ms | share of the floor by CPU | append p50, ms | append p99, ms | covered p50 · p99, ms |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|',
  );
  console.log(table.join('\n'));
} finally {
  for (const child of children) child.kill();
  await cluster.embedded.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit();
