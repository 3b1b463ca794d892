import { modules } from '@sallyport/schema/index.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MatrixReport, runRefusalMatrix } from '../harness/refusal-matrix.ts';
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts';

let gateway: TestGateway;
let report: MatrixReport;
beforeAll(async () => {
  gateway = await startTestGateway();
  report = await runRefusalMatrix({ test: gateway, modules });
}, 900_000); // forty seconds on an idle machine
afterAll(() => gateway.close());

test('H02 Inv2 each mutation × each refusal reason: exactly one event with the reason, not one changed row', () => {
  console.log(`${report.cases} refusals, ${report.findings.length} findings`);
  expect(report.findings).toEqual([]);
});

test('H02 every action of the catalogue came to every reason that its declaration has', () => {
  expect(report.missing).toEqual([]);
});
