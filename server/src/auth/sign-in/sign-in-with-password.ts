import { GatewayError } from '@sallyport/schema/errors.ts';
import { PASSWORD_ACCEPTED, PASSWORD_REFUSED } from '@sallyport/schema/modules/access/events.ts';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { describeAccessEvent } from '../access-event.ts';
import { normaliseEmail } from '../email.ts';
import { readPassword } from '../password.ts';
import { refuse } from '../refuse.ts';
import { answer, readBody } from '../request-body.ts';
import { endPresentedSession } from '../sessions/end-presented-session.ts';
import { startHalfSession } from '../sessions/start-session.ts';
import { findCandidate } from './find-candidate.ts';
import { releasePasswordAttempt, spendPasswordAttempt } from './password-attempt.ts';

const WRONG = 'The e-mail address or the password is wrong.';

/**
 * `/auth/sign-in {email, password}` → `{next: "totp"}` and a half-session. Known, unknown, invited and disabled
 * people cost the same statements and the same hash, and get the same answer (THREATS A09).
 */
export async function signInWithPassword(access: AccessContext, request: Request, facts: RequestFacts): Promise<Response> {
  const body = await readBody(request, ['email', 'password']);
  const email = normaliseEmail(body['email']);
  const password = readPassword(body['password']);
  const candidate = await findCandidate(access, email, access.cookies.readDevice(request.headers));
  const spent = await spendPasswordAttempt(access, candidate, facts);

  const right = await access.passwords.matches(password, candidate.passwordHash);
  const started = right && candidate.person?.state === 'active' ? await startAfterPassword() : null;
  if (started === null) throw await refuse(access, { event: PASSWORD_REFUSED, facts, about: { person: candidate.person } }, new GatewayError('UNAUTHENTICATED', WRONG));
  return answer({ next: 'totp' }, [access.cookies.setSession(started.token)]);

  async function startAfterPassword() {
    const person = candidate.person;
    if (person === null) return null;
    return access.db.transaction().execute(async (tx) => {
      await endPresentedSession(access, tx, request.headers, facts);
      const half = await startHalfSession(tx, person.id, facts);
      if (half === null) return null;
      await releasePasswordAttempt(tx, spent);
      await access.audit.append(tx, describeAccessEvent(PASSWORD_ACCEPTED, facts, { person, sessionId: half.id }));
      return half;
    });
  }
}
