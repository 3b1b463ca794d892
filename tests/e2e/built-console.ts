import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildConsole, CONSOLE_FOLDER } from '@sallyport/server/cli/build-console.ts';
import pg from 'pg';
import { inject } from 'vitest';

/** Of test files that start at once, one builds; the lock ends with the connection, however that ends. */
const BUILD_LOCK = 7_251_010;

export interface BuiltConsole {
  readonly folder: URL;
  remove(): Promise<void>;
}

/** The console as people get it, built where its sources changed, in a copy that no later build touches. */
export async function takeConsole(): Promise<BuiltConsole> {
  const client = new pg.Client({ connectionString: inject('database').adminUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [BUILD_LOCK]);
    await buildConsole();
    const copy = await mkdtemp(join(tmpdir(), 'sallyport-console-'));
    await cp(CONSOLE_FOLDER, copy, { recursive: true });
    return { folder: pathToFileURL(`${copy}/`), remove: () => rm(copy, { recursive: true, force: true }) };
  } finally {
    await client.end();
  }
}
