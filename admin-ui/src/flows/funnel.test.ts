import { expect, it } from 'vitest';
import type { FlowFigures } from './flows.ts';
import { abandoned, decided, funnelOf, worstOf } from './funnel.ts';

const NOTHING: FlowFigures = {
  action: 'adjustCredit',
  tries: 0,
  executed: 0,
  refused: 0,
  failed: 0,
  emergencies: 0,
  refusals: [],
  codesAsked: 0,
  codesAccepted: 0,
  codesRefused: 0,
  codesMissing: 0,
  codesOpen: 0,
  codesUnused: 0,
  medianSecondsToCode: null,
  p95SecondsToCode: null,
  requestsFiled: 0,
  requestsExecuted: 0,
  requestsDenied: 0,
  requestsWithdrawn: 0,
  requestsExpired: 0,
  requestsStale: 0,
  requestsFailed: 0,
  requestsWaiting: 0,
  medianSecondsToDecision: null,
  p95SecondsToDecision: null,
};
const SOME: FlowFigures = {
  ...NOTHING,
  tries: 20,
  executed: 9,
  refused: 3,
  codesAsked: 12,
  codesAccepted: 8,
  codesMissing: 3,
  codesRefused: 1,
  codesUnused: 1,
  medianSecondsToCode: 14,
  p95SecondsToCode: 40,
  requestsFiled: 5,
  requestsExecuted: 2,
  requestsDenied: 1,
  requestsWaiting: 2,
  medianSecondsToDecision: 600,
  p95SecondsToDecision: 900,
};

it('C7 leads from the first click to the end, with where people leave and how long each stage takes', () => {
  const stages = funnelOf(SOME, { code: true, approval: true });
  expect(stages.map(({ stage, count }) => [stage, count])).toEqual([
    ['tried', 20],
    ['asked', 12],
    ['given', 8],
    ['filed', 5],
    ['decided', 3],
    ['executed', 9],
  ]);
  expect(stages.flatMap(({ left }) => left).map(({ why, count }) => `${why} ${count}`)).toEqual(['refused 3', 'missing 3', 'wrong 1', 'unused 1', 'waiting 2', 'denied 1']);
  expect(stages.map(({ median, p95 }) => [median, p95]).filter(([median]) => median !== null)).toEqual([
    [14, 40],
    [600, 900],
  ]);
  expect([abandoned(SOME), decided(SOME)]).toEqual([5, 3]);
});

it('C7 leaves out what an act never asks for, and shows it where it was asked all the same', () => {
  expect(funnelOf(NOTHING, { code: false, approval: false }).map(({ stage }) => stage)).toEqual(['tried', 'executed']);
  expect(funnelOf(NOTHING, { code: true, approval: false }).map(({ stage }) => stage)).toEqual(['tried', 'asked', 'given', 'executed']);
  expect(funnelOf({ ...NOTHING, requestsFiled: 1 }, { code: false, approval: false }).map(({ stage }) => stage)).toEqual(['tried', 'filed', 'decided', 'executed']);
});

it('C7 names where most give up; what merely waits is no giving up', () => {
  const worst = (row: Partial<FlowFigures>) => worstOf(funnelOf({ ...NOTHING, ...row }, { code: true, approval: true }));
  expect(worst({ codesMissing: 3, requestsWaiting: 9, requestsDenied: 2 })).toEqual({ stage: 'asked', why: 'missing', count: 3 });
  expect(worst({ requestsWaiting: 9, codesOpen: 2 })).toBeNull();
});
