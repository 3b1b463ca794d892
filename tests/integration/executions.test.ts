import { modules } from '@sallyport/schema/index.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExecutionMatrix } from '../harness/execution-matrix.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

test("H01 H23 each action that succeeds: exactly one event, its before and after are the rows', a preview and a repetition change nothing", { timeout: 300_000 }, async () => {
  const report = await runExecutionMatrix({ test: gateway, modules });
  console.log(`${report.executed} acts done, ${report.findings.length} findings`);
  expect(report).toMatchObject({ findings: [], missing: [] });
  expect(report.executed).toBeGreaterThanOrEqual(36);
});
