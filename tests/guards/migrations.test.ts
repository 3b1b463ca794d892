import { readFile } from 'node:fs/promises';
import { CORE_MIGRATIONS, readMigrations } from '@sallyport/server/db/migrate.ts';
import { expect, test } from 'vitest';

/** `file  sha256`, one a line, of the migrations that have landed. A new migration adds its line; none is ever changed. */
const FROZEN = new URL('frozen-migrations.txt', import.meta.url);

test('landed migrations are frozen', async () => {
  const lines = (await readFile(FROZEN, 'utf8'))
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  const files = await readMigrations(CORE_MIGRATIONS);
  expect(files.map(({ file, checksum }) => `${checksum}  ${file}`)).toEqual(lines);
});

test('every migration has a number of its own', async () => {
  const numbers = (await readMigrations(CORE_MIGRATIONS)).map(({ file }) => file.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
});
