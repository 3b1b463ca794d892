import { GatewayError } from '@sallyport/schema/errors.ts';
import { inBoth } from '@sallyport/schema/policy/narrow.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import DataLoader from 'dataloader';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Pool, QueryResultRow } from 'pg';
import type { ViewerReading } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import type { CookieHeaders } from '../cookies.ts';
import { hashIfToken } from '../opaque-token.ts';
import type { SignedTokens } from '../tokens/signed-tokens.ts';
import { RELOAD_TOKEN, type TokenRow } from '../tokens/token-statement.ts';
import { createViewerMaker } from './grants-memory.ts';
import { createTokenLoader, type TokenLoader } from './load-token.ts';
import { LARGEST_BATCH, type RunStatement } from './run-statement.ts';
import { LOAD_VIEWERS, RELOAD_VIEWER, TOUCH_SESSION, type ViewerRow, WATCH_VIEWERS } from './session-statement.ts';

export interface ViewerLoader extends Pick<TokenLoader, 'loadOpaque'> {
  /** @throws {GatewayError} UNAUTHENTICATED when a session or token is named that is not live, or both are. Null when none is named. */
  loadViewer(headers: CookieHeaders, reading?: ViewerReading): Promise<Viewer | null>;
  reloadViewer(tx: Tx, viewer: Viewer): Promise<Viewer | null>;
  readViewers(sessionIds: readonly string[]): Promise<ReadonlyMap<string, Viewer>>;
}

/**
 * Reads who asks, afresh for every request. Requests that arrived in the same turn of the event loop are read in one statement,
 * which runs after all of them arrived; nothing of it is kept. With a pool the statement is prepared once per connection.
 */
export function createViewerLoader(access: AccessContext, pool: Pool | null, signed: SignedTokens | null = null): ViewerLoader {
  const makeViewer = createViewerMaker(access.roles);
  const run: RunStatement = async <R extends QueryResultRow>(name: string, text: string, values: readonly unknown[]) =>
    pool ? (await pool.query<R>({ name, text, values: [...values] })).rows : query<R>(access.db, text, values);
  const sessions = new DataLoader<Buffer, (ViewerRow & QueryResultRow) | null>(
    async (hashes) => {
      const rows = await run<ViewerRow & QueryResultRow & { readonly presented: string }>('sallyport_load_viewers', LOAD_VIEWERS, [hashes]);
      const found = new Map(rows.map((row) => [row.presented, row]));
      return hashes.map((hash) => found.get(hash.toString('hex')) ?? null);
    },
    { cache: false, maxBatchSize: LARGEST_BATCH, batchScheduleFn: setImmediate },
  );
  const tokens = createTokenLoader(run, makeViewer.ofToken, signed);
  return {
    async loadViewer(headers, { touch = true } = {}) {
      const cookie = access.cookies.readSession(headers);
      const authorization = headers.get('authorization');
      // Two of them name two callers: which is meant is not guessed (THREATS A08).
      if (authorization !== null && cookie !== null) throw new GatewayError('UNAUTHENTICATED');
      if (authorization !== null) return tokens.loadBearer(authorization);
      if (cookie === null) return null;
      const hash = hashIfToken(cookie);
      if (hash === null) throw new GatewayError('UNAUTHENTICATED');
      const row = await sessions.load(hash);
      if (!row) throw new GatewayError('UNAUTHENTICATED');
      if (touch && row.seen_long_ago) await run('sallyport_touch_session', TOUCH_SESSION, [row.session_id]);
      return makeViewer.ofSession(row);
    },
    async reloadViewer(tx, viewer) {
      const { token } = viewer;
      if (token === null) {
        const [row] = await query<ViewerRow>(tx, RELOAD_VIEWER, [viewer.session.id, viewer.actor.id]);
        return row ? makeViewer.ofSession(row) : null;
      }
      const [row] = await query<TokenRow>(tx, RELOAD_TOKEN, [viewer.session.id, viewer.actor.id, token.id, token.expiresAt]);
      if (!row) return null;
      const found = makeViewer.ofToken(row);
      // A token that came signed may hold less than it was made for; within one request a token never gains.
      return { ...found, token, rights: inBoth(found.rights, viewer.rights) };
    },
    async readViewers(sessionIds) {
      const rows = await run<ViewerRow & QueryResultRow>('sallyport_watch_viewers', WATCH_VIEWERS, [sessionIds]);
      return new Map(rows.map((row) => [row.session_id, makeViewer.ofSession(row)]));
    },
    loadOpaque: tokens.loadOpaque,
  };
}

const query = async <R>(db: Kysely<unknown>, text: string, values: readonly unknown[]): Promise<readonly R[]> =>
  (await db.executeQuery<R>(CompiledQuery.raw(text, [...values]))).rows;
