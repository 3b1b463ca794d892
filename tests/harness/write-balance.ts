import type pg from 'pg';

/** What must all be nothing: rows on one side that the other side does not know of. */
export interface Imbalance {
  readonly changesWithoutEvent: number;
  readonly eventsWithoutChange: number;
  /** Effects beyond the first of one request. */
  readonly changesTwice: number;
  /** Entries in the books whose message was neither queued nor sent, or twice. */
  readonly messagesLostOrTwice: number;
  /** Tenants whose balance is not the sum of their entries. */
  readonly balancesWrong: number;
}

export interface Balance {
  look(): Promise<Imbalance>;
  /** Each figure at its worst over all looks. */
  worst(): Imbalance;
}

/** `$1`: entries, `$2`: invoices with their counters, `$3`: the last event, all as they stood before the writing began. */
const LOOK = `
  with booked as (select * from product.credit_entry where kind = 'adjustment' and id <> all($1::uuid[])),
  adjusted as (select * from audit.event where kind = 'billing.credit.adjusted' and outcome = 'ok' and sequence > $3),
  resent as (select target_id, count(*)::int as events from audit.event where kind = 'billing.invoice.resent' and outcome = 'ok' and sequence > $3 group by 1),
  sent as (select invoice.id::text, invoice.times_sent - earlier.times as sent from product.invoice join json_to_recordset($2::json) as earlier(id uuid, times int) using (id)),
  resends as (select coalesce(sent, 0) as sent, coalesce(events, 0) as events from sent full join resent on resent.target_id = sent.id)
  select
    (select count(*)::int from booked where not exists (select from adjusted where adjusted.correlation_id = booked.correlation_id::text and adjusted.after ? ('creditEntry/' || booked.id || '.reference')))
      + (select coalesce(sum(greatest(sent - events, 0)), 0)::int from resends) as "changesWithoutEvent",
    (select count(*)::int from adjusted where not exists (select from booked where booked.correlation_id::text = adjusted.correlation_id and adjusted.after ? ('creditEntry/' || booked.id || '.reference')))
      + (select coalesce(sum(greatest(events - sent, 0)), 0)::int from resends) as "eventsWithoutChange",
    (select coalesce(sum(times - 1), 0)::int from (select count(*) as times from booked group by correlation_id) as by_request) as "changesTwice",
    (select count(*)::int from booked where 1 <> (
      select count(distinct id) from (
        select id from gateway.outgoing_message where payload->>'creditEntryId' = booked.id::text
        union all
        select (payload->>'messageId')::uuid from graphile_worker._private_jobs where payload->'payload'->>'creditEntryId' = booked.id::text) as message)) as "messagesLostOrTwice",
    (select count(*)::int from product.tenant where credit_balance <> (select coalesce(sum(amount), 0) from product.credit_entry where tenant_id = tenant.id)) as "balancesWrong"`;

const NOTHING: Imbalance = { changesWithoutEvent: 0, eventsWithoutChange: 0, changesTwice: 0, messagesLostOrTwice: 0, balancesWrong: 0 };

/** Compares the demo product's credit entries and invoice counters with the log and the outbox, from this moment on. */
export async function openBalance(superuser: pg.Pool): Promise<Balance> {
  const entries = await superuser.query<{ id: string }>('select id from product.credit_entry');
  const invoices = await superuser.query<{ id: string; times: number }>('select id, times_sent as times from product.invoice');
  const last = await superuser.query<{ sequence: number }>('select coalesce(max(sequence), 0)::int as sequence from audit.event');
  let worst = NOTHING;
  return {
    async look() {
      const { rows } = await superuser.query<Imbalance>(LOOK, [entries.rows.map(({ id }) => id), JSON.stringify(invoices.rows), last.rows[0]?.sequence ?? 0]);
      const found = rows[0] ?? NOTHING;
      worst = Object.fromEntries(Object.entries(worst).map(([name, most]) => [name, Math.max(most, found[name as keyof Imbalance])])) as unknown as Imbalance;
      return found;
    },
    worst: () => worst,
  };
}
