import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const LAUNCHER = fileURLToPath(import.meta.resolve('@sallyport/server/cli/launch.mjs'));
const running = new Set<ChildProcess>();

interface Started {
  readonly child: ChildProcess;
  /** Standard output and error so far. */
  said(): string;
  /** Exit code, when it ends. */
  readonly ended: Promise<number | null>;
}

function start(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, [LAUNCHER, 'server/src/main.ts', '--without-console'], {
    env: { PATH: process.env['PATH'], PORT: '0', SEED_TENANTS: '20', LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'exit').then(([code]: unknown[]) => {
    running.delete(child);
    return code as number | null;
  });
  return { child, said: () => output, ended };
}

async function addressOf({ said, ended }: Started): Promise<string> {
  let over = false;
  void ended.then(() => (over = true));
  for (;;) {
    const address = /Sallyport is ready: (\S+)/.exec(said())?.[1];
    if (address) return address;
    if (over) throw new Error(`It ended: ${said()}`);
    await new Promise((settle) => setTimeout(settle, 25));
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-start-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm start', () => {
  test('starts, keeps others out, keeps its data, and ends what it started (K13)', { timeout: 60_000 }, async () => {
    const data = join(folder, 'data');
    const first = start({ DATA_DIR: data });
    const address = await addressOf(first);
    expect(await (await fetch(`${address}/readyz`)).json()).toEqual({ status: 'ready' });
    const people = JSON.parse(await readFile(join(data, 'demo-people.json'), 'utf8')) as { email: string; roles: string[] }[];
    expect(new Set(people.flatMap(({ roles }) => roles)).size).toBe(8);
    for (const { email } of people) expect(first.said()).toContain(email);
    for (const secret of ['demo-people.json', 'keys.json', 'database-login.json', 'postgres.password']) expect((await stat(join(data, secret))).mode & 0o077, secret).toBe(0);

    const beside = start({ DATA_DIR: data });
    expect(await beside.ended).toBe(1);
    expect(beside.said()).toMatch(/data directory .* is in use by another gateway \(process \d+\)/);

    const samePort = start({ DATA_DIR: join(folder, 'other'), PORT: new URL(address).port });
    expect(await samePort.ended).toBe(1);
    expect(samePort.said()).toMatch(/PORT \d+ of 127\.0\.0\.1 is taken/);

    const postmaster = Number((await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    // Ended, or a zombie that nobody has reaped yet: either way it holds nothing.
    const state = await readFile(`/proc/${postmaster}/stat`, 'utf8').catch(() => 'gone');
    expect(state === 'gone' || / Z /.test(state)).toBe(true);

    const again = start({ DATA_DIR: data });
    await addressOf(again);
    expect(again.said()).not.toMatch(/filled with the demo|Migrations landed/);
    expect(JSON.parse(await readFile(join(data, 'demo-people.json'), 'utf8'))).toEqual(people);
    again.child.kill('SIGINT');
    expect(await again.ended).toBe(0);
  });

  test('when its launcher is killed, it ends by itself', { timeout: 60_000 }, async () => {
    const data = join(folder, 'orphan');
    const started = start({ DATA_DIR: data, SEED: 'none' });
    const address = await addressOf(started);
    started.child.kill('SIGKILL');
    await started.ended;
    await expect
      .poll(
        () =>
          stat(join(data, 'gateway.lock')).then(
            () => 'there',
            () => 'gone',
          ),
        { timeout: 15_000 },
      )
      .toBe('gone');
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });

  test('says what is wrong with the configuration, and no stack', async () => {
    const refused = start({ DATA_DIR: join(folder, 'refused'), HOST: '0.0.0.0' });
    expect(await refused.ended).toBe(1);
    expect(refused.said()).toContain('Sallyport does not start.\nPUBLIC_URL is needed');
    expect(refused.said()).not.toMatch(/\n\s+at /);
  });
});
