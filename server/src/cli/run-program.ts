import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Folder of the whole project. */
export const PROJECT_ROOT = new URL('../../../', import.meta.url);

export interface ProgramResult {
  readonly code: number;
  /** Standard output and error together, where they were asked for. */
  readonly output: string;
}

export interface RunOptions {
  /** Where it runs, from the project's root. */
  readonly folder?: string;
  /** Keeps its words for the caller. */
  readonly quiet?: boolean;
  /** Its environment; ours unless said. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program of the project and waits for its end. */
export function runProgram(program: string, options: readonly string[], { folder = '.', quiet = false, environment }: RunOptions = {}): Promise<ProgramResult> {
  return new Promise((settle, fail) => {
    const child = spawn(program, options, {
      cwd: fileURLToPath(new URL(folder, PROJECT_ROOT)),
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      ...(environment ? { env: environment } : {}),
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', fail);
    child.on('close', (code) => settle({ code: code ?? 1, output }));
  });
}
