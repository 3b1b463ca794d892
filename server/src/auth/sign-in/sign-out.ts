import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { hashIfToken } from '../opaque-token.ts';
import { answer, readBody } from '../request-body.ts';
import { endSessions } from '../sessions/end-sessions.ts';

/** `/auth/sign-out`: ends the session, half or full, of the cookie and clears it. Signing out twice is no error. */
export async function signOut(access: AccessContext, request: Request, facts: RequestFacts): Promise<Response> {
  await readBody(request, []);
  const hash = hashIfToken(access.cookies.readSessionLeniently(request.headers));
  if (hash !== null) {
    await access.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ id: string; staff_id: string; display_name: string }>`
        select session.id, session.staff_id, staff.display_name from gateway.session join gateway.staff on staff.id = session.staff_id
        where session.token_hash = ${hash} and session.ended_at is null`.execute(tx);
      for (const row of rows) {
        await endSessions(access.audit, tx, { staffId: row.staff_id, only: row.id, why: 'signed-out' }, facts, { person: { id: row.staff_id, displayName: row.display_name } });
      }
    });
  }
  return answer({ signedOut: true }, [access.cookies.clearSession()]);
}
