import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { COMMAND_NAMES, runCommandLine } from '@sallyport/server/cli/sallyport.ts';
import { VARIABLES } from '@sallyport/server/variables.ts';
import { buildGatewaySchema, modules } from '@sallyport/schema/index.ts';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const readme = await readFile(new URL('README.md', root), 'utf8');
const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { scripts: Readonly<Record<string, string>> };

test('every npm command that the README names exists', () => {
  const named = [...readme.matchAll(/npm (?:run (?:--silent )?)?(?:-- )?(start|test|[a-z]+)\b/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(8);
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

test('every command of the command line that the README names exists, and each has its --help', async () => {
  const known = new Set(['help', ...COMMAND_NAMES]);
  expect([...readme.matchAll(/-- sallyport ([a-z]+)/g)].filter((match) => !known.has(match[1] ?? ''))).toEqual([]);
  for (const name of COMMAND_NAMES) {
    let said = '';
    expect(await runCommandLine([name, '--help'], (text) => (said += text))).toBe(0);
    expect(said).toContain(`sallyport ${name}`);
  }
});

test('an unknown command says what there is', async () => {
  let said = '';
  expect(await runCommandLine(['no-such-command'], (text) => (said += text))).toBe(2);
  expect(said).toContain('migrate');
});

test("the README's table of the environment is the configuration's", () => {
  const named = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1] ?? '');
  expect(named.toSorted()).toEqual(Object.keys(VARIABLES).toSorted());
});

test('every file that the README links to is there', () => {
  for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) expect(existsSync(fileURLToPath(new URL(path, root))), path).toBe(true);
});

test("the README's GraphQL is valid", () => {
  const documents = [...readme.matchAll(/"query":"([^"]+)"/g)].map((match) => match[1] ?? '');
  const { schema } = buildGatewaySchema(modules);
  expect(documents.length).toBeGreaterThan(0);
  for (const document of documents) expect(validate(schema, parse(document))).toEqual([]);
});
