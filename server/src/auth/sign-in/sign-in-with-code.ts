import { RECOVERY_CODE_USED, SECOND_FACTOR_REFUSED } from '@sallyport/schema/modules/access/events.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { describeAccessEvent } from '../access-event.ts';
import { releaseAttempt, SECOND_FACTOR } from '../attempt-budget.ts';
import type { RefusalRecord } from '../refuse.ts';
import { readBody } from '../request-body.ts';
import { acceptTotp } from '../second-factor/accept-totp.ts';
import { refuseCode, refuseForm, spendSecondFactorAttempt } from '../second-factor/attempt-second-factor.ts';
import { failGuard, GuardFailed } from '../second-factor/guard.ts';
import { countRecoveryCodes, normaliseRecoveryCode, spendRecoveryCode } from '../second-factor/recovery-codes.ts';
import { findHalfSession, type HalfSession } from '../sessions/find-half-session.ts';
import { answerSignedIn, completeSignIn } from './complete-sign-in.ts';

const refusalOf = (half: HalfSession, facts: RequestFacts, factor: string): RefusalRecord => ({
  event: SECOND_FACTOR_REFUSED,
  facts,
  about: { person: half.person, sessionId: half.id, detail: { factor } },
});

/** `/auth/totp {code}` → a full session. */
export async function signInWithTotp(access: AccessContext, request: Request, facts: RequestFacts): Promise<Response> {
  const half = await findHalfSession(access, request.headers);
  const { code } = await readBody(request, ['code']);
  const completed = await acceptTotp(access, half.person.id, code, refusalOf(half, facts, 'totp'), (tx) => completeSignIn(access, tx, half, 'totp', request.headers, facts));
  return answerSignedIn(access, half, completed);
}

/** `/auth/recovery-code {code}` → a full session; the code is spent. Same attempts as TOTP. */
export async function signInWithRecoveryCode(access: AccessContext, request: Request, facts: RequestFacts): Promise<Response> {
  const half = await findHalfSession(access, request.headers);
  const body = await readBody(request, ['code']);
  const refusal = refusalOf(half, facts, 'recovery-code');
  await spendSecondFactorAttempt(access, half.person.id, refusal);
  const code = normaliseRecoveryCode(body['code']);
  if (code === null) throw await refuseForm(access, refusal, 'A recovery code: sixteen letters and digits.');
  try {
    const completed = await access.db.transaction().execute(async (tx) => {
      const done = await completeSignIn(access, tx, half, 'recovery-code', request.headers, facts);
      const { rows } = await sql`select id from gateway.staff where id = ${half.person.id} and state = 'active' for share`.execute(tx);
      if (rows.length === 0 || !(await spendRecoveryCode(tx, half.person.id, code))) failGuard();
      await releaseAttempt(tx, SECOND_FACTOR, half.person.id);
      const left = await countRecoveryCodes(tx, half.person.id);
      await access.audit.append(tx, describeAccessEvent(RECOVERY_CODE_USED, facts, { person: half.person, sessionId: done.session.id, detail: { left } }));
      return done;
    });
    return answerSignedIn(access, half, completed);
  } catch (error) {
    if (error instanceof GuardFailed) throw await refuseCode(access, refusal, 1);
    throw error;
  }
}
