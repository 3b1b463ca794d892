import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemoPerson } from '@sallyport/server/auth/seed-demo-staff.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 90_000;

export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** Sends the signal and waits for the end of the process. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

export interface ProcessOptions {
  /** Superuser's address of a database: the process migrates it and, where it is empty, seeds it. */
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly tenants?: number;
  /** A module that alters sources while they are loaded: a gateway with a seeded fault. */
  readonly fault?: URL;
  /** Further variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The Node that runs TypeScript: this one, or the one that the lockfile brings. */
export function node(): string {
  const brought = join(ROOT, 'node_modules/.bin/node');
  return Number.parseInt(process.versions.node, 10) >= 24 || !existsSync(brought) ? process.execPath : brought;
}

/** Starts a real gateway on a free port and waits until it says where it listens. */
export async function startGatewayProcess({ databaseUrl, dataDirectory, tenants = 12, fault, environment = {} }: ProcessOptions): Promise<GatewayProcess> {
  const options = [...(fault ? ['--import', fault.href] : []), join(ROOT, 'server/src/main.ts'), '--without-console'];
  const child = spawn(node(), options, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/bin:/bin',
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDirectory,
      PORT: '0',
      SEED: 'demo',
      SEED_TENANTS: String(tenants),
      LOG_LEVEL: 'silent',
      NODE_NO_WARNINGS: '1',
      ...environment,
    },
  });
  const ended = once(child, 'exit');
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  try {
    return { url: await listeningUrl(child), pid: child.pid ?? 0, end };
  } catch (error) {
    if (child.exitCode === null) await end('SIGKILL');
    throw error;
  }
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`The gateway did not start in time:\n${said}`)), START_MS);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /Sallyport is ready: (\S+)/.exec(said)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The gateway ended with ${code}:\n${said}`));
    });
  });
}

/** The people whom the process has seeded. */
export async function readPeople(dataDirectory: string): Promise<readonly DemoPerson[]> {
  return JSON.parse(await readFile(join(dataDirectory, 'demo-people.json'), 'utf8')) as DemoPerson[];
}

export function personOf(people: readonly DemoPerson[], role: string): DemoPerson {
  const found = people.find(({ grants }) => grants.length === 1 && grants[0]?.global === true && grants[0].role === role);
  if (!found) throw new Error(`No demo person is ${role} everywhere`);
  return found;
}
