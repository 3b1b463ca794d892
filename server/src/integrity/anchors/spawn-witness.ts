import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseVerifierKey, type VerifierKey } from '../../transparency/note-key.ts';

/** One process of a witness on this machine, ready to be asked. */
export interface WitnessProcess {
  readonly url: URL;
  readonly key: VerifierKey;
  readonly pid: number;
  /** When it has ended, however. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const START_MS = 15_000;
const PROGRAM = fileURLToPath(new URL('../../witness/main.ts', import.meta.url));

/**
 * Starts a witness on a free port of this machine. It ends with this process, however this one ends.
 * @param directory where it keeps key, checkpoints, alarms and its list of logs
 * @param tell its lines for the operator, alarms among them
 * @throws {Error} where it does not come to answer
 */
export async function spawnWitness(directory: string, tell: (line: string) => void): Promise<WitnessProcess> {
  const child = spawn(process.execPath, [PROGRAM, '--state', directory, '--logs', join(directory, 'logs'), '--listen', '127.0.0.1:0'], {
    // The channel tells the witness when this process is gone. Of our environment it gets nothing: there are secrets in it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {},
    // Ctrl-C at the terminal is for the gateway, whose last checkpoint still wants a cosignature.
    detached: true,
  });
  // A program that could not be run has no exit.
  const ended = new Promise<void>((done) => child.once('exit', () => done()).once('error', () => child.pid === undefined && done()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  const ready = new Promise<Pick<WitnessProcess, 'url' | 'key'>>((settle, fail) => {
    let keyText = '';
    const read = (line: string): void => {
      const [, word, value = ''] = /^Witness (key|is ready): (.+)$/.exec(line) ?? [];
      if (word === 'key') keyText = value;
      else if (word === 'is ready') settle({ url: new URL(value), key: parseVerifierKey(keyText) });
      else tell(line);
    };
    for (const input of [child.stdout, child.stderr]) if (input) createInterface({ input }).on('line', read);
    child.on('error', fail);
    child.once('exit', (code) => fail(new Error(`The local witness ended with ${code ?? 'a signal'}`)));
    setTimeout(() => fail(new Error('The local witness did not start in time')), START_MS).unref();
  });
  try {
    return { ...(await ready), pid: child.pid ?? 0, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
