import { canonicalJson } from './canonical-json.ts';
import type { Json } from './plain-json.ts';

/** Version of the canonical form. A change of any rule below makes a new number; old events keep theirs. A further member is no change: it is left out where it is absent. */
export const FORMAT_VERSION = 1;
/** Upper bound of an event's canonical bytes: the largest entry of a C2SP bundle, whose lengths have 16 bits. */
export const CANONICAL_BOUND = 65_535;

/** One event as it stands in `audit.event`, without `sequence` and `canonical`. What is absent is left out, never null. */
export interface EventRecord {
  readonly formatVersion: number;
  readonly id: string;
  /** UTC, microseconds: `2026-11-21T09:06:48.123456Z`. */
  readonly time: string;
  readonly correlationId: string;
  readonly kind: string;
  readonly outcome: string;
  readonly reasonCode?: string;
  readonly surface: string;
  readonly environment: string;
  readonly policyVersion: string;
  readonly actorId?: string;
  readonly actorName?: string;
  readonly subjectId?: string;
  readonly subjectName?: string;
  readonly role?: string;
  readonly grantId?: string;
  readonly sessionId?: string;
  readonly tokenId?: string;
  readonly breakGlassId?: string;
  readonly secondFactor?: string;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly action?: string;
  readonly permission?: string;
  readonly effect?: string;
  readonly reach?: string;
  readonly tier?: string;
  readonly tenantId?: string;
  readonly targetType?: string;
  readonly targetId?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly approvalId?: string;
  readonly stepUpId?: string;
  readonly before?: { readonly [field: string]: Json };
  readonly after?: { readonly [field: string]: Json };
  readonly fieldsRead?: readonly string[];
  readonly detail?: { readonly [name: string]: Json };
}

/**
 * The canonical form, version 1: the RFC 8785 JSON of the record, every member that is present, none that is null.
 *
 * The time is the database's, to the microsecond, yet an append is one statement: so the gateway sends the JSON in
 * two halves, cut where the time stands, and the statement puts `clock_timestamp()` between them and into the
 * column from the same reading. Fetching a time beforehand would cost a round trip and would not be the time of the
 * append; building the JSON in SQL would need a second implementation of RFC 8785, which PostgreSQL does not have.
 */
export function canonicalHalves(record: Omit<EventRecord, 'time'>): { readonly head: string; readonly tail: string } {
  const members = Object.entries(record).filter(([, value]) => value !== undefined);
  // `correlationId` sorts before `time`, so the head is never empty; only `userAgent` sorts after.
  const head = canonicalJson(Object.fromEntries(members.filter(([name]) => name < 'time')));
  const tail = canonicalJson(Object.fromEntries(members.filter(([name]) => name > 'time')));
  return { head: `${head.slice(0, -1)},"time":"`, tail: tail === '{}' ? '"}' : `",${tail.slice(1)}` };
}

/** The canonical bytes, as text, of an event read back from its columns (H08). */
export const canonicalText = (record: EventRecord): string => canonicalJson(record);

/** Bytes that the canonical form will have. */
export function canonicalSize(halves: { readonly head: string; readonly tail: string }): number {
  return Buffer.byteLength(halves.head) + Buffer.byteLength(halves.tail) + '2026-11-21T09:06:48.123456Z'.length;
}
