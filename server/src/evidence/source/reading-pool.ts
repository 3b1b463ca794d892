import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '@sallyport/schema/ports.ts';
import pg from 'pg';
import { kyselyOn } from '../../db/connect.ts';

/** Two for each pack that one process makes at a time, at most: a page of events, and what sums them up meanwhile. */
const CONNECTIONS = 6;
/** Milliseconds after which a statement is cut off: one that selects a million events may take longer than anything else here may. */
const STATEMENT_MS = 120_000;
/** Milliseconds that the end waits for statements under way; what outlasts them ends with the process. */
const GRACE_MS = 5_000;

/**
 * Connections of their own for reading what goes into packs, with the gateway's own rights: whoever else is served waits for none of them, and they
 * may take their time.
 */
export function openReadingPool(pool: pg.Pool): { readonly db: Db; end(): Promise<void> } {
  const own = new pg.Pool({ ...pool.options, max: CONNECTIONS, application_name: 'sallyport-evidence', statement_timeout: STATEMENT_MS });
  own.on('error', () => undefined);
  own.on('connect', (client) => client.on('error', () => undefined));
  return { db: kyselyOn(own), end: () => Promise.race([own.end(), pause(GRACE_MS, undefined, { ref: false })]) };
}
