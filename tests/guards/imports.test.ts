import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A part of the house, and the parts of ours that it may import. Arrows run one way (ARCHITECTURE.md). */
interface Rule {
  readonly files: string;
  readonly may: readonly string[];
  /** Packages and Node's own modules that it may not import. */
  readonly mayNot?: readonly RegExp[];
}

const OUTSIDE_A_SLICE = [/^node:(http|https|net|child_process|process)$/, /^pg$/, /^graphql-yoga$/];

const TABLE: readonly Rule[] = [
  {
    files: 'schema/src/vocabulary/**/*.ts',
    may: [
      'schema/src/vocabulary',
      'schema/src/policy/roles',
      'schema/src/policy/rights',
      'schema/src/errors',
      'schema/src/ports',
      'schema/src/viewer',
      'schema/src/builder',
      'schema/src/resources/registry',
    ],
    mayNot: OUTSIDE_A_SLICE,
  },
  // Whoever checks the log offline takes this part and nothing else of ours.
  { files: 'server/src/transparency/**/*.ts', may: ['server/src/transparency'], mayNot: [/^(?!node:crypto$)/] },
  {
    files: 'schema/src/policy/**/*.ts',
    may: ['schema/src/vocabulary', 'schema/src/policy', 'schema/src/viewer', 'schema/src/errors', 'schema/src/plugin-access', 'schema/src/ports', 'schema/src/resources'],
    mayNot: OUTSIDE_A_SLICE,
  },
  {
    files: 'schema/src/resources/**/*.ts',
    may: [
      'schema/src/vocabulary',
      'schema/src/policy',
      'schema/src/resources',
      'schema/src/viewer',
      'schema/src/errors',
      'schema/src/ports',
      'schema/src/plugin-access',
      'schema/src/graphql',
    ],
    mayNot: OUTSIDE_A_SLICE,
  },
  {
    files: 'schema/src/modules/**/*.ts',
    may: [
      'schema/src/vocabulary',
      'schema/src/modules',
      'schema/src/ports',
      'schema/src/errors',
      'schema/src/viewer',
      'schema/src/builder',
      'schema/src/policy',
      'schema/src/resources',
      'schema/src/in-turn',
      'schema/src/graphql',
    ],
    mayNot: OUTSIDE_A_SLICE,
  },
  { files: 'schema/src/**/*.ts', may: ['schema/src'] },
  { files: 'server/src/db/**/*.ts', may: ['server/src/db', 'server/src/config', 'server/src/start-refusal', 'server/src/jobs/migrate-jobs', 'schema/src'] },
  { files: 'server/src/audit/**/*.ts', may: ['server/src/audit', 'server/src/kernel', 'server/src/db', 'schema/src'] },
  { files: 'server/src/auth/**/*.ts', may: ['server/src/auth', 'server/src/kernel', 'server/src/db', 'schema/src'] },
  { files: 'server/src/gates/**/*.ts', may: ['server/src/gates', 'server/src/kernel', 'server/src/db', 'server/src/audit', 'schema/src'] },
  { files: 'server/src/http/**/*.ts', may: ['server/src/http', 'server/src/kernel', 'server/src/audit/personal-reads', 'schema/src'] },
  { files: 'server/src/kernel/**/*.ts', may: ['server/src/kernel', 'schema/src'] },
  { files: 'server/src/jobs/**/*.ts', may: ['server/src/jobs', 'server/src/kernel', 'server/src/db', 'server/src/audit', 'schema/src'] },
  // A witness shares nothing with the gateway that it watches: neither configuration nor database.
  { files: 'server/src/witness/**/*.ts', may: ['server/src/witness', 'server/src/transparency'] },
  {
    files: 'server/src/integrity/**/*.ts',
    may: [
      'server/src/integrity',
      'server/src/transparency',
      'server/src/audit',
      'server/src/kernel',
      'server/src/db',
      'server/src/jobs/schedules',
      'server/src/auth/sealed-secret',
      'server/src/start-refusal',
      'schema/src',
    ],
  },
  // Offline: no database, no network, no configuration.
  {
    files: 'server/src/verify/**/*.ts',
    may: ['server/src/verify', 'server/src/transparency', 'server/src/evidence/pack', 'server/src/evidence/ocsf', 'server/src/audit', 'schema/src/errors'],
    mayNot: [/^node:(http|https|net|child_process)$/, /^pg$/, /^kysely$/],
  },
  { files: 'server/src/**/*.ts', may: ['server/src', 'schema/src'] },
  { files: 'admin-ui/src/**/*.{ts,tsx}', may: ['admin-ui/src', 'schema/src/vocabulary', 'schema/generated', 'schema/src/errors'] },
];

/** Paths of ours that a file imports, from the project's root, without extension; and the packages. */
async function importsOf(path: string): Promise<{ own: readonly string[]; packages: readonly string[] }> {
  const source = await readFile(join(ROOT, path), 'utf8');
  const words = [...source.matchAll(/(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|import\('([^']+)'\)/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  const own = words.flatMap((word) => {
    if (word.startsWith('.')) return [relative(ROOT, resolve(ROOT, dirname(path), word))];
    const ours = /^@sallyport\/(schema|server|admin-ui)\/(.+)$/.exec(word);
    if (ours) return [ours[2]?.startsWith('generated/') ? `${ours[1]}/${ours[2]}` : `${ours[1]}/src/${ours[2]}`];
    return word === '@sallyport/schema' ? ['schema/src/index.ts'] : [];
  });
  return { own, packages: words.filter((word) => !word.startsWith('.') && !word.startsWith('@sallyport/')) };
}

async function filesOf(pattern: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of glob(pattern, { cwd: ROOT })) paths.push(path);
  return paths.sort();
}

describe('arrows run one way', () => {
  test.each(TABLE)('$files', async ({ files, may, mayNot = [] }) => {
    const wrong: string[] = [];
    for (const path of await filesOf(files)) {
      const { own, packages } = await importsOf(path);
      const isOrdinary = (target: string): boolean => may.some((prefix) => target.startsWith(`${prefix}/`) || target === `${prefix}.ts` || target === `${prefix}.tsx`);
      for (const target of own) if (!isOrdinary(target)) wrong.push(`${path} → ${target}`);
      for (const name of packages) if (mayNot.some((pattern) => pattern.test(name))) wrong.push(`${path} → ${name}`);
    }
    expect(wrong).toEqual([]);
  });
});

test('only config.ts reads the environment (and the launcher, whether npm runs it)', async () => {
  const readers: string[] = [];
  for (const pattern of ['schema/src/**/*.ts', 'server/src/**/*.{ts,mjs}', 'admin-ui/src/**/*.{ts,tsx}'])
    for (const path of await filesOf(pattern)) if (/process\.env|import\.meta\.env/.test(await readFile(join(ROOT, path), 'utf8'))) readers.push(path);
  expect(readers.toSorted()).toEqual(['server/src/cli/launch.mjs', 'server/src/config.ts']);
});
