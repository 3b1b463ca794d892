import { expect, inject, test } from 'vitest';
import { runApprovalRace } from '../../harness/approval-race/scenario.ts';

// The short form. `node tests/harness/approval-race/run.ts` is the full one; its figures stand in tests/harness/README.md.
const { adminUrl, template } = inject('database');
const fault = (name: string): URL => new URL(`../../harness/faults/${name}.ts`, import.meta.url);
const NONE = {
  notExactlyOnce: 0,
  eventsAstray: 0,
  selfApprovals: 0,
  shortOfQuorum: 0,
  executedThoughDenied: 0,
  executedLate: 0,
  acknowledgedButNot: 0,
  afterRevocation: 0,
  stuck: 0,
};

test('D11 D03 D04 D07 D08 D09 D12 requests under racing decisions, revocations and kill -9 over two gateways: executed exactly once or not at all', {
  timeout: 300_000,
}, async () => {
  const report = await runApprovalRace({ adminUrl, template, requests: 66, kills: 2 });
  expect(report).toMatchObject({ kills: 2, faults: [], discrepancies: NONE });
  expect(report.endings['executed']).toBeGreaterThan(0);
  expect(Object.keys(report.endings)).not.toContain('pending');
});

test('D12 found: a gateway that counts accounts, not people', { timeout: 300_000 }, async () => {
  const { discrepancies } = await runApprovalRace({
    adminUrl,
    template,
    requests: 4,
    kills: 0,
    races: ['two of two, where two are one person'],
    fault: fault('approvals-count-accounts'),
  });
  expect(discrepancies.shortOfQuorum).toBeGreaterThan(0);
});

test('D09 found: a gateway that does not look whether a request was still its to end', { timeout: 300_000 }, async () => {
  const { discrepancies } = await runApprovalRace({
    adminUrl,
    template,
    requests: 6,
    kills: 0,
    races: ['approve held up until its time is over'],
    fault: fault('ending-not-looked-at'),
  });
  expect(discrepancies.notExactlyOnce).toBeGreaterThan(0);
});
