import { useQuery } from '@tanstack/react-query';
import type { ConsoleModel } from '../catalogue/console-model.ts';
import { gatewayNow, sendDocument } from '../gateway/send-request.ts';

/** Permission to see how flows go, by its name in the catalogue. */
export const FLOWING = 'audit.flow.read';

/** How one act went, or all of them; what each figure counts stands in the gateway's schema. */
export interface FlowFigures {
  readonly action: string | null;
  readonly tries: number;
  readonly executed: number;
  readonly refused: number;
  readonly failed: number;
  readonly emergencies: number;
  readonly refusals: readonly { readonly code: string; readonly count: number }[];
  readonly codesAsked: number;
  readonly codesAccepted: number;
  readonly codesRefused: number;
  readonly codesMissing: number;
  readonly codesOpen: number;
  readonly codesUnused: number;
  readonly medianSecondsToCode: number | null;
  readonly p95SecondsToCode: number | null;
  readonly requestsFiled: number;
  readonly requestsExecuted: number;
  readonly requestsDenied: number;
  readonly requestsWithdrawn: number;
  readonly requestsExpired: number;
  readonly requestsStale: number;
  readonly requestsFailed: number;
  readonly requestsWaiting: number;
  readonly medianSecondsToDecision: number | null;
  readonly p95SecondsToDecision: number | null;
}

/** What came of the tries of one day, UTC. */
export interface FlowDay {
  readonly day: string;
  readonly tries: number;
  readonly executed: number;
  readonly refused: number;
  readonly abandoned: number;
  readonly notApproved: number;
  readonly waiting: number;
}

export interface Flows {
  readonly from: string;
  readonly to: string;
  readonly waitingNow: number;
  readonly oldestWaitingSeconds: number | null;
  readonly total: FlowFigures;
  readonly actions: readonly FlowFigures[];
  readonly days: readonly FlowDay[];
}

const FIGURES = `action tries executed refused failed emergencies refusals { code count }
    codesAsked codesAccepted codesRefused codesMissing codesOpen codesUnused medianSecondsToCode p95SecondsToCode
    requestsFiled requestsExecuted requestsDenied requestsWithdrawn requestsExpired requestsStale requestsFailed requestsWaiting medianSecondsToDecision p95SecondsToDecision`;

const QUERY = `query Flows($from: DateTime, $tenantId: ID) {
  flows(from: $from, tenantId: $tenantId) {
    from to waitingNow oldestWaitingSeconds
    total { ${FIGURES} }
    actions { ${FIGURES} }
    days { day tries executed refused abandoned notApproved waiting }
  }
}`;

/** Lengths on offer, in days; the gateway takes at most 92. */
export const LENGTHS = [7, 30, 90] as const;
export type Length = (typeof LENGTHS)[number];
const USUAL: Length = 30;
const DAY = 86_400_000;

/** What an address asks for. */
export interface Asked {
  readonly days: Length;
  readonly tenantId: string;
}

export const askedFrom = (search: URLSearchParams): Asked => ({
  days: LENGTHS.find((length) => String(length) === search.get('days')) ?? USUAL,
  tenantId: search.get('tenantId')?.trim() ?? '',
});

/** Asks once for each choice: reading figures is an event. */
export const useFlows = ({ days, tenantId }: Asked, enabled: boolean) =>
  useQuery({
    queryKey: ['flows', days, tenantId],
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const from = new Date(gatewayNow() - days * DAY).toISOString();
      return (await sendDocument<{ flows: Flows }>(QUERY, { from, tenantId: tenantId === '' ? null : tenantId }, { signal })).data.flows;
    },
  });

/** The list of events behind a figure; null where this viewer may not read events. */
export function eventsPath(model: ConsoleModel, flows: Pick<Flows, 'from' | 'to'>, { tenantId }: Pick<Asked, 'tenantId'>, action: string, reasonCode?: string): string | null {
  const log = model.resource('auditEvent');
  if (!log || !model.holds(log.permission)) return null;
  const filter = {
    action: { eq: action },
    ...(reasonCode === undefined ? {} : { reasonCode: { eq: reasonCode } }),
    ...(tenantId === '' ? {} : { tenantId: { eq: tenantId } }),
    time: { gte: flows.from, lt: flows.to },
  };
  return `/${log.plural}?filter=${encodeURIComponent(JSON.stringify(filter))}`;
}
