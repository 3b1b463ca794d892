/** How often acts were turned away with a code of the closed set. */
export interface FlowRefusal {
  readonly code: string;
  readonly count: number;
}

/** How one act went, or all of them: counts of tries, and of what was asked on the way. Names nobody. */
export interface FlowFigures {
  /** Null where it tells of all acts together. */
  readonly action: string | null;
  readonly tries: number;
  readonly executed: number;
  readonly refused: number;
  readonly failed: number;
  readonly emergencies: number;
  readonly refusals: readonly FlowRefusal[];
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

/** What came of the tries that were made on one day, UTC. */
export interface FlowDay {
  readonly day: string;
  readonly tries: number;
  readonly executed: number;
  /** Refused, or failed for a fault of the gateway. */
  readonly refused: number;
  /** Nobody gave the code that was asked for, a wrong one alone, or went on with it. */
  readonly abandoned: number;
  /** Somebody else said no, or nobody decided in time, or what was asked for had changed. */
  readonly notApproved: number;
  /** For a code or for a second person, still. */
  readonly waiting: number;
}

export interface FlowTable {
  readonly actions: readonly FlowFigures[];
  readonly total: FlowFigures;
  readonly days: readonly FlowDay[];
}

/** Requests that wait for a second person at this moment, whenever they were filed. */
export interface WaitingRequests {
  readonly count: number;
  readonly oldestSeconds: number | null;
}
