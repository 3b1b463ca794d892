import { GatewayError } from '@sallyport/schema/errors.ts';
import { PASSWORD_REFUSED } from '@sallyport/schema/modules/access/events.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { releaseAttempt } from '../attempt-budget.ts';
import { refuse } from '../refuse.ts';
import { findCandidate } from '../sign-in/find-candidate.ts';
import { spendPasswordAttempt } from '../sign-in/password-attempt.ts';

/**
 * Asks a signed-in person for their password again, on the same attempts as a sign-in (THREATS B17).
 * @throws {GatewayError} RATE_LIMITED; BAD_INPUT naming `path` when it is wrong (the session itself is still good).
 */
export async function confirmOwnPassword(access: AccessContext, viewer: Viewer, password: string, headers: Headers, facts: RequestFacts, path: string): Promise<void> {
  const candidate = await findCandidate(access, viewer.actor.email, access.cookies.readDevice(headers));
  const spent = await spendPasswordAttempt(access, candidate, facts);
  if (!(await access.passwords.matches(password, candidate.passwordHash))) {
    const wrong = new GatewayError('BAD_INPUT', undefined, { issues: [{ path, message: 'The password is wrong.' }] });
    throw await refuse(access, { event: PASSWORD_REFUSED, facts, about: { viewer } }, wrong);
  }
  for (const { rule, subject } of spent) await releaseAttempt(access.db, rule, subject);
}
