import { GatewayError } from '@sallyport/schema/errors.ts';
import type { LogStanding } from '@sallyport/schema/ports.ts';

/** What has been seen outside the database and is not in it. */
export interface SeenOutside {
  /** Where: the name of a file or witness. */
  readonly place: string;
  readonly origin: string;
  readonly size: number;
  readonly note: string;
}

/**
 * How the database stands against what others have seen of the log. `unknown`: a witness has not answered since the start, nothing is signed
 * until it has. `behind`: others have seen more; `fork`: others have seen another history.
 */
export type Standing =
  | { readonly state: 'unknown' | 'sound' }
  | { readonly state: 'behind' | 'fork'; readonly seen: SeenOutside; readonly origin: string; readonly databaseSize: number };

/** The standing of one process, judged at its start and whenever it anchors. */
export interface StandingBook {
  now(): Standing;
  set(standing: Standing): void;
  /** Signing what contradicts an earlier signature would be a lie in the log's name. */
  maySign(): boolean;
  /** @throws {GatewayError} AUDIT_UNAVAILABLE while events are missing and nobody has acknowledged it. */
  requireSound(): void;
}

export function createStandingBook(first: Standing = { state: 'unknown' }): StandingBook {
  let standing = first;
  const isHalted = (): boolean => standing.state === 'behind' || standing.state === 'fork';
  return {
    now: () => standing,
    set: (next) => {
      standing = next;
    },
    maySign: () => standing.state === 'sound',
    requireSound: () => {
      if (isHalted())
        throw new GatewayError(
          'AUDIT_UNAVAILABLE',
          'The database lacks events of the audit log that others have seen. Nothing can be changed until two people have acknowledged it under Log integrity.',
        );
    },
  };
}

/** The standing as the panel shows it. */
export const describeStanding = (standing: Standing): LogStanding =>
  'seen' in standing ? { state: standing.state, seen: { place: standing.seen.place, size: standing.seen.size } } : { state: standing.state };
