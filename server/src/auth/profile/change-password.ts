import { PASSWORD_CHANGED, SECOND_FACTOR_REFUSED } from '@sallyport/schema/modules/access/events.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { describeAccessEvent } from '../access-event.ts';
import { hashPassword, readNewPassword, readPassword } from '../password.ts';
import { answer, readBody } from '../request-body.ts';
import { acceptTotp } from '../second-factor/accept-totp.ts';
import { failGuard } from '../second-factor/guard.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { rotateSessionToken } from '../sessions/rotate-session-token.ts';
import { confirmOwnPassword } from './confirm-own-password.ts';

/** `/auth/password {password, code, newPassword}`: full re-authentication; ends the person's other sessions and marks of known browsers (THREATS A06). */
export async function changePassword(access: AccessContext, viewer: Viewer, request: Request, facts: RequestFacts): Promise<Response> {
  const body = await readBody(request, ['password', 'code', 'newPassword']);
  const newPassword = readNewPassword(body['newPassword'], viewer.actor.email, 'newPassword');
  await confirmOwnPassword(access, viewer, readPassword(body['password']), request.headers, facts, 'password');
  const passwordHash = await hashPassword(newPassword);
  const refusal = { event: SECOND_FACTOR_REFUSED, facts, about: { viewer, detail: { purpose: 'password' } } };
  const token = await acceptTotp(access, viewer.actor.id, body['code'], refusal, async (tx) => {
    const rotated = await rotateSessionToken(tx, viewer.session.id, access.cookies.readSession(request.headers));
    if (rotated === null) failGuard();
    await endSessions(access.audit, tx, { staffId: viewer.actor.id, except: viewer.session.id, why: 'password-changed' }, facts, { viewer });
    await sql`update gateway.staff set password_hash = ${passwordHash}, password_changed_at = clock_timestamp() where id = ${viewer.actor.id}`.execute(tx);
    await sql`delete from gateway.known_device where staff_id = ${viewer.actor.id}`.execute(tx);
    await access.audit.append(tx, describeAccessEvent(PASSWORD_CHANGED, facts, { viewer, target: { type: 'staffMember', id: viewer.actor.id } }));
    return rotated;
  });
  return answer({ changed: true }, [access.cookies.setSession(token)]);
}
