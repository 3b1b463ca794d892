import { accessMatrix } from '@sallyport/schema/access-matrix.ts';
import { buildGatewaySchema } from '@sallyport/schema/index.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askersThroughGateway, sizeCheck } from '../../oracle/askers.ts';
import { addCoreRows } from '../../oracle/core-rows.ts';
import { dumpFixture } from '../../oracle/dump.ts';
import { describeReport, runHarness } from '../../oracle/harness.ts';
import { parseMatrix } from '../../oracle/matrix.ts';
import { readOwnRows } from '../../oracle/own-rows.ts';
import { planPeople } from '../../oracle/people.ts';
import type { TestGateway } from '../../helpers/gateway.ts';
import { describeWithChinook, servedModules, startChinookGateway } from './open-chinook.ts';

/** The long form: `node tests/oracle/run.ts --queries 2000 --modules <this folder>/index.ts`. */
const QUERIES = 60;

await describeWithChinook('the oracle of our own product, on a database that nobody here wrote', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startChinookGateway();
  });
  afterAll(() => gateway?.close());

  it(`${QUERIES} generated queries × 8 people: nothing unauthorised, nothing withheld (issue 2, figure 1; C01-C10)`, { timeout: 240_000 }, async () => {
    const schemas = buildGatewaySchema(servedModules);
    const before = await dumpFixture(gateway.database.owner, servedModules);
    const askers = await askersThroughGateway(gateway, schemas, planPeople((before.types['Customer'] ?? []).map(({ id }) => id)), { fast: 0, careful: 0 });
    const matrix = parseMatrix(accessMatrix(schemas.catalogue));
    const staffIds = askers.map(({ person }) => person.staffId ?? '');
    await addCoreRows(gateway.database.ownerPool, staffIds, [], ['access.elevation.approve', 'access.grant.approve']);
    const fixture = await dumpFixture(gateway.database.owner, servedModules);
    const own = await readOwnRows(
      gateway.database.owner,
      matrix,
      askers.map(({ person }) => person),
    );
    const report = await runHarness({ matrix, fixture: { ...fixture, own }, askers, queries: QUERIES, seed: 98, fits: sizeCheck(schemas.schema) });
    console.log(describeReport(report, askers.length));
    expect(report.counts).toEqual({ unauthorised: 0, withheld: 0, other: 0 });
  });
});
