import { parseRetentionStatement, printRetentionStatement } from '@sallyport/server/transparency/retention-statement.ts';
import { expect, test } from 'vitest';

const ORIGIN = 'log.example/production';
const statement = {
  origin: ORIGIN,
  classes: [
    { retention: 'act', minimumIndex: 120_512, prunedBefore: '2019-07', entries: 98_311 },
    { retention: 'reading', minimumIndex: 0, prunedBefore: '2024-12', entries: 0 },
  ],
};

test('H20 a statement of retention is printed one way and reads back', () => {
  const text = printRetentionStatement({ ...statement, classes: [...statement.classes].reverse() });
  expect(text).toBe('log.example/production/retention\nact 120512 2019-07 98311\nreading 0 2024-12 0\n');
  expect(parseRetentionStatement(text, ORIGIN)).toEqual(statement);
  expect(parseRetentionStatement(`${ORIGIN}/retention\n`, ORIGIN)).toEqual({ origin: ORIGIN, classes: [] });
});

test.each([
  ['another log', 'other.example/production/retention\nact 1 2019-07 5\n'],
  ['another kind of note', 'log.example/production/evidence\nact 1 2019-07 5\n'],
  ['a checkpoint', 'log.example/production\n12\nAAAA\n'],
  ['a class twice', `${ORIGIN}/retention\nact 1 2019-07 5\nact 9 2019-08 5\n`],
  ['classes out of order', `${ORIGIN}/retention\nreading 1 2019-07 5\nact 9 2019-08 5\n`],
  ['a month that is none', `${ORIGIN}/retention\nact 1 2019-13 5\n`],
  ['an index with a leading zero', `${ORIGIN}/retention\nact 01 2019-07 5\n`],
  ['a negative index', `${ORIGIN}/retention\nact -1 2019-07 5\n`],
  ['an index beyond exact numbers', `${ORIGIN}/retention\nact 9999999999999999 2019-07 5\n`],
  ['no line end', `${ORIGIN}/retention\nact 1 2019-07 5`],
  ['an empty line', `${ORIGIN}/retention\n\nact 1 2019-07 5\n`],
  ['something more on a line', `${ORIGIN}/retention\nact 1 2019-07 5 x\n`],
  ['no count', `${ORIGIN}/retention\nact 1 2019-07\n`],
  ['a count with a leading zero', `${ORIGIN}/retention\nact 1 2019-07 05\n`],
  ['a count beyond exact numbers', `${ORIGIN}/retention\nact 1 2019-07 9999999999999999\n`],
  ['nothing', ''],
])('H20 %s is no statement of this log', (_what, text) => {
  expect(() => parseRetentionStatement(text, ORIGIN)).toThrow();
});
