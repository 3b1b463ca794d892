import { readdir, readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { accessMatrix } from '@sallyport/schema/access-matrix.ts';
import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import { loadModules } from '@sallyport/server/cli/load-modules.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts';
import { askersOfSchema, askersThroughGateway, type PathCount, sizeCheck } from '../oracle/askers.ts';
import { addCoreRows } from '../oracle/core-rows.ts';
import { dumpFixture } from '../oracle/dump.ts';
import type { Fixture } from '../oracle/fixture.ts';
import { FAULTS, loadFaultyCopy } from '../oracle/faults.ts';
import { type Asker, describeReport, runHarness } from '../oracle/harness.ts';
import { type Matrix, parseMatrix } from '../oracle/matrix.ts';
import { readOwnRows } from '../oracle/own-rows.ts';
import { planPeople } from '../oracle/people.ts';

/** `tests/oracle/run.ts` sets these for the long form. */
const QUERIES = Number(process.env['ORACLE_QUERIES'] ?? 150);
const SEED = Number(process.env['ORACLE_SEED'] ?? 2026);
const MODULES = process.env['ORACLE_MODULES'];

let gateway: TestGateway;
let matrix: Matrix;
let fixture: Fixture;
let askers: readonly Asker[];
const paths: PathCount = { fast: 0, careful: 0 };
const modules = await loadModules(MODULES ? pathToFileURL(MODULES) : null);
const schemas = buildGatewaySchema(modules);
const fits = sizeCheck(schemas.schema);

beforeAll(async () => {
  gateway = await startTestGateway({ modules, tenants: 20 });
  // Of other modules than ours no matrix is kept in a file.
  const text = MODULES ? accessMatrix(schemas.catalogue) : await readFile(new URL('../../schema/generated/access-matrix.md', import.meta.url), 'utf8');
  matrix = parseMatrix(text);
  const before = await dumpFixture(gateway.database.owner, modules);
  const tenants = [...matrix.records.values()].find((record) => record.tenant === 'is the tenant')?.type ?? '';
  const people = planPeople((before.types[tenants] ?? []).map((row) => row.id));
  askers = await askersThroughGateway(gateway, schemas, people, paths);
  const asking = askers.map(({ person }) => person);
  const approvers = [...matrix.permissions.keys()].filter((name) => name.endsWith('.approve'));
  await addCoreRows(
    gateway.database.ownerPool,
    asking.map(({ staffId = '' }) => staffId),
    people.flatMap(({ grants }) => grants.flatMap(({ tenantIds }) => tenantIds)),
    approvers,
  );
  const own = await readOwnRows(gateway.database.owner, matrix, asking);
  // What this leaves on the log is part of the fixture: events of several people and tenants.
  await runHarness({ matrix, fixture: { ...(await dumpFixture(gateway.database.owner, modules)), own }, askers, queries: 20, seed: SEED + 1, fits });
  fixture = { ...(await dumpFixture(gateway.database.owner, modules)), own };
});
afterAll(() => gateway.close());

/** The only parts that touch the project: they read the fixture, ask the questions and break a copy. */
const TOUCHES_THE_PROJECT = new Set(['askers.ts', 'core-rows.ts', 'dump.ts', 'faults.ts', 'own-rows.ts', 'people.ts', 'run.ts']);

test('oracle, generator and comparison import nothing but each other', async () => {
  const folder = new URL('../oracle/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !TOUCHES_THE_PROJECT.has(name));
  expect(files.length).toBeGreaterThan(8);
  for (const name of files) {
    const imports = [...(await readFile(new URL(name, folder), 'utf8')).matchAll(/from '([^']+)'/g)].map((found) => found[1] ?? '');
    for (const imported of imports)
      expect(
        files.map((file) => `./${file}`),
        name,
      ).toContain(imported);
  }
});

describe('the harness notices what it is there to notice', () => {
  const people = () => askers.map((asker) => asker.person);

  test('a copy without a fault shows no difference', { timeout: 60_000 }, async () => {
    const build = await loadFaultyCopy([]);
    const report = await runHarness({ matrix, fixture, askers: askersOfSchema(gateway.database.app, build(modules), people()), queries: 60, seed: SEED, fits });
    expect(report.counts, describeReport(report, 8)).toEqual({ unauthorised: 0, withheld: 0, other: 0 });
  });

  test.each(FAULTS)('seeded in a copy: $name', { timeout: 180_000 }, async ({ name, kind, patches }) => {
    const build = await loadFaultyCopy(patches);
    const report = await runHarness({
      matrix,
      fixture,
      askers: askersOfSchema(gateway.database.app, build(modules), people()),
      queries: 2_000,
      seed: SEED,
      fits,
      untilFound: kind,
    });
    const first = report.findings.find((finding) => finding.kind === kind);
    console.log(
      `${name}: ${first ? `found by query ${report.queries}: ${first.kind} ${first.path}, expected ${first.expected}, answered ${first.answered.slice(0, 80)}` : 'not found'}`,
    );
    expect(report.counts[kind]).toBeGreaterThan(0);
  });
});

describe('every read is answered as the access matrix says (issue 2, figure 1; C01-C10, C14, C17)', () => {
  test(`${QUERIES} generated queries × 8 people: nothing unauthorised, nothing withheld, by the fast and the careful path`, { timeout: 60_000 + QUERIES * 2_000 }, async () => {
    const report = await runHarness({ matrix, fixture, askers, queries: QUERIES, seed: SEED, fits });
    console.log(`${describeReport(report, askers.length)}\nfast path ${paths.fast}, careful path ${paths.careful}`);
    expect(report.counts).toEqual({ unauthorised: 0, withheld: 0, other: 0 });
    // A run that never came to these would prove little.
    for (const what of ['FORBIDDEN', 'NOT_FOUND', 'BAD_INPUT', 'continued', 'lent cursors']) expect(report.met[what], what).toBeGreaterThan(0);
    expect(Math.min(paths.fast, paths.careful)).toBeGreaterThan(0);
  });
});
