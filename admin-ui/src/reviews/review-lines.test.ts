import { describe, expect, it } from 'vitest';
import type { GatewayRecord } from '../catalogue/documents.ts';
import { byHolder, KEEP, linesShown, lockOf, progressOf, REVOKE, useOf } from './review-lines.ts';
import { reportCsv, reportName, type ReviewReport } from './review-report.ts';

const offered = [KEEP, REVOKE].map((name) => ({ name, enabled: true, because: null, stepUp: 'NEVER' as const }));
const line = (id: string, holder: string, more: Record<string, unknown> = {}): GatewayRecord => ({
  id,
  state: 'OPEN',
  holderId: holder,
  holderName: holder.toUpperCase(),
  actions: offered,
  ...more,
});

describe('the lines of an access review', () => {
  it('counts what is kept by the guard as kept, and calls a review of nothing done', () => {
    const campaign = { id: 'r', items: 8, unanswered: 3, kept: 2, guarded: 1, revoked: 2 };
    expect(progressOf(campaign)).toEqual({ all: 8, answered: 5, kept: 3, revoked: 2, percent: 62 });
    expect(progressOf({ id: 'r', items: 0, unanswered: 0 })).toMatchObject({ all: 0, percent: 100 });
  });

  it('never shows a review as done while a line waits', () => {
    expect(progressOf({ id: 'r', items: 1000, unanswered: 1 }).percent).toBe(99);
  });

  it('groups by person in the order of names, and keeps two people of one name apart', () => {
    const grouped = byHolder([line('1', 'b'), line('2', 'a'), line('3', 'b'), line('4', 'c', { holderName: 'A' })]);
    expect(grouped.map(({ id, name, lines }) => [id, name, lines.map((item) => item.id)])).toEqual([
      ['a', 'A', ['2']],
      ['c', 'A', ['4']],
      ['b', 'B', ['1', '3']],
    ]);
  });

  it('locks what is answered, what is one’s own, and what the gateway offers no answer to (W2)', () => {
    expect(lockOf(line('1', 'a'), 'me')).toBeNull();
    expect(lockOf(line('1', 'a', { state: 'KEPT' }), 'me')).toBe('answered');
    expect(lockOf(line('1', 'me', { actions: [] }), 'me')).toBe('own');
    expect(lockOf(line('1', 'a', { actions: [] }), 'me')).toBe('notYours');
    // The gateway has the last word: where it offers an answer, the console hides none.
    expect(lockOf(line('1', 'me'), 'me')).toBeNull();
  });

  it('shows the unanswered, the answered, or all', () => {
    const lines = [line('1', 'a'), line('2', 'a', { state: 'REVOKED' })];
    expect([linesShown(lines, 'open'), linesShown(lines, 'answered'), linesShown(lines, 'all')].map((some) => some.map(({ id }) => id))).toEqual([['1'], ['2'], ['1', '2']]);
  });

  it('says how much of what is allowed was used, and nothing where that is not to be had', () => {
    expect(useOf(line('1', 'a', { usedPermissions: ['x'], unusedPermissions: ['y', 'z'] }))).toEqual({ used: 1, all: 3, never: ['y', 'z'] });
    expect(useOf(line('1', 'a'))).toEqual({ used: 0, all: 0, never: [] });
  });
});

describe('the result of an access review as a file', () => {
  const report: ReviewReport = {
    format: 'sallyport-access-review/1',
    campaign: { id: 'r', title: '=cmd() Fourth: quarter!', kind: 'grants', owner: 'Siti', createdAt: '', deadline: '', closedAt: null },
    correlationId: 'c',
    counts: {},
    policyVersions: [],
    events: [],
    items: [
      {
        id: '1',
        subjectType: 'grant',
        subjectId: 's',
        holderId: 'h',
        title: '=HYPERLINK("x")',
        lastUsedAt: null,
        usedPermissions: ['a', 'b'],
        unusedPermissions: [],
        decision: 'keep',
        decidedBy: 'Agus',
        decidedAt: 't',
        reason: 'Still, needed',
        outcome: 'kept',
        outcomeAt: 't',
      },
    ],
  };

  it('has a row for each line, and no cell that a spreadsheet would run (J06)', () => {
    const [header, row] = reportCsv(report).split('\r\n');
    expect(header).toBe('id,subjectType,subjectId,holderId,title,lastUsedAt,usedPermissions,unusedPermissions,decision,decidedBy,decidedAt,reason,outcome,outcomeAt');
    expect(row).toBe(`1,grant,s,h,"'=HYPERLINK(""x"")",,a b,,keep,Agus,t,"Still, needed",kept,t`);
  });

  it('is named by words of the title alone', () => {
    expect(reportName(report.campaign.title)).toBe('access-review-cmd-fourth-quarter');
    expect(reportName('../../etc/passwd')).toBe('access-review-etc-passwd');
  });
});
