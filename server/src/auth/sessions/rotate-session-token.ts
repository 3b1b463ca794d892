import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { hashIfToken, makeToken } from '../opaque-token.ts';

/** Gives a live session a new cookie; the old one is dead from the commit on. Null when it was rotated or ended meanwhile. */
export async function rotateSessionToken(tx: Tx, sessionId: string, presented: string | null): Promise<string | null> {
  const { token, hash } = makeToken();
  const { rows } = await sql`
    update gateway.session set token_hash = ${hash}, last_seen_at = clock_timestamp()
    where id = ${sessionId} and token_hash = ${hashIfToken(presented)} and ended_at is null and expires_at > clock_timestamp()
    returning id`.execute(tx);
  return rows.length > 0 ? token : null;
}
