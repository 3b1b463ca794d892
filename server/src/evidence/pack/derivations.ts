import { canonicalJson } from '../../audit/canonical-json.ts';
import type { EventRecord } from '../../audit/event-record.ts';
import { csvHeader, csvOf } from '../../audit/export-format.ts';
import { MAPPING_VERSION, OCSF_VERSION } from '../ocsf/classes.ts';
import { toOcsf } from '../ocsf/to-ocsf.ts';
import { PACK_FILES } from './pack-contents.ts';

/** A file of the pack that says again, in another form, what the events say. Who verifies derives it again and compares. */
export interface Derivation {
  readonly file: string;
  /** Stands in the manifest: a verifier with other rules can't compare, and says so. */
  readonly version: string;
  /** What stands before the first event. */
  readonly head: string;
  /** What it says of these events, one after the other: the same whether they are told at once or one by one. */
  readonly of: (events: readonly DisclosedEvent[]) => string;
}

export interface DisclosedEvent {
  /** What `bytes` hold. */
  readonly record: EventRecord;
  /** The canonical form as it stands on the log. */
  readonly bytes: Uint8Array;
}

/** Columns and escapes of the CSV; a change of either makes a new number. */
const CSV_VERSION = '1';

export const DERIVATIONS: readonly Derivation[] = [
  { file: PACK_FILES.csv, version: CSV_VERSION, head: csvHeader(), of: (events) => csvOf(events.map(({ record }) => record)) },
  {
    file: PACK_FILES.ocsf,
    version: `${OCSF_VERSION}/${MAPPING_VERSION}`,
    head: '',
    of: (events) => events.map(({ record, bytes }) => `${canonicalJson(toOcsf(record, bytes))}\n`).join(''),
  },
];

/**
 * The record that an event's canonical bytes hold.
 * @throws {SyntaxError} when they are no JSON object
 */
export function recordOfBytes(bytes: Uint8Array): EventRecord {
  const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('An event is a JSON object');
  // Its members are what the log wrote; a forged one shows in the root, and in what is derived from it.
  return value as EventRecord;
}
