import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { hashIfToken } from '../opaque-token.ts';
import { endSessions } from './end-sessions.ts';

/** Ends the session whose cookie a new sign-in is about to overwrite, so that none is left alive that nobody holds. */
export async function endPresentedSession(access: AccessContext, tx: Tx, headers: Headers, facts: RequestFacts): Promise<void> {
  const hash = hashIfToken(access.cookies.readSessionLeniently(headers));
  if (hash === null) return;
  const { rows } = await sql<{ id: string; staff_id: string; display_name: string }>`
    select session.id, session.staff_id, staff.display_name from gateway.session join gateway.staff on staff.id = session.staff_id
    where session.token_hash = ${hash} and session.ended_at is null`.execute(tx);
  const row = rows[0];
  if (!row) return;
  await endSessions(access.audit, tx, { staffId: row.staff_id, only: row.id, why: 'replaced' }, facts, { person: { id: row.staff_id, displayName: row.display_name } });
}
