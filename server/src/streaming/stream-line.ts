import { canonicalJson } from '../audit/canonical-json.ts';
import type { EventRecord } from '../audit/event-record.ts';
import { OCSF_VERSION } from '../evidence/ocsf/classes.ts';
import { PRODUCT } from '../evidence/ocsf/event-parts.ts';
import { toOcsf } from '../evidence/ocsf/to-ocsf.ts';
import type { LogEntry } from '../integrity/log-reader.ts';
import { leafHash, sameHash } from '../transparency/merkle-hash.ts';
import type { StreamFormat } from './log-sink.ts';
import type { LineWriter } from './read-batch.ts';

/** Why an entry comes without its event. Its index and leaf hash come all the same: nothing is left out quietly. */
type Missing =
  /** Its segment has served its time (the log's retention statement says so), or somebody took it. */
  | 'absent'
  /** The bytes in the database are not those that the log was sealed with; they come along as they are. */
  | 'altered';

const missingOf = ({ canonical, leafHash: sealed }: LogEntry): Missing | null => (canonical === null ? 'absent' : sameHash(leafHash(canonical), sealed) ? null : 'altered');

/** What is known of an entry without its event. */
const remainsOf = ({ index, eventId, time, retention, leafHash: sealed, canonical }: LogEntry, missing: Missing) => ({
  eventId,
  index,
  leafHash: sealed.toString('base64'),
  missing,
  retention,
  time,
  ...(canonical === null ? {} : { bytes: canonical.toString('base64') }),
});

/** The event's exact canonical bytes, within a line that is RFC 8785 JSON itself: parsed and written again, `event` gives the leaf. */
const canonicalLine: LineWriter = (entry, origin) => {
  const missing = missingOf(entry);
  if (missing !== null || entry.canonical === null) return `${canonicalJson({ ...remainsOf(entry, missing ?? 'absent'), origin })}\n`;
  return `{"event":${entry.canonical.toString('utf8')},"index":${entry.index},"origin":${JSON.stringify(origin)}}\n`;
};

/** OCSF with the index as `metadata.sequence` and the log's name as `metadata.log_source`; a base event where the event is missing. */
const ocsfLine: LineWriter = (entry, origin) => {
  const missing = missingOf(entry);
  const place = { sequence: entry.index, log_source: origin };
  if (missing !== null || entry.canonical === null) return `${canonicalJson(baseEvent(entry, missing ?? 'absent', place))}\n`;
  // Sealed bytes are what `composeEvent` wrote: a record in its canonical form.
  const event = toOcsf(JSON.parse(entry.canonical.toString('utf8')) as EventRecord);
  return `${canonicalJson({ ...event, metadata: { ...event.metadata, ...place } })}\n`;
};

const baseEvent = (entry: LogEntry, missing: Missing, place: { readonly sequence: number; readonly log_source: string }) => ({
  category_uid: 0,
  category_name: 'Uncategorized',
  class_uid: 0,
  class_name: 'Base Event',
  activity_id: 99,
  activity_name: missing === 'altered' ? 'Entry of the log altered' : 'Entry of the log absent',
  type_uid: 99,
  type_name: 'Base Event: Other',
  ...(missing === 'altered' ? { severity_id: 5, severity: 'Critical' } : { severity_id: 1, severity: 'Informational' }),
  message: missing === 'altered' ? 'The bytes of this entry are not those that the log was sealed with' : 'The event of this entry is no longer kept; its leaf hash is',
  time: Date.parse(`${entry.time.slice(0, 23)}Z`),
  timezone_offset: 0,
  metadata: { version: OCSF_VERSION, uid: entry.eventId, log_name: 'audit.event', product: { ...PRODUCT, vendor_name: PRODUCT.name }, original_time: entry.time, ...place },
  unmapped: remainsOf(entry, missing),
});

export const LINE_WRITERS: Readonly<Record<StreamFormat, LineWriter>> = { canonical: canonicalLine, ocsf: ocsfLine };
