import type { Tx } from '@sallyport/schema/ports.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import { type RawBuilder, sql } from 'kysely';
import type { Json } from '../../audit/plain-json.ts';
import type { ActFacts } from '../carry-out.ts';

/** Something about a request that an approver should look at twice: a code, and what goes with it. The console has the words. */
export type Oddity =
  | { readonly code: 'first-time'; readonly days: number }
  /** ISO weekday, 1 is Monday, and full hour in the office's time zone. */
  | { readonly code: 'outside-hours'; readonly weekday: number; readonly hour: number; readonly timeZone: string }
  | { readonly code: 'high-risk-tenant' }
  /** More than this person has asked for in that many days; `largestBefore` is a decimal. */
  | { readonly code: 'largest-amount'; readonly input: string; readonly largestBefore: string; readonly days: number }
  /** The same act by the same person on the same tenant, again and again: what a large sum in small slices looks like (D14). */
  | { readonly code: 'repeated'; readonly count: number; readonly hours: number };

const OFFICE = { timeZone: 'Asia/Jakarta', lastWeekday: 5, firstHour: 8, endHour: 18 } as const;
const LOOK_BACK_DAYS = 90;
const WINDOW_HOURS = 24;
/** So many of the same act within the window are ordinary. */
const ORDINARY_REPEATS = 3;

interface History {
  readonly isFirst: boolean;
  readonly weekday: number;
  readonly hour: number;
  readonly recent: number;
  readonly [largest: `largest:${string}`]: string | null;
}

const AMOUNT = /^-?\d{1,16}(\.\d{1,4})?$/;

/** What is odd about an act that somebody is about to ask for, by the log, the earlier requests and the database's clock. */
export async function findOddities(tx: Tx, action: ActionDeclaration, facts: ActFacts, kept: Readonly<Record<string, Json>>): Promise<readonly Oddity[]> {
  const requester = facts.viewer.actor.id;
  const amounts = Object.entries(action.input).flatMap(([name, input]) => {
    const amount = kept[name];
    const text = typeof amount === 'string' || typeof amount === 'number' ? String(amount) : '';
    return (input.type === 'money' || input.type === 'integer') && AMOUNT.test(text) ? [{ name, size: text.replace('-', '') }] : [];
  });
  // Null unless this one is larger than every earlier one.
  const largest = amounts.map(
    ({ name, size }): RawBuilder<unknown> => sql`(
      select case when max(abs((arguments ->> ${name})::numeric)) < ${size}::numeric then max(abs((arguments ->> ${name})::numeric))::text end
      from gateway.approval_request where requester_id = ${requester} and action = ${action.name}
        and requested_at > clock_timestamp() - make_interval(days => ${LOOK_BACK_DAYS})) as ${sql.id(`largest:${name}`)}`,
  );
  const office = sql`clock_timestamp() at time zone ${OFFICE.timeZone}`;
  const { rows } = await sql<History>`
    select ${sql.join([
      sql`not exists (select from audit.event where actor_id = ${requester} and action = ${action.name} and kind = ${action.event.kind} and outcome = 'ok'
        and time > clock_timestamp() - make_interval(days => ${LOOK_BACK_DAYS})) as "isFirst"`,
      sql`extract(isodow from ${office})::int as weekday`,
      sql`extract(hour from ${office})::int as hour`,
      // An executed request is an event of the act too: those that wait are what is added.
      sql`(select count(*) from audit.event where actor_id = ${requester} and action = ${action.name} and kind = ${action.event.kind} and outcome = 'ok'
          and tenant_id is not distinct from ${facts.tenantId}::text and time > clock_timestamp() - make_interval(hours => ${WINDOW_HOURS}))::int
        + (select count(*) from gateway.approval_request request where requester_id = ${requester} and action = ${action.name}
          and tenant_id is not distinct from ${facts.tenantId}::text and requested_at > clock_timestamp() - make_interval(hours => ${WINDOW_HOURS})
          and not exists (select from gateway.approval_ending ending where ending.request_id = request.id))::int as recent`,
      ...largest,
    ])}`.execute(tx);
  const [history] = rows;
  if (!history) return [];
  const { isFirst, weekday, hour, recent } = history;
  const atWork = weekday <= OFFICE.lastWeekday && hour >= OFFICE.firstHour && hour < OFFICE.endHour;
  return [
    ...(isFirst ? [{ code: 'first-time', days: LOOK_BACK_DAYS } as const] : []),
    ...(atWork ? [] : [{ code: 'outside-hours', weekday, hour, timeZone: OFFICE.timeZone } as const]),
    ...(facts.tenants.some(({ highRisk }) => highRisk) ? [{ code: 'high-risk-tenant' } as const] : []),
    ...amounts.flatMap(({ name }) => {
      const before = history[`largest:${name}`];
      return before ? [{ code: 'largest-amount', input: name, largestBefore: before, days: LOOK_BACK_DAYS } as const] : [];
    }),
    ...(recent >= ORDINARY_REPEATS ? [{ code: 'repeated', count: recent + 1, hours: WINDOW_HOURS } as const] : []),
  ];
}
