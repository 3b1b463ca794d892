import { sql } from 'kysely';
import type { Db } from '../../ports.ts';
import { type DeclaredFlow, FACT_COLUMNS, flowFacts } from './flow-facts.ts';
import type { Period } from './period.ts';

/** Days, UTC, that are counted already and follow each other without a gap. */
export interface CountedDays {
  readonly first: string;
  readonly last: string;
  /** The instant at which the first begins and the one at which the last is over. */
  readonly from: string;
  readonly to: string;
}

/** Of the whole days of a period the newest run that is counted; null where none is. */
export async function countedDays(db: Db, { from, to }: Period): Promise<CountedDays | null> {
  const { rows } = await sql<CountedDays>`
    select min(day) as first, max(day) as last, min(day)::timestamp at time zone 'UTC' as "from", (max(day) + 1)::timestamp at time zone 'UTC' as "to"
    from (
      select day, day - (row_number() over (order by day))::integer as run from audit.flow_day
      where day::timestamp at time zone 'UTC' >= ${from}::timestamptz and (day + 1)::timestamp at time zone 'UTC' <= ${to}::timestamptz) counted
    group by run order by max(day) desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** How far back days are counted; older ones are read from the log where somebody asks. */
const KEPT_BACK = sql`interval '400 days'`;
/** A day is counted this long after its end: no transaction is open for as long, so nothing more of that day can appear. */
const SETTLED = sql`interval '1 hour'`;

/** A busy day takes longer than anybody waits for an answer. */
const PATIENCE_MS = 300_000;

/** The newest day that is over and not counted yet; null where there is none. */
async function dayToCount(db: Db): Promise<string | null> {
  const { rows } = await sql<{ day: string }>`
    with clock as (select clock_timestamp() as now offset 0),
    -- The oldest event is found by the index; an empty log has no days.
    began as (select greatest((select event.time from audit.event event order by event.time limit 1), clock.now - ${KEPT_BACK}) as time, clock.now from clock
      where exists (select from audit.event))
    select each.day::date as day
    from began, generate_series((began.time at time zone 'UTC')::date::timestamp, (began.now - ${SETTLED}) at time zone 'UTC' - interval '1 day', interval '1 day') each (day)
    where not exists (select from audit.flow_day counted where counted.day = each.day::date)
    order by each.day desc limit 1`.execute(db);
  return rows[0]?.day ?? null;
}

/**
 * Counts the newest day that is over and not counted yet, whole or not at all. Any number of gateways may do so at once: whoever else is at that day is
 * waited for, and has then done it.
 * @returns how many days were found to count: 1, or 0 where all are counted.
 */
export async function countNextDay(db: Db, flows: readonly DeclaredFlow[]): Promise<number> {
  const day = await dayToCount(db);
  if (day === null) return 0;
  await db.transaction().execute(async (tx) => {
    await sql`select set_config('statement_timeout', ${String(PATIENCE_MS)}, true)`.execute(tx);
    const { rows } = await sql<Period>`
      insert into audit.flow_day (day) values (${day}::date) on conflict (day) do nothing
      returning day::timestamp at time zone 'UTC' as "from", (day + 1)::timestamp at time zone 'UTC' as "to"`.execute(tx);
    const [period] = rows;
    if (!period) return;
    await sql`
      insert into audit.flow_count (${FACT_COLUMNS}, facts)
      select day, tenant_id, action, result, code, emergency, answer, coalesce(array_agg(code_seconds) filter (where code_seconds is not null), '{}'), count(*)
      from (${flowFacts({ ...period, reach: 'global', tenantId: null, flows })}) fact
      group by day, tenant_id, action, result, code, emergency, answer`.execute(tx);
  });
  return 1;
}
