import { expect, it } from 'vitest';
import { type Answers, askedFrom, isTooLong, lastDays, toSearch } from './answers.ts';
import { answersCsv, fileName } from './answers-file.ts';

const both = (text: string) => ({ en: text, id: `${text} (id)` });
const MADE: Answers = {
  origin: 'gateway.example/audit',
  environment: 'production',
  policyVersion: 'a'.repeat(64),
  tenantId: '../t"7',
  from: '2026-08-23T00:00:00.000000Z',
  to: '2026-11-21T00:00:00.000000Z',
  madeAt: '2026-11-21T00:00:00.000000Z',
  events: 3,
  prunedClasses: [],
  claim: both('No claim.'),
  referenced: 'CSA Cloud Controls Matrix 4.0',
  answers: [
    {
      id: 'fresh-code',
      topic: 'AUTHENTICATION',
      topicWords: both('Signing in'),
      question: both('Is it so?'),
      answer: both('=HYPERLINK("x") 3 of 4, partly'),
      verdict: 'PARTLY',
      verdictWords: both('Partly'),
      basisWords: both('the rules'),
      figures: [
        { name: 'privileged', label: both('Acts'), value: '4', unit: 'COUNT' },
        { name: 'longest', label: both('Longest'), value: '1.5', unit: 'HOURS' },
      ],
      references: ['IAM-14'],
      controls: [{ id: 'IA-11', framework: 'NIST SP 800-53 Rev. 5', title: both('Again') }],
      evidence: { control: 'IA-11', tenantId: null, from: '2026-08-23T00:00:00.000000Z', to: '2026-11-21T00:00:00.000000Z' },
    },
  ],
  markdown: both('# Answers'),
};

it('says in the first line of the CSV what the answers are and are not, of what gateway and period, and when they were made (C6)', () => {
  const [first, header, line, ...rest] = answersCsv(MADE, 'en').split('\r\n');
  expect(first).toContain('No claim.,gateway.example/audit,production');
  expect(first).toContain('2026-08-23T00:00:00.000000Z – 2026-11-21T00:00:00.000000Z');
  expect(header).toBe('id,topic,question,verdict,answer,figures,basis,references,controls');
  expect(line).toContain('privileged: 4; longest: 1.5 HOURS');
  expect(line).toContain('CSA Cloud Controls Matrix 4.0 IAM-14');
  expect(rest).toEqual(['']);
  expect(answersCsv(MADE, 'id')).toContain('Partly (id)');
});

it('takes a cell the power to be a formula (J06)', () => {
  expect(answersCsv(MADE, 'en')).toContain(`"'=HYPERLINK(""x"") 3 of 4, partly"`);
});

it('names its file by tenant and period, with nothing of a path in it', () => {
  expect(fileName(MADE, 'csv')).toBe('security-answers-___t_7-2026-08-23-2026-11-21.csv');
  expect(fileName({ ...MADE, tenantId: null }, 'md')).toBe('security-answers-all-2026-08-23-2026-11-21.md');
});

it('keeps what is asked in the address, and asks nothing without a period', () => {
  const asked = { tenantId: 't-1', ...lastDays(90, Date.UTC(2026, 10, 21)) };
  expect(askedFrom(toSearch(asked))).toEqual(asked);
  expect(askedFrom(new URLSearchParams('tenantId=t-1'))).toBeNull();
  expect(isTooLong(lastDays(366, 0)) || !isTooLong(lastDays(367, 0))).toBe(false);
});
