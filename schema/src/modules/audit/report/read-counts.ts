import { sql } from 'kysely';
import { COVERED_SIZE } from '../story-columns.ts';
import { LARGEST_REPORT, matchedEvents, type ReportQuery } from './matched-events.ts';

/** The report in figures, each counted over the same events. */
export interface ReportCounts {
  readonly events: number;
  readonly done: number;
  readonly refused: number;
  readonly failed: number;
  readonly previewed: number;
  /** Events that tell of personal fields having been answered. */
  readonly readings: number;
  readonly stories: number;
  readonly people: number;
  readonly tenants: number;
  readonly sessions: number;
  readonly approvals: number;
  readonly policies: number;
  /** Events that a signed checkpoint covers. */
  readonly covered: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Whether the selection held no more events than a report counts. */
  readonly isComplete: boolean;
}

export async function readCounts(query: ReportQuery): Promise<ReportCounts> {
  const { rows } = await sql<ReportCounts>`
    ${matchedEvents(query, 'id', 'time', 'outcome', 'effect', 'fields_read', 'correlation_id', 'actor_id', 'tenant_id', 'session_id', 'approval_id', 'policy_version')}
    select count(*)::int as events,
      count(*) filter (where outcome = 'ok')::int as done, count(*) filter (where outcome = 'denied')::int as refused,
      count(*) filter (where outcome = 'failed')::int as failed, count(*) filter (where outcome = 'previewed')::int as previewed,
      count(*) filter (where fields_read <> '{}')::int as readings,
      count(distinct correlation_id)::int as stories, count(distinct actor_id)::int as people, count(distinct tenant_id)::int as tenants,
      count(distinct session_id)::int as sessions, count(distinct approval_id)::int as approvals, count(distinct policy_version)::int as policies,
      (select count(*) from matched covered join audit.leaf leaf on leaf.event_id = covered.id where leaf.log_index < ${COVERED_SIZE})::int as covered,
      min(time) as "firstAt", max(time) as "lastAt", count(*) < ${LARGEST_REPORT}::int as "isComplete"
    from matched`.execute(query.db);
  const [counts] = rows;
  if (!counts) throw new Error('An aggregate always gives a row');
  return counts;
}

/** How the log stands as the report is read. */
export interface ReportLog {
  readonly origin: string | null;
  readonly size: number;
  readonly checkpointSize: number;
  readonly checkpointAt: string | null;
}

export async function readLog({ db }: ReportQuery): Promise<ReportLog> {
  const { rows } = await sql<ReportLog>`
    select head.origin, head.size, coalesce(signed.size, 0) as "checkpointSize", signed.signed_at as "checkpointAt"
    from audit.log_head head left join lateral (
      select size, signed_at from audit.checkpoint checkpoint where checkpoint.origin = head.origin order by size desc limit 1) signed on true`.execute(db);
  return rows[0] ?? { origin: null, size: 0, checkpointSize: 0, checkpointAt: null };
}
