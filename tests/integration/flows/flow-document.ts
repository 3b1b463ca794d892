import type { FlowDay, FlowFigures } from '@sallyport/schema/modules/flows/flow-figures.ts';

const FIGURES = `action tries executed refused failed emergencies refusals { code count }
  codesAsked codesAccepted codesRefused codesMissing codesOpen codesUnused medianSecondsToCode p95SecondsToCode
  requestsFiled requestsApproved requestsExecuted requestsDenied requestsWithdrawn requestsExpired requestsStale requestsFailed requestsWaiting
  shareExecuted medianSecondsToDecision p95SecondsToDecision`;

/** Everything that can be asked of flows. */
export const FLOWS = `query ($from: DateTime, $to: DateTime, $tenantId: ID) {
  flows(from: $from, to: $to, tenantId: $tenantId) {
    from to waitingNow oldestWaitingSeconds total { ${FIGURES} } actions { ${FIGURES} } days { day tries executed refused abandoned notApproved waiting } } }`;

export interface FlowRow extends FlowFigures {
  readonly requestsApproved: number;
  readonly shareExecuted: number | null;
}

export interface AnsweredFlows {
  readonly from: string;
  readonly to: string;
  readonly waitingNow: number;
  readonly oldestWaitingSeconds: number | null;
  readonly total: FlowRow;
  readonly actions: readonly FlowRow[];
  readonly days: readonly FlowDay[];
}
