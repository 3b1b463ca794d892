import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { EntryStream } from '../../transparency/entry-stream.ts';

/** One page is with the caller and one on its way from the database, so that neither waits for the other. */
const PAGE = 500;

/**
 * Canonical bytes of these entries, in this order, page by page; no connection is held in between.
 * @param beforePage asked again and again while the entries go out; what it throws ends them
 * @throws {GatewayError} UNAVAILABLE where an entry is gone meanwhile, because its segment has served its time
 */
export async function* openEntries(db: Db, indexes: readonly number[], beforePage: () => Promise<void>): EntryStream {
  const readAt = async (from: number): Promise<readonly Buffer[]> => {
    await beforePage();
    return readPage(db, indexes.slice(from, from + PAGE));
  };
  if (indexes.length === 0) return;
  let ahead = readAt(0);
  for (let from = 0; from < indexes.length; from += PAGE) {
    const page = await ahead;
    if (from + PAGE < indexes.length) {
      ahead = readAt(from + PAGE);
      // Whoever comes for the page learns of its failure; nobody does where the entries are left before their end.
      ahead.catch(() => undefined);
    }
    yield page;
  }
}

async function readPage(db: Db, indexes: readonly number[]): Promise<readonly Buffer[]> {
  const { rows } = await sql<{ canonical: Buffer }>`
    select event.canonical from audit.leaf leaf
    join lateral (
      select canonical from audit.event e where e.id = leaf.event_id and e.time = leaf.time and e.retention = leaf.retention limit 1) event on true
    where leaf.log_index = any(${indexes}::bigint[]) order by leaf.log_index`.execute(db);
  if (rows.length !== indexes.length) throw new GatewayError('UNAVAILABLE', 'Events of this pack are no longer there. Make it again.');
  return rows.map(({ canonical }) => canonical);
}
