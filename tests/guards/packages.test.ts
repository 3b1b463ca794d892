import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PARTS = ['schema', 'server', 'admin-ui', 'tests'];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

const manifestOf = async (folder: string): Promise<Manifest> => JSON.parse(await readFile(at(`${folder}/package.json`), 'utf8')) as Manifest;

test('there is one copy of graphql', async () => {
  const places = ['schema', 'server', 'tests'].map((part) => createRequire(at(`${part}/package.json`)).resolve('graphql'));
  expect(new Set(places).size).toBe(1);
  const lock = await readFile(at('pnpm-lock.yaml'), 'utf8');
  expect([...new Set([...lock.matchAll(/^ {2}graphql@([^:(]+)/gm)].map((match) => match[1]))]).toEqual(['16.15.0']);
});

test.each(['.', ...PARTS])('%s/package.json names exact versions', async (folder) => {
  const { dependencies, devDependencies, optionalDependencies } = await manifestOf(folder);
  const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => version !== 'workspace:*' && !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('the lockfile names no address of a registry', async () => {
  expect(await readFile(at('pnpm-lock.yaml'), 'utf8')).not.toMatch(/https?:\/\/|tarball:/);
});
