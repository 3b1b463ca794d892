import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildEnvironment } from '../config.ts';
import { StartRefusal } from '../start-refusal.ts';
import { PROJECT_ROOT, runProgram } from './run-program.ts';

/** The built console; `index.html` and hashed assets. */
export const CONSOLE_FOLDER = new URL('admin-ui/dist/', PROJECT_ROOT);

const STAMP = new URL('.sources-hash', CONSOLE_FOLDER);

/** What the console is made from; the lockfile stands for every package in it. */
const SOURCES = [
  'admin-ui/index.html',
  'admin-ui/package.json',
  'admin-ui/tsconfig.json',
  'admin-ui/vite.config.ts',
  'admin-ui/src/**/*',
  'admin-ui/public/**/*',
  'schema/src/vocabulary/*.ts',
  'pnpm-lock.yaml',
];

/**
 * Builds the console unless what is there was made from these very sources.
 * @returns whether it had to be built.
 * @throws {StartRefusal} with the end of the builder's own words when it fails.
 */
export async function buildConsole(): Promise<boolean> {
  const hash = await hashSources();
  if (existsSync(new URL('index.html', CONSOLE_FOLDER)) && (await readFile(STAMP, 'utf8').catch(() => '')) === hash) return false;
  const vite = fileURLToPath(new URL('admin-ui/node_modules/vite/bin/vite.js', PROJECT_ROOT));
  const { code, output } = await runProgram(process.execPath, [vite, 'build', '--logLevel', 'warn'], { folder: 'admin-ui/', quiet: true, environment: buildEnvironment() });
  if (code !== 0) throw new StartRefusal(`The console could not be built:\n${output.trim().split('\n').slice(-15).join('\n')}`);
  await writeFile(STAMP, hash);
  return true;
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  const paths: string[] = [];
  for (const pattern of SOURCES)
    for await (const entry of glob(pattern, { cwd: fileURLToPath(PROJECT_ROOT), withFileTypes: true })) if (entry.isFile()) paths.push(`${entry.parentPath}/${entry.name}`);
  for (const path of paths.sort())
    hash
      .update(`${path}\0`)
      .update(await readFile(path))
      .update('\0');
  return hash.digest('hex');
}
