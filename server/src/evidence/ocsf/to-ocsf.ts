import { hash } from 'node:crypto';
import { canonicalJson } from '../../audit/canonical-json.ts';
import { canonicalText, type EventRecord } from '../../audit/event-record.ts';
import type { Json } from '../../audit/plain-json.ts';
import { CLASSES, MAPPING_VERSION, OCSF_VERSION, SEVERITIES, type Severity } from './classes.ts';
import { CLASS_PARTS, PRODUCT } from './event-parts.ts';
import { type KindRule, ruleOf } from './kind-rules.ts';
import type { OcsfAttributes, OcsfEvent, OcsfMetadata } from './ocsf-objects.ts';

/** Members that every event holds in a place of OCSF's own. */
const ALWAYS_TAKEN: readonly (keyof EventRecord)[] = ['formatVersion', 'id', 'time', 'correlationId', 'kind', 'reasonCode', 'tenantId'];

const STATUSES: Readonly<Record<string, { readonly status_id: number; readonly status: string }>> = {
  ok: { status_id: 1, status: 'Success' },
  denied: { status_id: 2, status: 'Failure' },
  failed: { status_id: 2, status: 'Failure' },
  // Tried out and undone: neither of the two.
  previewed: { status_id: 99, status: 'Previewed' },
};
const NO_STATUS = { status_id: 0, status: 'Unknown' } as const;

interface Activity {
  readonly activity_id: number;
  readonly activity_name: string;
}

/** A preview changes nothing, so it never carries the type of the act that it shows. */
function activityOf(rule: KindRule, outcome: string): Activity {
  const named = rule.activity === 'Other' ? rule.other : rule.activity;
  if (outcome === 'previewed') return { activity_id: 99, activity_name: `Preview: ${named}` };
  if (rule.activity === 'Unknown') return { activity_id: 0, activity_name: 'Unknown' };
  if (rule.activity === 'Other') return { activity_id: 99, activity_name: rule.other };
  const activities: Readonly<Record<string, number>> = CLASSES[rule.class].activities;
  return { activity_id: activities[rule.activity] ?? 0, activity_name: rule.activity };
}

/** Refusals of privileged acts that somebody should look at; others are a step on the way, such as being asked for a code. */
const GRAVE_REFUSALS: ReadonlySet<string | undefined> = new Set(['FORBIDDEN', 'SELF_APPROVAL', 'STEP_UP_FAILED']);

function severityOf(rule: KindRule, { outcome, tier, reasonCode }: EventRecord): Severity {
  if (outcome === 'previewed') return 'Informational';
  const ofOutcome: Readonly<Record<string, Severity>> = {
    denied: tier === 'privileged' && GRAVE_REFUSALS.has(reasonCode) ? 'Medium' : 'Low',
    failed: rule.failureSeverity ?? 'Medium',
  };
  const least = ofOutcome[outcome] ?? 'Informational';
  const stated = rule.severity ?? 'Informational';
  return SEVERITIES[stated] > SEVERITIES[least] ? stated : least;
}

/** Milliseconds since the Unix epoch, the microseconds cut off. */
const epochMilliseconds = (time: string): number => Date.parse(`${time.slice(0, 23)}Z`);

const metadataOf = (record: EventRecord): OcsfMetadata => ({
  version: OCSF_VERSION,
  uid: record.id,
  correlation_uid: record.correlationId,
  event_code: record.kind,
  log_name: 'audit.event',
  log_version: String(record.formatVersion),
  product: { ...PRODUCT, vendor_name: PRODUCT.name },
  logged_time: epochMilliseconds(record.time),
  original_time: record.time,
  ...(record.tenantId === undefined ? {} : { tenant_uid: record.tenantId }),
  transformation_info_list: [{ name: 'Sallyport event to OCSF', uid: String(MAPPING_VERSION) }],
});

/**
 * One event of the log in the shape of the Open Cybersecurity Schema Framework 1.9.0 (https://schema.ocsf.io). A pure function of the
 * record: the same record gives the same event on every machine and at any time, nothing of the record is lost, and nothing is
 * added that the record does not say. Values behind commitments are not in the record, so they are not here either.
 * @param canonical the record's canonical form, where it is at hand
 */
export function toOcsf(record: EventRecord, canonical: string | Uint8Array = canonicalText(record)): OcsfEvent {
  const rule = ruleOf(record.kind, record.effect);
  const { uid, name, category } = CLASSES[rule.class];
  const activity = activityOf(rule, record.outcome);
  const severity = severityOf(rule, record);
  const parts = CLASS_PARTS[rule.class](record, rule);
  const taken = new Set<string>([...ALWAYS_TAKEN, ...parts.flatMap(({ takes }) => takes)]);
  const time = epochMilliseconds(record.time);
  return {
    ...(Object.assign({}, ...parts.map(({ attributes }) => attributes)) as OcsfAttributes),
    category_uid: category.uid,
    category_name: category.name,
    class_uid: uid,
    class_name: name,
    ...activity,
    type_uid: uid * 100 + activity.activity_id,
    type_name: `${name}: ${activity.activity_id === 99 ? 'Other' : activity.activity_name}`,
    severity_id: SEVERITIES[severity],
    severity,
    ...(STATUSES[record.outcome] ?? NO_STATUS),
    ...(record.reasonCode === undefined ? {} : { status_code: record.reasonCode }),
    time,
    timezone_offset: 0,
    metadata: metadataOf(record),
    raw_data_hash: { algorithm: 'SHA-256', algorithm_id: 3, value: hash('sha256', canonical) },
    raw_data_size: Buffer.byteLength(canonical),
    unmapped: Object.fromEntries(Object.entries(record).filter(([member, value]) => value !== undefined && !taken.has(member))) as { readonly [name: string]: Json },
  };
}

/** The event as one line of RFC 8785 JSON, with its line end. */
export const ocsfLine = (record: EventRecord): string => `${canonicalJson(toOcsf(record))}\n`;
