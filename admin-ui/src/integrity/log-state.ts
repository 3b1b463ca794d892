import { useQuery } from '@tanstack/react-query';
import { useModel } from '../catalogue/console-context.tsx';
import { sendDocument } from '../gateway/send-request.ts';
import { useEveryWhileHere } from '../live/while-here.ts';

/** Permission to see how the log fares, by its name in the catalogue. */
export const READ_INTEGRITY = 'log.integrity.read';
export const VERIFICATION = 'logVerification';
export const GAP = 'logGap';
export const VERIFY = 'verifyLog';
export const ACKNOWLEDGE = 'acknowledgeLogGap';

export interface LogAnchor {
  readonly name: string;
  /** `witness`, `file`, `webhook`. */
  readonly kind: string;
  readonly lastSize: number | null;
  readonly lastAt: string | null;
  readonly failingSince: string | null;
  readonly problem: string | null;
}

export interface LogStream {
  readonly name: string;
  readonly kind: string;
  readonly destination: string;
  readonly format: string;
  readonly nextIndex: number;
  readonly behindEvents: number;
  readonly behindSeconds: number;
  readonly lastDeliveredAt: string | null;
  readonly failingSince: string | null;
  readonly problem: string | null;
  readonly served: boolean;
}

export interface LogKey {
  readonly verifier: string;
  readonly sinceSize: number;
  readonly lastSize: number | null;
  readonly madeAt: string;
}

export interface LogWitness {
  readonly name: string;
  readonly verifier: string;
  readonly lastSize: number | null;
  readonly lastAt: string | null;
  /** How often in a row one that the gateway runs itself has ended. */
  readonly failures: number | null;
}

export interface LogClock {
  readonly differenceSeconds: number | null;
  /** In 24 hours. */
  readonly jumps: number;
  readonly lastJumpAt: string | null;
  readonly lastJumpSeconds: number | null;
  readonly lastJumpIndex: number | null;
}

export interface LogStore {
  /** `roomy`, `filling`, `full`. */
  readonly level: string;
  readonly usedBytes: number;
  readonly capacityBytes: number;
}

/** The log as the gateway sees it at this moment. */
export interface LogState {
  readonly origin: string | null;
  readonly size: number;
  readonly root: string | null;
  readonly unsealed: number;
  readonly oldestUnsealedSeconds: number | null;
  readonly checkpointSize: number | null;
  readonly checkpointAt: string | null;
  readonly checkpointsToday: number;
  readonly witnessedSize: number | null;
  readonly witnessedAt: string | null;
  /** `sound`, `unknown`, `doubted`, `behind`, `fork`. */
  readonly standing: string;
  /** Kinds of anchors. */
  readonly unanswered: readonly string[];
  readonly seenPlace: string | null;
  readonly seenSize: number | null;
  readonly keys: readonly LogKey[];
  readonly witnesses: readonly LogWitness[];
  readonly clock: LogClock;
  readonly store: LogStore | null;
  readonly anchors: readonly LogAnchor[];
  readonly streams: readonly LogStream[];
}

const STATE_QUERY = `query LogState {
  log: logIntegrity {
    origin size root unsealed oldestUnsealedSeconds checkpointSize checkpointAt checkpointsToday witnessedSize witnessedAt standing unanswered seenPlace seenSize
    keys { verifier sinceSize lastSize madeAt }
    witnesses { name verifier lastSize lastAt failures }
    clock { differenceSeconds jumps lastJumpAt lastJumpSeconds lastJumpIndex }
    store { level usedBytes capacityBytes }
    anchors { name kind lastSize lastAt failingSince problem }
    streams { name kind destination format nextIndex behindEvents behindSeconds lastDeliveredAt failingSince problem served }
  }
}`;

const HOURS_QUERY = 'query LogHours { log: logIntegrity { hours { hour size checkpoints } } }';

export interface LogHour {
  /** Its beginning. */
  readonly hour: string;
  readonly size: number;
  readonly checkpoints: number;
}

/** Query keys of everything here begin with this. */
export const LOG_KEY = 'log-integrity';

/**
 * How the log fares, asked again every so often while somebody is there to see it.
 * @param every milliseconds.
 */
export function useLogState(every: number) {
  const model = useModel();
  const allowed = model.holds(READ_INTEGRITY);
  const query = useQuery({
    queryKey: [LOG_KEY, 'state'],
    enabled: allowed,
    staleTime: 2000,
    queryFn: async ({ signal }) => (await sendDocument<{ log: LogState }>(STATE_QUERY, {}, { signal })).data.log,
  });
  useEveryWhileHere(every, () => void query.refetch(), allowed);
  return { allowed, state: query.data, error: query.error, refetch: () => void query.refetch() };
}

/** Hours of the last day, for the plot. */
export const useLogHours = () =>
  useQuery({
    queryKey: [LOG_KEY, 'hours'],
    staleTime: 60_000,
    queryFn: async ({ signal }) => (await sendDocument<{ log: { hours: readonly LogHour[] } }>(HOURS_QUERY, {}, { signal })).data.log.hours,
  });
