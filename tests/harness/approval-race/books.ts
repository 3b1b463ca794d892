import type pg from 'pg';

/** What must all be zero, counted from rows: nothing that a gateway says of itself is believed. */
export interface Discrepancies {
  /** Ended as executed without exactly one effect, or an effect without that ending. */
  readonly notExactlyOnce: number;
  /** Executed without exactly one event of the act that names the request and is named by its ending, or the other way round. */
  readonly eventsAstray: number;
  /** Reviews by the requester, under whichever account. */
  readonly selfApprovals: number;
  /** Executed with fewer different people than the rule asks for. */
  readonly shortOfQuorum: number;
  /** Executed although denied by as many as it takes. */
  readonly executedThoughDenied: number;
  /** Executed after its time. */
  readonly executedLate: number;
  /** Answered as executed, and not. */
  readonly acknowledgedButNot: number;
  /** Succeeded although begun after the call that revoked the right had returned. */
  readonly afterRevocation: number;
  /** Waiting for ever: neither ended nor decidable any more. */
  readonly stuck: number;
}

const COUNTS = `
  with effect as materialized (select correlation_id, count(*) as entries from product.credit_entry where correlation_id is not null group by 1),
  act as materialized (
    select approval_id, count(*) as events, array_agg(id::text) as ids from audit.event
    where approval_id is not null and kind = 'billing.credit.adjusted' and outcome = 'ok' group by 1),
  reviewed as materialized (
    select review.request_id, count(distinct coalesce(person.person_id, person.id)) filter (where review.decision = 'approve') as approvers,
      count(*) filter (where review.decision = 'deny') as denials,
      count(*) filter (where coalesce(person.person_id, person.id) = coalesce(requester.person_id, requester.id)) as own
    from gateway.approval_review review join gateway.staff person on person.id = review.reviewer_id
    join gateway.approval_request asked on asked.id = review.request_id join gateway.staff requester on requester.id = asked.requester_id group by 1),
  request as (
    select asked.*, ending.state, ending.ended_at, coalesce(effect.entries, 0) as effects, coalesce(act.events, 0) as acts,
      coalesce(ending.audit_event_id::text = any(act.ids), false) as named, coalesce(reviewed.approvers, 0) as approvers,
      coalesce(reviewed.denials, 0) as denials, coalesce(reviewed.own, 0) as own
    from gateway.approval_request asked left join gateway.approval_ending ending on ending.request_id = asked.id
    left join effect on effect.correlation_id = asked.correlation_id left join act on act.approval_id = asked.id::text
    left join reviewed on reviewed.request_id = asked.id)
  select
    count(*) filter (where effects <> (case when state = 'executed' then 1 else 0 end))::int as "notExactlyOnce",
    count(*) filter (where acts <> (case when state = 'executed' then 1 else 0 end) or named <> (state is not distinct from 'executed'))::int as "eventsAstray",
    coalesce(sum(own), 0)::int as "selfApprovals",
    count(*) filter (where effects > 0 and approvers < (rule -> 'alternatives' -> 0 ->> 'quorum')::int)::int as "shortOfQuorum",
    count(*) filter (where effects > 0 and denials >= (rule ->> 'denials')::int)::int as "executedThoughDenied",
    count(*) filter (where state = 'executed' and ended_at >= expires_at)::int as "executedLate",
    count(*) filter (where state is null and expires_at > clock_timestamp())::int as "stuck"
  from request`;

export type CountedFromRows = Omit<Discrepancies, 'acknowledgedButNot' | 'afterRevocation'>;

export async function countDiscrepancies(pool: pg.Pool): Promise<CountedFromRows> {
  const { rows } = await pool.query<CountedFromRows>(COUNTS);
  if (!rows[0]) throw new Error('nothing was counted');
  return rows[0];
}

/** How many requests ended how. */
export async function countEndings(pool: pg.Pool): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<{ state: string; count: number }>(
    `select coalesce(state, 'pending') as state, count(*)::int as count from gateway.approval_request left join gateway.approval_ending on request_id = id group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Which of these requests were executed. */
export async function executedAmong(pool: pg.Pool, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ id: string }>(`select request_id as id from gateway.approval_ending where state = 'executed' and request_id = any($1::uuid[])`, [ids]);
  return new Set(rows.map(({ id }) => id));
}
