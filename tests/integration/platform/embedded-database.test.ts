import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDatabase, findRunningEmbedded, startEmbedded } from '@sallyport/server/db/embedded.ts';
import { findPending, migrate } from '@sallyport/server/db/migrate.ts';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-embedded-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function ask(url: string, question: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: question, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

describe('embedded database', () => {
  test('keeps its data over a stop, flushes, and holds the directory against a second copy', async () => {
    const first = await startEmbedded(folder);
    const url = await ensureDatabase(first, 'kept');
    await ask(url, 'create table kept as select 42 as value');
    expect(await ask(url, 'show fsync')).toBe('on');
    await expect(startEmbedded(folder)).rejects.toThrow(/in use by another gateway \(process \d+\)/);
    expect(await findRunningEmbedded(folder, 'kept')).toBe(url);
    await first.stop();
    expect(await findRunningEmbedded(folder, 'kept')).toBeNull();
    const second = await startEmbedded(folder);
    expect(await ask(second.urlOf('kept'), 'select value from kept')).toBe(42);
    await second.stop();
  });

  test('keeps its password to itself', async () => {
    const embedded = await startEmbedded(folder);
    await embedded.stop();
    expect((await stat(join(folder, 'postgres.password'))).mode & 0o777).toBe(0o600);
  });

  test('logs no value of a failed statement (H15)', async () => {
    const embedded = await startEmbedded(folder);
    const url = embedded.urlOf('postgres');
    await ask(url, 'create table once (value text primary key)');
    await ask(url, `insert into once values ('canary-51c9')`);
    await expect(ask(url, `insert into once values ('canary-51c9')`)).rejects.toThrow(/duplicate/);
    await embedded.stop();
    expect(await readFile(join(folder, 'postgres', 'server.log'), 'utf8')).not.toContain('canary-51c9');
  });

  test('a killed gateway leaves a server behind, which the next one takes over with every commit (K01)', async () => {
    const program = `
      import { startEmbedded } from ${JSON.stringify(import.meta.resolve('@sallyport/server/db/embedded.ts'))};
      const embedded = await startEmbedded(${JSON.stringify(folder)});
      console.log(embedded.urlOf('postgres'));
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const url = await new Promise<string>((settle) => child.stdout.once('data', (chunk: Buffer) => settle(chunk.toString().trim())));
    await ask(url, 'create table survived as select 1 as value');
    const gone = new Promise((settle) => child.once('exit', settle));
    child.kill('SIGKILL');
    await gone;
    const next = await startEmbedded(folder);
    expect(await ask(next.urlOf('postgres'), 'select value from survived')).toBe(1);
    await next.stop();
  });
});

test('a server that is killed comes back by itself, with every commit (K02)', async () => {
  const embedded = await startEmbedded(folder);
  const url = embedded.urlOf('postgres');
  for (const round of [1, 2, 3]) {
    await ask(url, `create table round_${round} ()`);
    const postmaster = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(postmaster, 'SIGKILL');
    await expect.poll(() => ask(url, `select count(*)::int from pg_class where relname like 'round\\_%'`).catch(() => 'down'), { timeout: 10_000 }).toBe(round);
  }
  await embedded.stop();
});

describe('migrations', () => {
  const file = (name: string, checksum: string) => ({ folder: 'core', file: name, sql: '', checksum });
  const folders = new Set(['core']);

  test('a landed file that was changed is refused (K10)', () => {
    expect(() => findPending([file('0001_a.sql', 'new')], new Map([['core/0001_a.sql', 'old']]), folders)).toThrow(/0001_a\.sql was changed after it had landed/);
  });

  test('a database that is newer is refused (K10)', () => {
    expect(() => findPending([], new Map([['core/0002_b.sql', 'x']]), folders)).toThrow(/database is newer/);
  });

  test('what a module brought stays when the module is gone', () => {
    expect(findPending([], new Map([['visitors/0001_b.sql', 'x']]), folders)).toEqual([]);
  });

  test('a file lands whole or not at all, and goes on from there (K10)', async () => {
    const embedded = await startEmbedded(join(folder, 'data'));
    const url = await ensureDatabase(embedded, 'migrated');
    const own = { name: 'own', url: pathToFileURL(`${folder}/`) };
    await writeFile(join(folder, '0001_first.sql'), 'create table gateway.first ();');
    await writeFile(join(folder, '0002_second.sql'), 'create table gateway.second (); select 1 / 0;');
    await expect(migrate(url, [own])).rejects.toThrow(/^Migration own\/0002_second\.sql failed: division by zero/);
    expect(await ask(url, `select to_regclass('gateway.second') is null and to_regclass('gateway.first') is not null`)).toBe(true);
    await writeFile(join(folder, '0002_second.sql'), 'create table gateway.second ();');
    // Two at once: one migrates, the other waits and finds nothing left to do.
    const landed = await Promise.all([migrate(url, [own]), migrate(url, [own])]);
    expect(landed.flat()).toEqual(['own/0002_second.sql']);
    expect(await ask(url, `select relowner::regrole::text from pg_class where relname = 'second'`)).toBe('sallyport_owner');
    await embedded.stop();
  });
});
