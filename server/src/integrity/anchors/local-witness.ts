import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseVerifierKey, printVerifierKey, type VerifierKey } from '../../transparency/note-key.ts';
import type { WitnessAddress } from './witness-anchor.ts';

const START_MS = 15_000;
const PROGRAM = fileURLToPath(new URL('../../witness/main.ts', import.meta.url));

export interface LocalWitness extends WitnessAddress {
  readonly pid: number;
  /** Ends the process. */
  stop(): Promise<void>;
}

/**
 * Names a log's keys in the list of the local witness, where they are missing. Once the list names a log it adds no other: that the log
 * was begun anew is for a person to say, by a line in the file.
 * @param succeeds the origin that this one follows because two people have acknowledged a gap; null for none
 * @returns whether the witness knows the log now
 */
export async function introduceLog(directory: string, origin: string, keys: readonly VerifierKey[], succeeds: string | null = null): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'logs');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });
  const named = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const knows = named.some((line) => line.startsWith(`${origin} `) || (succeeds !== null && line.startsWith(`${succeeds} `)));
  if (named.length > 0 && !knows) return false;
  const missing = keys.map((key) => `${origin} ${printVerifierKey(key)}`).filter((line) => !named.includes(line));
  if (missing.length > 0) await writeFile(path, `${missing.join('\n')}\n`, { flag: 'a', mode: 0o600 });
  return true;
}

/**
 * Starts a witness process on this machine, for an installation that has none elsewhere: it shows how things work and finds a database
 * that was put back, but whoever owns this machine owns the witness too. It ends with this process, however this one ends.
 * @param directory where it keeps key, checkpoints, alarms and its list of logs (`introduceLog` comes first)
 * @param tell its lines for the operator, alarms among them
 */
export async function startLocalWitness(directory: string, tell: (line: string) => void): Promise<LocalWitness> {
  const child = spawn(process.execPath, [PROGRAM, '--state', directory, '--logs', join(directory, 'logs'), '--listen', '127.0.0.1:0'], {
    // The channel tells the witness when this process is gone. Of our environment it gets nothing: there are secrets in it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {},
    // Ctrl-C at the terminal is for the gateway, whose last checkpoint still wants a cosignature.
    detached: true,
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    child.kill('SIGTERM');
    await ended;
  };
  void ended.then(() => isStopping || tell('The local witness has ended. It is started again with the gateway.'));
  const ready = new Promise<WitnessAddress>((settle, fail) => {
    let keyText = '';
    const read = (line: string): void => {
      const [, word, value = ''] = /^Witness (key|is ready): (.+)$/.exec(line) ?? [];
      if (word === 'key') keyText = value;
      else if (word === 'is ready') settle({ url: new URL(value), key: parseVerifierKey(keyText) });
      else tell(line);
    };
    for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', read);
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`The local witness ended with ${code ?? 'a signal'}`)));
    setTimeout(() => fail(new Error('The local witness did not start in time')), START_MS).unref();
  });
  try {
    return { ...(await ready), pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
