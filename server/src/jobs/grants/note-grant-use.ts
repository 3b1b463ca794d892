import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/** Minutes that an act may take from its event's time to its commit and still be found. */
const LONGEST_ACT_MINUTES = 10;

/**
 * Notes when each grant was last used: the time of the last event that names it and whose outcome is `ok`, so an act or a recorded
 * read that was allowed by it. Reads on from the last use known; nothing is noted in the way of a request. Safe to run again at any
 * time, by any number of gateways: the later time wins.
 */
export async function noteGrantUse(db: Db): Promise<void> {
  await sql`
    insert into gateway.grant_use as known (grant_id, last_used_at)
    select held.id, max(event.time)
    from audit.event event join gateway.access_grant held on held.id::text = event.grant_id
    where event.outcome = 'ok'
      and event.time > coalesce((select max(last_used_at) from gateway.grant_use), '-infinity'::timestamptz) - make_interval(mins => ${LONGEST_ACT_MINUTES}::int)
    group by held.id order by held.id
    on conflict (grant_id) do update set last_used_at = excluded.last_used_at where known.last_used_at < excluded.last_used_at`.execute(db);
}
