import { expect, it } from 'vitest';
import { judgeLog } from './judge-log.ts';
import type { LogState } from './log-state.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
const sound: LogState = {
  origin: 'log.example/audit',
  size: 100,
  root: 'x',
  unsealed: 0,
  oldestUnsealedSeconds: null,
  checkpointSize: 100,
  checkpointAt: ago(4000),
  checkpointsToday: 9,
  witnessedSize: 100,
  witnessedAt: ago(4000),
  standing: 'sound',
  unanswered: [],
  seenPlace: null,
  seenSize: null,
  keys: [],
  witnesses: [{ name: 'w1', verifier: 'w1+00000000+AAAA', lastSize: 100, lastAt: ago(20), failures: 0 }],
  clock: { differenceSeconds: 0.02, jumps: 0, lastJumpAt: null, lastJumpSeconds: null, lastJumpIndex: null },
  store: { level: 'roomy', usedBytes: 1e8, capacityBytes: 1e11 },
  anchors: [{ name: 'w1', kind: 'witness', lastSize: 100, lastAt: ago(20), failingSince: null, problem: null }],
  streams: [],
};
const stream = {
  name: 's',
  kind: 'http',
  destination: 'siem.example',
  format: 'ocsf',
  nextIndex: 100,
  behindEvents: 0,
  behindSeconds: 0,
  lastDeliveredAt: null,
  failingSince: null,
  problem: null,
  served: true,
};
const judge = (change: Partial<LogState>, verification: string | null = 'INTACT') => {
  const { tone, problems } = judgeLog({ ...sound, ...change }, verification, NOW);
  return [tone, ...problems.map(({ problem }) => problem)];
};

it('is calm where everything is sealed, signed and witnessed, however long ago the last event was (L2, L9)', () => {
  expect(judge({})).toEqual(['good']);
  expect(judge({ unsealed: 3, oldestUnsealedSeconds: 0.4, size: 103, checkpointAt: ago(2) })).toEqual(['good']);
});

it.each<[string, Partial<LogState>, string | null, readonly string[]]>([
  ['others have seen more', { standing: 'behind' }, null, ['bad', 'behind']],
  ['others have seen another history', { standing: 'fork' }, null, ['bad', 'fork']],
  ['others have seen more, so that nothing is signed', { standing: 'behind', size: 140, checkpointAt: ago(500), witnessedSize: 90 }, null, ['bad', 'behind']],
  ['no witness has answered since the start', { standing: 'unknown', unanswered: ['witness'] }, null, ['bad', 'unknown']],
  ['a witness objects and is silent', { standing: 'doubted' }, null, ['warning', 'doubted']],
  ['the store is full (H21)', { store: { level: 'full', usedBytes: 10, capacityBytes: 10 } }, null, ['bad', 'storeFull']],
  ['the store fills up (H21)', { store: { level: 'filling', usedBytes: 8, capacityBytes: 10 } }, null, ['warning', 'storeFilling']],
  ['the clocks differ (H19)', { clock: { ...sound.clock, differenceSeconds: -7 } }, null, ['warning', 'clockDiffers']],
  ['a clock jumped (H19)', { clock: { ...sound.clock, jumps: 1, lastJumpAt: ago(60), lastJumpSeconds: -3600, lastJumpIndex: 7 } }, null, ['warning', 'clockJumped']],
  ['its own witness ends again and again', { witnesses: [{ name: 'w1', verifier: 'w1+0+A', lastSize: 1, lastAt: null, failures: 3 }] }, null, ['warning', 'witnessEnds']],
  ['a whole verification found damage', {}, 'DAMAGED', ['bad', 'damaged']],
  ['events wait to be sealed', { unsealed: 40, oldestUnsealedSeconds: 31 }, null, ['bad', 'sealingSlow']],
  ['sealed events wait for a signature', { size: 101, checkpointAt: ago(61) }, null, ['bad', 'signingSlow']],
  ['nothing was ever signed', { checkpointSize: null, checkpointAt: null, witnessedSize: null, witnessedAt: null }, null, ['bad', 'nothingSigned']],
  ['no witness is set up', { anchors: [] }, null, ['warning', 'noWitness']],
  ['the witness lags', { witnessedSize: 90, witnessedAt: ago(181) }, null, ['warning', 'witnessSlow']],
  [
    'the witness fails',
    { anchors: [{ name: 'w1', kind: 'witness', lastSize: 1, lastAt: null, failingSince: ago(9), problem: 'HTTP_503' }], witnessedSize: 1, witnessedAt: ago(900) },
    null,
    ['warning', 'anchorFailing'],
  ],
  ['a receiver fails', { streams: [{ ...stream, failingSince: ago(9), problem: 'HTTP_503' }] }, null, ['warning', 'streamFailing']],
  ['a receiver lags', { streams: [{ ...stream, behindEvents: 5, behindSeconds: 301 }] }, null, ['warning', 'streamSlow']],
  ['nobody serves a receiver', { streams: [{ ...stream, served: false }] }, null, ['warning', 'streamUnserved']],
])('says so where %s', (_what, change, verification, expected) => {
  expect(judge(change, verification)).toEqual(expected);
});

it('takes the gravest of several for the whole', () => {
  expect(judge({ standing: 'fork', anchors: [] }, 'DAMAGED')).toEqual(['bad', 'fork', 'damaged', 'noWitness']);
});
