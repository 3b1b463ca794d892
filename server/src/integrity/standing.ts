import { GatewayError } from '@sallyport/schema/errors.ts';
import type { LogStanding } from '@sallyport/schema/ports.ts';
import type { AnchorKind } from './anchors/anchor.ts';

/** What has been seen outside the database and is not in it. */
export interface SeenOutside {
  /** Where: the name of a file or witness. */
  readonly place: string;
  readonly origin: string;
  readonly size: number;
  readonly note: string;
}

/**
 * How the database stands against what others have seen of the log. `unknown`: some place that keeps checkpoints has not answered since the
 * start of this process; `doubted`: all have, but since then one has objected, and can't be asked why. `behind`: others have seen more;
 * `fork`: others have seen another history.
 */
export type Standing =
  | { readonly state: 'sound' | 'doubted' }
  | { readonly state: 'unknown'; readonly unanswered: readonly AnchorKind[] }
  | { readonly state: 'behind' | 'fork'; readonly seen: SeenOutside; readonly origin: string; readonly databaseSize: number };

/** The standing of one process, judged at its start and whenever it anchors. */
export interface StandingBook {
  now(): Standing;
  set(standing: Standing): void;
  /** Signing what contradicts an earlier signature would be a lie in the log's name. */
  maySign(): boolean;
  /** Whether something may be changed: nothing is known to be missing, and everybody who could know better has been asked. */
  mayChange(): boolean;
  /** @throws {GatewayError} AUDIT_UNAVAILABLE while events are missing and nobody has acknowledged it, and until all have answered once. */
  requireSound(): void;
}

export function createStandingBook(first: Standing = { state: 'unknown', unanswered: [] }): StandingBook {
  let standing = first;
  return {
    now: () => standing,
    set: (next) => {
      standing = next;
    },
    maySign: () => standing.state === 'sound',
    mayChange: () => refusalOf(standing) === null,
    requireSound: () => {
      const reason = refusalOf(standing);
      if (reason !== null) throw new GatewayError('AUDIT_UNAVAILABLE', reason);
    },
  };
}

const PLACES: Readonly<Record<AnchorKind, string>> = { witness: 'witness', file: 'file of checkpoints', webhook: 'webhook' };

/** Why nothing may be changed, and what to do about it; null where something may. */
export function refusalOf(standing: Standing): string | null {
  if (standing.state === 'behind' || standing.state === 'fork')
    return 'The database lacks events of the audit log that others have seen. Nothing can be changed until two people have acknowledged it under Log integrity.';
  if (standing.state !== 'unknown') return null;
  const places = standing.unanswered.map((kind) => PLACES[kind]).join(' and the ') || PLACES.witness;
  return `The ${places} of the audit log has not answered since the start, so nobody can tell yet whether events are missing. Nothing can be changed until it answers: see that it runs, can be reached, and still knows what it has seen. It is asked again every second.`;
}

/** The standing as the panel shows it. */
export const describeStanding = (standing: Standing): LogStanding => ({
  state: standing.state,
  ...('seen' in standing && { seen: { place: standing.seen.place, size: standing.seen.size } }),
  ...('unanswered' in standing && { unanswered: standing.unanswered }),
});
