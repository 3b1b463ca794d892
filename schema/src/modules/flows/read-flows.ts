import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../ports.ts';
import type { CountedDays } from './counted-days.ts';
import { FACT_COLUMNS, flowFacts, type FlowSelection, withinSelection } from './flow-facts.ts';
import type { FlowDay, FlowFigures, FlowTable, WaitingRequests } from './flow-figures.ts';

const count = (condition: string) => sql`coalesce(sum(facts) filter (where ${sql.raw(condition)}), 0)::int`;
const within = (column: string, fraction: number) => sql`percentile_cont(${sql.lit(fraction)}) within group (order by ${sql.id(column)})`;

/** Facts of the whole selection: of counted days from where they were counted, of the rest from the log. */
function factsOf(selection: FlowSelection, counted: CountedDays | null): RawBuilder<unknown> {
  const fromLog = (from: string, to: string) => sql`
    select day, tenant_id, action, result, code, emergency, answer, case when code_seconds is null then '{}' else array[code_seconds] end as code_seconds, 1 as facts
    from (${flowFacts({ ...selection, from, to })}) fact`;
  if (counted === null) return fromLog(selection.from, selection.to);
  return sql`
    select ${FACT_COLUMNS}, facts from audit.flow_count kept
    where day between ${counted.first}::date and ${counted.last}::date and action = any(${selection.flows.map(({ action }) => action)}::text[]) and ${withinSelection('kept', selection)}
    union all ${fromLog(selection.from, counted.from)} union all ${fromLog(counted.to, selection.to)}`;
}

/**
 * All figures of a selection, from one statement, so that they agree with each other. Acts that nobody tried are not among them.
 * @param counted days of the period that need not be read from the log; the figures are the same with and without.
 */
export async function readFlows(db: Db, selection: FlowSelection, counted: CountedDays | null): Promise<FlowTable> {
  const { from, to, flows } = selection;
  const { rows } = await sql<{ figures: readonly FlowFigures[]; days: readonly FlowDay[] }>`
    with logged as materialized (${factsOf(selection, counted)}),
    -- What came of a request belongs to the try that filed it, however much later it came.
    request as materialized (
      select request.action, (request.requested_at at time zone 'UTC')::date as day,
        coalesce(ending.state, case when request.expires_at <= clock_timestamp() then 'expired' else 'waiting' end) as state,
        case when ending.state in ('executed', 'denied', 'stale', 'failed') then extract(epoch from ending.ended_at - request.requested_at)::float8 end as seconds
      from gateway.approval_request request left join gateway.approval_ending ending on ending.request_id = request.id
      where request.requested_at >= ${from}::timestamptz and request.requested_at < ${to}::timestamptz and ${withinSelection('request', selection)}),
    fact as materialized (
      select day, action, result, code, emergency, answer, null::text as request, null::float8 as decision_seconds, facts from logged
      union all
      select day, action, case state when 'executed' then 'executed' else 'request-' || state end, null, false, null, state, seconds, 1 from request
      where action = any(${flows.map(({ action }) => action)}::text[])),
    refusal as (
      select action, json_agg(json_build_object('code', code, 'count', refused) order by refused desc, code) as codes
      from (select action, code, sum(facts)::int as refused from fact where result in ('refused', 'failed') group by grouping sets ((action, code), (code))) summed
      group by action),
    code as (
      select action, ${within('seconds', 0.5)} as "medianSecondsToCode", ${within('seconds', 0.95)} as "p95SecondsToCode"
      from (select action, unnest(code_seconds) as seconds from logged) taken group by grouping sets ((action), ())),
    figure as (
      select action, ${count('result is not null')} as tries, ${count("result = 'executed'")} as executed, ${count("result = 'refused'")} as refused,
        ${count("result = 'failed'")} as failed, ${count("result = 'executed' and emergency")} as emergencies,
        ${count('answer is not null')} as "codesAsked", ${count("answer = 'accepted'")} as "codesAccepted", ${count("answer = 'refused'")} as "codesRefused",
        ${count("answer = 'missing'")} as "codesMissing", ${count("answer = 'open'")} as "codesOpen", ${count("result = 'code-unused'")} as "codesUnused",
        ${count('request is not null')} as "requestsFiled", ${count("request = 'executed'")} as "requestsExecuted", ${count("request = 'denied'")} as "requestsDenied",
        ${count("request = 'cancelled'")} as "requestsWithdrawn", ${count("request = 'expired'")} as "requestsExpired", ${count("request = 'stale'")} as "requestsStale",
        ${count("request = 'failed'")} as "requestsFailed", ${count("request = 'waiting'")} as "requestsWaiting",
        ${within('decision_seconds', 0.5)} as "medianSecondsToDecision", ${within('decision_seconds', 0.95)} as "p95SecondsToDecision"
      from fact group by grouping sets ((action), ())),
    tally as (
      select day, ${count('result is not null')} as tries, ${count("result = 'executed'")} as executed, ${count("result in ('refused', 'failed')")} as refused,
        ${count("result in ('code-missing', 'code-refused', 'code-unused')")} as abandoned,
        ${count("result in ('request-denied', 'request-cancelled', 'request-expired', 'request-stale', 'request-failed')")} as "notApproved",
        ${count("result in ('code-open', 'request-waiting')")} as waiting
      from fact group by day)
    select
      (select json_agg(to_jsonb(figure) || jsonb_build_object('refusals', coalesce(refusal.codes, '[]'), 'medianSecondsToCode', code."medianSecondsToCode",
          'p95SecondsToCode', code."p95SecondsToCode") order by figure.tries desc, figure.action)
        from figure left join refusal on refusal.action is not distinct from figure.action left join code on code.action is not distinct from figure.action) as figures,
      (select json_agg(json_build_object('day', each.day::date, 'tries', coalesce(tally.tries, 0), 'executed', coalesce(tally.executed, 0), 'refused', coalesce(tally.refused, 0),
          'abandoned', coalesce(tally.abandoned, 0), 'notApproved', coalesce(tally."notApproved", 0), 'waiting', coalesce(tally.waiting, 0)) order by each.day)
        from generate_series((${from}::timestamptz at time zone 'UTC')::date::timestamp, (${to}::timestamptz - interval '1 microsecond') at time zone 'UTC', interval '1 day') each (day)
        left join tally on tally.day = each.day::date) as days`.execute(db);
  const [row] = rows;
  const total = row?.figures.find(({ action }) => action === null);
  if (!row || !total) throw new Error('An aggregate over everything always gives a row');
  return { actions: row.figures.filter(({ action }) => action !== null), total, days: row.days };
}

export async function readWaiting(db: Db, selection: Pick<FlowSelection, 'reach' | 'tenantId'>): Promise<WaitingRequests> {
  const { rows } = await sql<WaitingRequests>`
    select count(*)::int as count, extract(epoch from clock_timestamp() - min(request.requested_at))::float8 as "oldestSeconds"
    from gateway.approval_request request
    where request.expires_at > clock_timestamp() and ${withinSelection('request', selection)}
      and not exists (select from gateway.approval_ending ending where ending.request_id = request.id)`.execute(db);
  return rows[0] ?? { count: 0, oldestSeconds: null };
}
