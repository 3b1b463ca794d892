import { sql } from 'kysely';
import { eventsWithin } from '../story-columns.ts';
import { aDayAround, matchedEvents, type ReportQuery } from './matched-events.ts';

/** Somebody who acted, or tried to. */
export interface ReportPerson {
  readonly id: string;
  readonly name: string | null;
  /** Roles by which they acted. */
  readonly roles: readonly string[];
  readonly events: number;
  readonly done: number;
  readonly refused: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export async function readPeople(query: ReportQuery, length: number): Promise<readonly ReportPerson[]> {
  const { rows } = await sql<ReportPerson>`
    ${matchedEvents(query, 'time', 'outcome', 'actor_id', 'actor_name', 'role')}
    select actor_id as id, max(actor_name) as name, coalesce(array_agg(distinct role) filter (where role is not null), '{}') as roles, count(*)::int as events,
      count(*) filter (where outcome = 'ok')::int as done, count(*) filter (where outcome = 'denied')::int as refused, min(time) as "firstAt", max(time) as "lastAt"
    from matched where actor_id is not null group by actor_id order by events desc, id limit ${length}`.execute(query.db);
  return rows;
}

/** A tenant that events are about. */
export interface ReportTenant {
  readonly id: string;
  readonly events: number;
  readonly done: number;
  readonly refused: number;
  /** Events that changed something. */
  readonly changes: number;
}

export async function readTenants(query: ReportQuery, length: number): Promise<readonly ReportTenant[]> {
  const { rows } = await sql<ReportTenant>`
    ${matchedEvents(query, 'outcome', 'effect', 'tenant_id')}
    select tenant_id as id, count(*)::int as events, count(*) filter (where outcome = 'ok')::int as done, count(*) filter (where outcome = 'denied')::int as refused,
      count(*) filter (where outcome = 'ok' and effect = 'write')::int as changes
    from matched where tenant_id is not null group by tenant_id order by events desc, id limit ${length}`.execute(query.db);
  return rows;
}

/** One signed-in session, as far as its events are in the report; its start and end as the log has them. */
export interface ReportSession {
  readonly id: string;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly secondFactor: string | null;
  readonly events: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** When the person signed in; null where that event lies beyond the viewer's reach. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Confirmations with a second factor in the session. */
  readonly stepUps: number;
}

/**
 * The sessions behind the events. A session lasts half a day at most, so its other events are looked for among that person's within a day to
 * either side; they count only where they lie within the viewer's reach.
 */
export async function readSessions(query: ReportQuery, length: number): Promise<readonly ReportSession[]> {
  const { rows } = await sql<ReportSession>`
    ${matchedEvents(query, 'time', 'session_id', 'actor_id', 'actor_name', 'second_factor')},
    seen as (
      select session_id as id, max(actor_id) as actor_id, max(actor_name) as actor_name, max(second_factor) as second_factor, count(*)::int as events,
        min(time) as first_at, max(time) as last_at
      from matched where session_id is not null group by session_id order by min(time), session_id limit ${length})
    select seen.id, seen.actor_id as "actorId", seen.actor_name as "actorName", coalesce(seen.second_factor, known.second_factor) as "secondFactor", seen.events,
      seen.first_at as "firstAt", seen.last_at as "lastAt", known.started_at as "startedAt", known.ended_at as "endedAt", coalesce(known.step_ups, 0) as "stepUps"
    from seen left join lateral (
      select min(event.time) filter (where event.kind = 'access.session.started') as started_at,
        max(event.time) filter (where event.kind = 'access.session.ended') as ended_at,
        count(*) filter (where event.kind = 'access.step-up.verified')::int as step_ups,
        max(event.second_factor) as second_factor
      from audit.event event
      where event.actor_id = seen.actor_id and event.session_id = seen.id and event.outcome = 'ok'
        and event.kind in ('access.session.started', 'access.session.ended', 'access.step-up.verified')
        and event.time between seen.first_at - interval '1 day' and seen.last_at + interval '1 day'
        and ${aDayAround(query, 'event')} and ${eventsWithin('event', query.reach)}) known on true
    order by seen.first_at, seen.id`.execute(query.db);
  return rows;
}
