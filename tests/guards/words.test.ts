import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OWN = 'tests/guards/words.test.ts';
const TEXT = /\.(ts|tsx|mjs|json|jsonc|md|sql|sh|html|css|ya?ml|txt|svg)$|^\.ci\/run$|^\.gitignore$/;

/** Everything that is, or would be, committed. */
async function committedFiles(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\n').filter((path) => TEXT.test(path) && path !== OWN && path !== 'pnpm-lock.yaml');
}

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['the host of a package registry', /registry\.(npmjs|yarnpkg)\.|npm\.pkg\.github\.com|\b(artifactory|verdaccio|nexus)\b/i],
  ['a path of the machine that it was written on', /(?<![\w.$}])\/(work|home\/\w+|Users\/\w+)\//],
  ['unfinished work', /\b(TODO|FIXME|XXX)\b/],
  ['a type check switched off', /@ts-(ignore|nocheck|expect-error)|eslint-disable|oxlint-disable/],
];

test.each(FORBIDDEN)('no committed file holds %s', async (_what, pattern) => {
  const found: string[] = [];
  for (const path of await committedFiles()) {
    const content = await readFile(join(ROOT, path), 'utf8').catch(() => '');
    for (const [index, line] of content.split('\n').entries()) if (pattern.test(line)) found.push(`${path}:${index + 1}`);
  }
  expect(found).toEqual([]);
});

test.each(['schema/src', 'server/src'])('%s: no file is called after what it does not say', async (folder) => {
  const vague = (await committedFiles()).filter(
    (path) => path.startsWith(folder) && /(^|\/)(utils?|helpers?|common|misc|manager|service)(\.|\/)|-(utils?|helpers?|manager|service)\./.test(path),
  );
  expect(vague).toEqual([]);
});

test('no file of the sources is longer than 350 lines', async () => {
  const long: string[] = [];
  for (const path of await committedFiles()) {
    if (!/^(schema|server|admin-ui)\/src\/.*\.tsx?$/.test(path)) continue;
    const lines = (await readFile(join(ROOT, path), 'utf8').catch(() => '')).split('\n').length;
    if (lines > 350) long.push(`${path}: ${lines}`);
  }
  expect(long).toEqual([]);
});
