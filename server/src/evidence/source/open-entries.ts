import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { EntryStream } from '../../transparency/entry-stream.ts';

const PAGE = 1000;

/**
 * Canonical bytes of these entries, in this order, page by page; no connection is held in between.
 * @param beforePage asked again and again while the entries go out; what it throws ends them
 * @throws {GatewayError} UNAVAILABLE where an entry is gone meanwhile, because its segment has served its time
 */
export async function* openEntries(db: Db, indexes: readonly number[], beforePage: () => Promise<void>): EntryStream {
  for (let from = 0; from < indexes.length; from += PAGE) {
    await beforePage();
    const asked = indexes.slice(from, from + PAGE);
    const { rows } = await sql<{ canonical: Buffer }>`
      select event.canonical from audit.leaf leaf
      join lateral (
        select canonical from audit.event e where e.id = leaf.event_id and e.time = leaf.time and e.retention = leaf.retention limit 1) event on true
      where leaf.log_index = any(${asked}::bigint[]) order by leaf.log_index`.execute(db);
    if (rows.length !== asked.length) throw new GatewayError('UNAVAILABLE', 'Events of this pack are no longer there. Make it again.');
    yield rows.map(({ canonical }) => canonical);
  }
}
