import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import DataLoader from 'dataloader';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Pool, QueryResultRow } from 'pg';
import type { AccessContext } from '../access-context.ts';
import type { CookieHeaders } from '../cookies.ts';
import { hashIfToken } from '../opaque-token.ts';
import { createViewerMaker } from './grants-memory.ts';
import { LOAD_VIEWERS, RELOAD_VIEWER, TOUCH_SESSION, type ViewerRow } from './session-statement.ts';

export interface ViewerLoader {
  /** @throws {GatewayError} UNAUTHENTICATED when a session is named that is not live. Null when none is named. */
  loadViewer(headers: CookieHeaders): Promise<Viewer | null>;
  reloadViewer(tx: Tx, viewer: Viewer): Promise<Viewer | null>;
}

/** Sessions read in one statement, at most. */
const LARGEST_BATCH = 64;

/**
 * Reads who asks, afresh for every request. Requests that arrived in the same turn of the event loop are read in one statement,
 * which runs after all of them arrived; nothing of it is kept. With a pool the statement is prepared once per connection.
 */
export function createViewerLoader(access: AccessContext, pool: Pool | null): ViewerLoader {
  const makeViewer = createViewerMaker(access.roles);
  const run = async <R extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<readonly R[]> =>
    pool ? (await pool.query<R>({ name, text, values: [...values] })).rows : query<R>(access.db, text, values);
  const sessions = new DataLoader<Buffer, (ViewerRow & QueryResultRow) | null>(
    async (hashes) => {
      const rows = await run<ViewerRow & QueryResultRow & { readonly presented: string }>('sallyport_load_viewers', LOAD_VIEWERS, [hashes]);
      const found = new Map(rows.map((row) => [row.presented, row]));
      return hashes.map((hash) => found.get(hash.toString('hex')) ?? null);
    },
    { cache: false, maxBatchSize: LARGEST_BATCH, batchScheduleFn: setImmediate },
  );
  return {
    async loadViewer(headers) {
      // Tokens for tooling are not served yet: a header that claims one is refused, never overlooked (THREATS A08).
      if (headers.get('authorization') !== null) throw new GatewayError('UNAUTHENTICATED');
      const cookie = access.cookies.readSession(headers);
      if (cookie === null) return null;
      const hash = hashIfToken(cookie);
      if (hash === null) throw new GatewayError('UNAUTHENTICATED');
      const row = await sessions.load(hash);
      if (!row) throw new GatewayError('UNAUTHENTICATED');
      if (row.seen_long_ago) await run('sallyport_touch_session', TOUCH_SESSION, [row.session_id]);
      return makeViewer(row);
    },
    async reloadViewer(tx, viewer) {
      const [row] = await query<ViewerRow>(tx, RELOAD_VIEWER, [viewer.session.id, viewer.actor.id]);
      return row ? makeViewer(row) : null;
    },
  };
}

const query = async <R>(db: Kysely<unknown>, text: string, values: readonly unknown[]): Promise<readonly R[]> =>
  (await db.executeQuery<R>(CompiledQuery.raw(text, [...values]))).rows;
