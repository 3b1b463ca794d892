import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { node } from '../gateway-process.ts';
import type { WriterOrder, WriterWord } from './writer-words.ts';

/** What a process has said so far; it outlives the process. */
export interface Said {
  readonly told: string[];
  readonly signed: string[];
  checkpoints: number;
}

export interface WritingProcess {
  readonly said: Said;
  readonly child: ChildProcess;
  /** Resolves when it has ended and everything it said has been read. @throws {Error} where it ended otherwise than it should */
  readonly done: Promise<void>;
}

export function startWriting(order: WriterOrder, fault?: URL): WritingProcess {
  const said: Said = { told: [], signed: [], checkpoints: -1 };
  const program = fileURLToPath(new URL('writer.ts', import.meta.url));
  const child = spawn(node(), [...(fault ? ['--import', fault.href] : []), program, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', NODE_NO_WARNINGS: '1' },
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const word = JSON.parse(line) as WriterWord;
    if ('told' in word) said.told.push(...word.told);
    else if ('signed' in word) said.signed.push(word.signed);
    else said.checkpoints = word.ended.checkpoints;
  });
  const done = Promise.all([once(child, 'exit'), once(lines, 'close')]).then(() => {
    if (said.checkpoints < 0) throw new Error(`A writing process ended with ${child.exitCode ?? child.signalCode}:\n${complaint}`);
  });
  return { said, child, done };
}
