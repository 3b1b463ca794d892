import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { modules, productModules } from '@sallyport/schema/index.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway } from '../helpers/gateway.ts';

// A module goes by deleting its line and its folder: tried for every one that no other module builds on.
const root = fileURLToPath(new URL('../..', import.meta.url));
const folderOf = (name: string): string => join(root, 'schema/src/modules', name);
const imported = await importedFolders();
const optional = productModules.filter(({ name }) => !imported.has(name));

async function importedFolders(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { name } of modules) {
    for (const file of await readdir(folderOf(name), { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      for (const [, other = ''] of (await readFile(join(folderOf(name), file), 'utf8')).matchAll(/from '(?:\.\.\/)+([a-z-]+)\//g)) if (other !== name) found.add(other);
    }
  }
  return found;
}

let copy: string;
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'sallyport-without-'));
  for (const workspace of ['schema', 'server']) {
    await mkdir(join(copy, workspace, 'node_modules'), { recursive: true });
    await cp(join(root, workspace, 'package.json'), join(copy, workspace, 'package.json'));
    await cp(join(root, workspace, 'src'), join(copy, workspace, 'src'), { recursive: true });
    for (const entry of await readdir(join(root, workspace, 'node_modules'))) {
      if (entry !== '@sallyport') await symlink(join(root, workspace, 'node_modules', entry), join(copy, workspace, 'node_modules', entry));
    }
  }
  await mkdir(join(copy, 'server/node_modules/@sallyport'));
  await symlink(join(copy, 'schema'), join(copy, 'server/node_modules/@sallyport/schema'));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const options = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(copy, 'tsconfig.json'), JSON.stringify({ ...options, include: ['schema/src/**/*.ts', 'server/src/**/*.ts'] }));
  await writeFile(join(copy, 'package.json'), '{"type":"module"}');
});
afterAll(() => rm(copy, { recursive: true, force: true }));

test('there are modules to leave out', () => {
  expect(optional.map(({ name }) => name)).toEqual(expect.arrayContaining(['billing', 'security-settings']));
});

test.each(optional.map(({ name }) => name))('without its line and its folder the project type-checks: %s', { timeout: 120_000 }, async (name) => {
  const index = join(copy, 'schema/src/index.ts');
  const text = await readFile(index, 'utf8');
  const imports = new RegExp(`^import \\{ (\\w+) \\} from './modules/${name}/index.ts';\\n`, 'm').exec(text);
  expect(imports).not.toBeNull();
  await writeFile(index, text.replace(imports?.[0] ?? '', '').replace(new RegExp(`^\\s+${imports?.[1]},\\n`, 'm'), ''));
  await rm(join(copy, 'schema/src/modules', name), { recursive: true });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(copy, 'tsconfig.json')]).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  } finally {
    await writeFile(index, text);
    await cp(folderOf(name), join(copy, 'schema/src/modules', name), { recursive: true });
  }
});

test.each(optional.map(({ name }) => name))('without it the gateway runs: %s', async (name) => {
  const rest = modules.filter((module) => module.name !== name);
  const gateway = await startTestGateway({ modules: rest });
  try {
    const client = await gateway.asRole('support-viewer');
    expect((await client.query('{ viewer { permissions { name } } tenants(first: 3) { nodes { id name } } }')).errors).toEqual([]);
    const gone = modules.find((module) => module.name === name)?.resources[0]?.plural ?? '';
    expect((await client.query(`{ ${gone}(first: 1) { totalCount } }`)).codes).toEqual(['QUERY_REJECTED']);
  } finally {
    await gateway.close();
  }
});
