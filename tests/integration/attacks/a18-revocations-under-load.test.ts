import { expect, inject, test } from 'vitest';
import { KINDS } from '../../harness/revocation/kinds.ts';
import { runRevocationScenario } from '../../harness/revocation/scenario.ts';

// The short form. `node tests/harness/revocation/run.ts --revocations 1000` is the full one; its figures stand in tests/harness/README.md.
const { adminUrl, template } = inject('database');
/** Milliseconds within which an open stream has to hear of it (Inv12). */
const BOUND_MS = 5_000;

test('A04 A05 A18 E16 G06 Inv12 access taken away in every way, under load at two gateways: nothing that begins afterwards succeeds, streams hear of it', {
  timeout: 300_000,
}, async () => {
  const report = await runRevocationScenario({ adminUrl, template, revocations: KINDS.length * 2 });
  expect(report).toMatchObject({ revocations: KINDS.length * 2, successesAfter: 0, deaf: 0, unexpected: [] });
  expect(Math.max(report.ended.max, report.told.max)).toBeLessThan(BOUND_MS);
  // A kind whose victims were never let in, or never asked again, would prove nothing.
  for (const { kind, letIn, begunAfter } of report.kinds) expect([letIn > 0, begunAfter > 0], kind).toEqual([true, true]);
});

test('A18 found: a gateway that remembers for a second who is behind a session', { timeout: 300_000 }, async () => {
  const fault = new URL('../../harness/faults/remembered-viewer.ts', import.meta.url);
  const { successesAfter } = await runRevocationScenario({ adminUrl, template, revocations: 4, only: ['session ended', 'elevation run out'], fault });
  expect(successesAfter).toBeGreaterThan(0);
});

test('Inv12 found: a gateway whose open streams are not read again', { timeout: 300_000 }, async () => {
  const fault = new URL('../../harness/faults/deaf-streams.ts', import.meta.url);
  const { deaf } = await runRevocationScenario({ adminUrl, template, revocations: 2, only: ['session ended', 'elevation run out'], fault, streamPatienceMs: 3_000 });
  expect(deaf).toBeGreaterThan(0);
});
