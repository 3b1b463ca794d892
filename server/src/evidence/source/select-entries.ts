import { GatewayError } from '@sallyport/schema/errors.ts';
import { type ReportSelection, selectedBy } from '@sallyport/schema/modules/audit/report/selection.ts';
import { eventsWithin } from '@sallyport/schema/modules/audit/story-columns.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { TenantReach } from '@sallyport/schema/viewer.ts';
import { type RawBuilder, sql } from 'kysely';

/** Events that one pack discloses at most. */
export const LARGEST_PACK = 1_000_000;

/** What a pack is made of: of which tree, seen from where. */
export interface EvidenceQuery {
  readonly db: Db;
  /** Where whoever asks may disclose events whole. */
  readonly reach: TenantReach;
  readonly selection: ReportSelection;
  /** Entries of the tree. */
  readonly size: number;
}

/** The events that are disclosed, as `from` and `where` of a statement over `event` and `leaf`. */
export const disclosedEvents = ({ reach, selection, size }: EvidenceQuery): RawBuilder<unknown> => sql`
  from audit.event event join audit.leaf leaf on leaf.event_id = event.id and leaf.time = event.time
  where ${eventsWithin('event', reach)} and ${selectedBy('event', selection)} and leaf.log_index < ${size}`;

export interface SelectedEntries {
  /** Ascending. */
  readonly indexes: readonly number[];
  /** The run of the log that was looked through: that of the period, else all of it. */
  readonly begin: number;
  readonly end: number;
  /** Of the canonical forms. */
  readonly bytes: number;
  /** Policies that the events name. */
  readonly policies: number;
}

/**
 * The entries that a pack discloses.
 * @throws {GatewayError} NOT_FOUND where there are none for whoever asks; BAD_INPUT beyond `LARGEST_PACK`.
 */
export async function selectEntries(query: EvidenceQuery, most: number = LARGEST_PACK): Promise<SelectedEntries> {
  const { rows } = await sql<{ indexes: readonly number[] | null; bytes: number | null; policies: number }>`
    with disclosed as (select distinct leaf.log_index, octet_length(event.canonical) as bytes, event.policy_version ${disclosedEvents(query)} limit ${most + 1})
    select array_agg(log_index order by log_index) as indexes, sum(bytes)::float8 as bytes, count(distinct policy_version)::int as policies from disclosed`.execute(query.db);
  const indexes = rows[0]?.indexes ?? [];
  const first = indexes[0];
  const last = indexes.at(-1);
  if (first === undefined || last === undefined) throw new GatewayError('NOT_FOUND');
  if (indexes.length > most)
    throw new GatewayError('BAD_INPUT', `A pack holds ${most} events at most. Choose a shorter period.`, {
      issues: [{ path: 'selection', message: `holds more than ${most} events` }],
    });
  const { begin, end } = await searchedRun(query);
  return { indexes, begin: Math.min(begin, first), end: Math.max(end, last + 1), bytes: rows[0]?.bytes ?? 0, policies: rows[0]?.policies ?? 0 };
}

/** Time by which the order of the tree may differ from that of the clock: far longer than a transaction may last. */
const SLACK = sql`interval '1 hour'`;

/** The smallest run of the tree that holds every event of the period, found along the keys: the table of leaves has no order by time. */
async function searchedRun({ db, selection: { from, to }, size }: EvidenceQuery): Promise<{ readonly begin: number; readonly end: number }> {
  if (!from && !to) return { begin: 0, end: size };
  const indexNear = (side: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`(select leaf.log_index from audit.leaf leaf where leaf.event_id = (select event.id from audit.event event where ${side} limit 1) limit 1)`;
  const inPeriod = sql`(${from ? sql`leaf.time >= ${from}::timestamptz` : sql`true`} and ${to ? sql`leaf.time < ${to}::timestamptz` : sql`true`})`;
  const { rows } = await sql<{ first: number | null; last: number | null }>`
    with around as materialized (
      select coalesce(${from ? indexNear(sql`event.time < ${from}::timestamptz - ${SLACK} order by event.time desc, event.id desc`) : sql`0`}, 0)::bigint as low,
        least(coalesce(${to ? indexNear(sql`event.time >= ${to}::timestamptz + ${SLACK} order by event.time, event.id`) : sql`null`}, ${size}), ${size})::bigint as high)
    select
      (select leaf.log_index from audit.leaf leaf where leaf.log_index >= low and leaf.log_index < high and ${inPeriod} order by leaf.log_index limit 1) as first,
      (select leaf.log_index from audit.leaf leaf where leaf.log_index >= low and leaf.log_index < high and ${inPeriod} order by leaf.log_index desc limit 1) as last
    from around`.execute(db);
  const { first = null, last = null } = rows[0] ?? {};
  return first === null || last === null ? { begin: size, end: 0 } : { begin: first, end: last + 1 };
}
