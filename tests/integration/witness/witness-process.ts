import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printAddCheckpoint } from '@sallyport/server/transparency/add-checkpoint.ts';
import { parseVerifierKey, printVerifierKey, type VerifierKey } from '@sallyport/server/transparency/note-key.ts';
import type { GrowingLog } from '../../unit/witness/growing-log.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START_MS = 20_000;

/** The Node that runs TypeScript: this one, or the one that the lockfile brings. */
function node(): string {
  const brought = join(ROOT, 'node_modules/.bin/node');
  return Number.parseInt(process.versions.node, 10) >= 24 || !existsSync(brought) ? process.execPath : brought;
}

export interface WitnessFolder {
  readonly path: string;
  readonly logs: string;
  remove(): Promise<void>;
}

/** A directory for a witness, with a list of the logs that it knows. */
export async function makeWitnessFolder(...logs: readonly GrowingLog[]): Promise<WitnessFolder> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-witness-'));
  await writeFile(join(path, 'logs'), logs.map(({ origin, key }) => `${origin} ${printVerifierKey(key.verifier)}\n`).join(''));
  return { path, logs: join(path, 'logs'), remove: () => rm(path, { recursive: true, force: true }) };
}

export interface WitnessProcess {
  readonly url: string;
  readonly key: VerifierKey;
  /** What it has written so far. */
  said(): string;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
}

/** Starts a real witness on a free port. @param fault a module that alters sources while they are loaded */
export async function startWitnessProcess({ path, logs }: WitnessFolder, fault?: URL): Promise<WitnessProcess> {
  const options = [...(fault ? ['--import', fault.href] : []), join(ROOT, 'server/src/witness/main.ts'), '--state', path, '--logs', logs, '--listen', '127.0.0.1:0'];
  const child = spawn(node(), options, { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
  let said = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  try {
    const [keyText, url] = await readyWords(child, () => said);
    return { url, key: parseVerifierKey(keyText), said: () => said, end };
  } catch (error) {
    if (child.exitCode === null) await end('SIGKILL');
    throw error;
  }
}

function readyWords(child: ChildProcess, said: () => string): Promise<[string, string]> {
  return new Promise((settle, fail) => {
    const timer = setTimeout(() => fail(new Error(`The witness did not start in time:\n${said()}`)), START_MS);
    child.stdout?.on('data', () => {
      const match = /Witness key: (\S+)\nWitness is ready: (\S+)\n/.exec(said());
      if (!match) return;
      clearTimeout(timer);
      settle([match[1] ?? '', match[2] ?? '']);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`The witness ended with ${code}:\n${said()}`));
    });
  });
}

/** The body that asks to cosign a log at a size. */
export async function askToCosign(log: GrowingLog, oldSize: number, size: number): Promise<string> {
  const proof = oldSize === 0 || oldSize >= size ? [] : await log.prove(oldSize, size);
  return printAddCheckpoint({ oldSize, proof, note: log.head(size).note });
}

export const post = (url: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> => fetch(`${url}/add-checkpoint`, { method: 'POST', body });

/** Asks, and once more with the size that the witness states. */
export async function submit(url: string, log: GrowingLog, size: number): Promise<{ readonly status: number; readonly body: string }> {
  let oldSize = 0;
  for (let tries = 0; ; tries++) {
    const response = await post(url, await askToCosign(log, oldSize, size));
    const body = await response.text();
    if (response.status !== 409 || tries === 3) return { status: response.status, body };
    oldSize = Number(body);
  }
}
