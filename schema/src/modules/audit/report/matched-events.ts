import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../../ports.ts';
import type { TenantReach, Viewer } from '../../../viewer.ts';
import { eventsWithin } from '../story-columns.ts';
import { type InTurn, inTurn } from '../../../in-turn.ts';
import { type ReportSelection, selectedBy } from './selection.ts';

/**
 * Events that a report counts and sums up: the first so many of the selection, in the order of time. It says where it stopped; an evidence
 * pack and the export hold more.
 */
export const LARGEST_REPORT = 100_000;
/** Rows of one of its lists; how many there are in all is counted. */
export const LONGEST_LIST = 200;

/** One report: who reads it, and what of. Every part of it is read through this, so that all parts have the same reach. */
export interface ReportQuery {
  readonly db: Db;
  readonly viewer: Viewer;
  /** Where the viewer reads events. */
  readonly reach: TenantReach;
  readonly selection: ReportSelection;
  /** The events of the selection that exist for the viewer, as a condition on rows of `audit.event`. */
  readonly matches: (row: string) => RawBuilder<unknown>;
  /** The first and the last instant that its events can have; null where the selection sets none. */
  readonly from: string | null;
  readonly to: string | null;
  /** Each part is read through this. */
  readonly inTurn: InTurn;
}

/** Parts of one report that are read at once. */
const PARTS_AT_ONCE = 3;

export function reportQuery(db: Db, viewer: Viewer, reach: TenantReach, selection: ReportSelection, until: string): ReportQuery {
  return {
    db,
    viewer,
    reach,
    selection,
    from: selection.from ?? null,
    to: selection.to ?? null,
    inTurn: inTurn(PARTS_AT_ONCE),
    matches: (row) => sql`(${eventsWithin(row, reach)} and ${selectedBy(row, selection)} and ${sql.id(row, 'time')} <= ${until}::timestamptz)`,
  };
}

/**
 * The report as all of its parts read it: up to this instant, however long the reading takes, and of a story only in the months in which it
 * happened, so that the others are not asked once for every part.
 */
export async function openReport(db: Db, viewer: Viewer, reach: TenantReach, selection: ReportSelection): Promise<ReportQuery> {
  const { correlationId } = selection;
  // `offset 0` keeps the rows apart from the aggregate: the planner would else look for the smallest time first, along the whole log.
  const { rows } = await sql<{ now: string; first: string | null; last: string | null }>`
    select clock.now, told.first, told.last from (select clock_timestamp() as now offset 0) clock
    left join lateral (
      select min(time) as first, max(time) as last from (
        select event.time from audit.event event where ${correlationId ? sql`event.correlation_id = ${correlationId.toLowerCase()}` : sql`false`} offset 0) event) told on true`.execute(
    db,
  );
  const { now, first = null, last = null } = rows[0] ?? {};
  if (now === undefined) throw new Error('The clock always answers');
  const whole = reportQuery(db, viewer, reach, selection, now);
  if (!correlationId || first === null) return whole;
  return { ...whole, from: first, to: last, matches: (row) => sql`(${whole.matches(row)} and ${sql.id(row, 'time')} between ${first}::timestamptz and ${last}::timestamptz)` };
}

/** Rows from a day before the report's first event to a day after its last, as far as that is known: what a session or a message of it can have. */
export const aDayAround = ({ from, to }: ReportQuery, row: string): RawBuilder<unknown> => sql`
  (${from === null ? sql`true` : sql`${sql.id(row, 'time')} >= ${from}::timestamptz - interval '1 day'`}
    and ${to === null ? sql`true` : sql`${sql.id(row, 'time')} <= ${to}::timestamptz + interval '1 day'`})`;

/** `with matched as (…)`: the events that the report is about, with these columns of `audit.event`. */
export const matchedEvents = ({ matches }: ReportQuery, ...columns: readonly string[]): RawBuilder<unknown> => sql`
  with matched as materialized (
    select ${sql.join(columns.map((name) => sql.id('event', name)))} from audit.event event
    where ${matches('event')} order by event.time, event.id limit ${sql.lit(LARGEST_REPORT)})`;

/** A list of a report is cut where it becomes longer than anybody reads. */
export const listLength = (first: number | null | undefined): number => Math.max(1, Math.min(first ?? 50, LONGEST_LIST));
