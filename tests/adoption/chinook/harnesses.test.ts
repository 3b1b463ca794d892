import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runExecutionMatrix } from '../../harness/execution-matrix.ts';
import { runRefusalMatrix } from '../../harness/refusal-matrix.ts';
import type { TestGateway } from '../../helpers/gateway.ts';
import { modules } from './index.ts';
import { describeWithChinook, servedModules, startChinookGateway } from './open-chinook.ts';

/** The gateway's own acts are tried on the demo product. */
const only = modules.flatMap(({ actions }) => actions.map(({ name }) => name));

await describeWithChinook('the harnesses of our own product, on a database that nobody here wrote', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startChinookGateway({
      // The shop sold one piece of each track, for good: some lines hold several, so that an act leaves its record open to another, and one is credited.
      prepare: async (owner) => {
        await sql`update chinook."InvoiceLine" set "Quantity" = 5 where "InvoiceLineId" between 2 and 40`.execute(owner);
        await sql`insert into chinook."InvoiceLine" select (select max("InvoiceLineId") + 1 from chinook."InvoiceLine"), "InvoiceId", "TrackId", "UnitPrice", -1 from chinook."InvoiceLine" where "InvoiceLineId" = 1`.execute(
          owner,
        );
        await sql`update chinook."Invoice" i set "Total" = (select sum("UnitPrice" * "Quantity") from chinook."InvoiceLine" l where l."InvoiceId" = i."InvoiceId")`.execute(owner);
      },
    });
  });
  afterAll(() => gateway?.close());

  it('each mutation × each refusal reason: exactly one event, not one changed row (H02)', { timeout: 180_000 }, async () => {
    const report = await runRefusalMatrix({ test: gateway, modules: servedModules, only });
    console.log(
      `${report.cases} refusals, ${report.findings.length} findings`,
      Object.fromEntries([...report.byAction].map(([name, counts]) => [name, Object.fromEntries(counts)])),
    );
    expect(report).toMatchObject({ findings: [], missing: [] });
  });

  it('each mutation that succeeds: exactly one event, and its before and after are the rows (H01, H23)', { timeout: 120_000 }, async () => {
    const report = await runExecutionMatrix({ test: gateway, modules: servedModules, only });
    expect(report).toMatchObject({ findings: [], missing: [] });
    expect(report.executed).toBeGreaterThanOrEqual(2);
  });
});
