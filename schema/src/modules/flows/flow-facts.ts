import { type RawBuilder, sql } from 'kysely';
import type { TenantReach } from '../../viewer.ts';
import { STEP_UP_REFUSED, STEP_UP_VERIFIED } from '../access/events.ts';
import { requestFiled } from '../approvals/request.event.ts';
import { eventsWithin } from '../audit/story-columns.ts';
import type { Period } from './period.ts';

/** An action as the log names it, with the kind of event that tells of it. */
export interface DeclaredFlow {
  readonly action: string;
  readonly kind: string;
}

export interface FlowSelection extends Period {
  readonly reach: TenantReach;
  /** Only what belongs to this tenant; null for everything within the reach. */
  readonly tenantId: string | null;
  readonly flows: readonly DeclaredFlow[];
}

/** How long a challenge may be answered, and then its proof be used: as long as the gateway keeps each. */
const ANSWER_TIME = sql`interval '300 seconds'`;

/** Rows that exist for the reader and belong to the tenant asked for. */
export const withinSelection = (row: string, { reach, tenantId }: Pick<FlowSelection, 'reach' | 'tenantId'>): RawBuilder<unknown> =>
  sql`(${eventsWithin(row, reach)}${tenantId === null ? sql`` : sql` and ${sql.id(row, 'tenant_id')} = ${tenantId}`})`;

/** Of each fact: its columns. */
export const FACT_COLUMNS = sql`day, tenant_id, action, result, code, emergency, answer, code_seconds`;

/**
 * One row for each try and each code asked for within a period, read from the log. Rows of neighbouring periods add up: each fact belongs to the instant
 * of its question, or else of its last event.
 *
 * A try ends in exactly one `result` and is counted once: an act that was sent, asked a code for and sent again is one try, told by its last
 * event. A code belongs to the newest question about the same act on the same record in the same session; events about codes name no
 * tenant, so they are found through the question. Previews are no tries, and what an approval carried out is told by its request.
 * `result` is null where another row tells of the same try.
 *
 * Nothing is joined: events are put in order and look at their neighbours, which takes the same time whatever the planner believes of a month that
 * began today.
 */
export function flowFacts({ from, to, reach, tenantId, flows }: FlowSelection): RawBuilder<unknown> {
  const pairs = flows.map(({ action, kind }) => `${action} ${kind}`);
  const codes = sql`(${STEP_UP_VERIFIED.kind}, ${STEP_UP_REFUSED.kind})`;
  return sql`
    with step as (
      select event.id, event.time, event.tenant_id, event.action, event.kind, event.outcome, event.reason_code, event.session_id, coalesce(event.target_id, '') as target,
        event.step_up_id, event.break_glass_id, event.kind in ${codes} as is_code, event.kind = ${STEP_UP_VERIFIED.kind} as accepts,
        event.kind not in ${codes} and event.outcome = 'denied' and coalesce(event.reason_code = 'STEP_UP_REQUIRED', false) as asks
      from audit.event event
      -- Beyond the period for as long as a challenge and then its proof can be used: so a try at its very end is known to go on.
      where event.time >= ${from}::timestamptz and event.time < ${to}::timestamptz + 2 * ${ANSWER_TIME}
        and event.action = any(${flows.map(({ action }) => action)}::text[]) and event.outcome <> 'previewed'
        and (event.kind in (${requestFiled.kind}, ${STEP_UP_VERIFIED.kind}, ${STEP_UP_REFUSED.kind})
          -- What an approval carried out is no try of its own; only acts on requests name their own record as the approval.
          or (event.action || ' ' || event.kind = any(${pairs}::text[]) and (event.approval_id is null or event.approval_id = event.target_id)))),
    told as materialized (
      select step.*, count(*) filter (where asks) over forwards as question, max(time) filter (where asks) over forwards as asked_at,
        min(time) filter (where not is_code) over backwards as next_at,
        step_up_id is not null and bool_or(not is_code) over (partition by step_up_id) as is_spent
      from step
      window forwards as (partition by session_id, action, target order by time, id), backwards as (partition by session_id, action, target order by time desc, id desc)),
    asked as (
      select action, min(time) filter (where asks) as time, min(tenant_id) filter (where asks) as tenant_id, min(time) filter (where accepts) as accepted_at,
        bool_or(is_code) as is_replied,
        -- What was done or filed names the proof that it spent; what was refused with one is about the same record.
        coalesce(bool_or(is_spent or next_at <= time + ${ANSWER_TIME}) filter (where accepts), false) as went_on
      from told where question > 0 and (asks or is_code and time <= asked_at + ${ANSWER_TIME}) group by session_id, action, target, question),
    answered as (
      select time, tenant_id, action, accepted_at, went_on,
        case when accepted_at is not null then 'accepted' when time + ${ANSWER_TIME} > clock_timestamp() then 'open' when is_replied then 'refused' else 'missing' end as answer
      from asked),
    fact as (
      select time, tenant_id, action, case outcome when 'ok' then 'executed' when 'denied' then 'refused' else 'failed' end as result,
        reason_code as code, break_glass_id is not null as emergency, null::text as answer, null::float8 as code_seconds
      from told where not asks and not is_code and kind <> ${requestFiled.kind}
      union all
      select time, tenant_id, action,
        case when answer <> 'accepted' then 'code-' || answer when went_on then null when accepted_at + ${ANSWER_TIME} > clock_timestamp() then 'code-open' else 'code-unused' end,
        null, false, answer, extract(epoch from accepted_at - time)::float8
      from answered)
    select (time at time zone 'UTC')::date as day, tenant_id, action, result, code, emergency, answer, code_seconds
    from fact where time < ${to}::timestamptz and ${withinSelection('fact', { reach, tenantId })}`;
}
