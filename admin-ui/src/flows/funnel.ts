import type { FlowFigures } from './flows.ts';

/** Where a try is on its way, in order. */
export type Stage = 'tried' | 'asked' | 'given' | 'filed' | 'decided' | 'executed';

/** Why tries ended at a stage, or wait there. */
export type Leaving = 'refused' | 'failed' | 'missing' | 'wrong' | 'open' | 'unused' | 'withdrawn' | 'expired' | 'waiting' | 'denied' | 'stale' | 'broken';

export interface FunnelStage {
  readonly stage: Stage;
  readonly count: number;
  readonly left: readonly { readonly why: Leaving; readonly count: number }[];
  /** Seconds that the stage took; null where nobody came to its end. */
  readonly median: number | null;
  readonly p95: number | null;
}

/** Given up where a code was asked for. */
export const abandoned = ({ codesMissing, codesRefused, codesUnused }: FlowFigures): number => codesMissing + codesRefused + codesUnused;

export const decided = ({ requestsExecuted, requestsDenied, requestsStale, requestsFailed }: FlowFigures): number =>
  requestsExecuted + requestsDenied + requestsStale + requestsFailed;

/**
 * The way of an act from the first click to its end. Stages that it never came to, and by its declaration never can, are left out.
 * @param can what the act may ask for.
 */
export function funnelOf(row: FlowFigures, can: { readonly code: boolean; readonly approval: boolean }): readonly FunnelStage[] {
  const asksCode = can.code || row.codesAsked > 0;
  const asksPerson = can.approval || row.requestsFiled > 0;
  const at = (stage: Stage, count: number, left: Partial<Record<Leaving, number>>, median: number | null = null, p95: number | null = null): FunnelStage => ({
    stage,
    count,
    left: Object.entries(left).flatMap(([why, number]) => (number > 0 ? [{ why: why as Leaving, count: number }] : [])),
    median,
    p95,
  });
  return [
    at('tried', row.tries, { refused: row.refused, failed: row.failed }),
    ...(asksCode
      ? [
          at('asked', row.codesAsked, { missing: row.codesMissing, wrong: row.codesRefused, open: row.codesOpen }),
          at('given', row.codesAccepted, { unused: row.codesUnused }, row.medianSecondsToCode, row.p95SecondsToCode),
        ]
      : []),
    ...(asksPerson
      ? [
          at('filed', row.requestsFiled, { withdrawn: row.requestsWithdrawn, expired: row.requestsExpired, waiting: row.requestsWaiting }),
          at('decided', decided(row), { denied: row.requestsDenied, stale: row.requestsStale, broken: row.requestsFailed }, row.medianSecondsToDecision, row.p95SecondsToDecision),
        ]
      : []),
    at('executed', row.executed, {}),
  ];
}

/** The stage at which most tries end, and what most of them end with; null where none did. */
export function worstOf(stages: readonly FunnelStage[]): { readonly stage: Stage; readonly why: Leaving; readonly count: number } | null {
  const ends = stages.flatMap(({ stage, left }) => left.filter(({ why }) => why !== 'open' && why !== 'waiting').map(({ why, count }) => ({ stage, why, count })));
  return ends.toSorted((one, other) => other.count - one.count)[0] ?? null;
}
