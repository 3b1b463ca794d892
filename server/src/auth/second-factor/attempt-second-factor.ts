import { GatewayError } from '@sallyport/schema/errors.ts';
import type { AccessContext } from '../access-context.ts';
import { claimAttempt, SECOND_FACTOR } from '../attempt-budget.ts';
import { type RefusalRecord, refuse } from '../refuse.ts';

/**
 * Takes one of the person's attempts before a code is looked at. From here on the attempt is spent,
 * whatever happens, until the transaction that a right code leads to gives it back.
 * @throws {GatewayError} RATE_LIMITED, for right and wrong codes alike.
 */
export async function spendSecondFactorAttempt(access: AccessContext, staffId: string, refusal: RefusalRecord): Promise<void> {
  const claim = await claimAttempt(access.db, SECOND_FACTOR, staffId);
  if (!claim.claimed) throw await refuse(access, refusal, new GatewayError('RATE_LIMITED', undefined, { retryAfterSeconds: claim.retryAfterSeconds }));
}

/** Records the refusal and gives the error to throw; one text for wrong, replayed and expired. */
export const refuseCode = (access: AccessContext, refusal: RefusalRecord, retryAfterSeconds: number): Promise<GatewayError> =>
  refuse(access, refusal, new GatewayError('STEP_UP_FAILED', undefined, { retryAfterSeconds }));

/** A code of a form that no code has. It has cost an attempt all the same (THREATS B16). */
export const refuseForm = (access: AccessContext, refusal: RefusalRecord, message: string): Promise<GatewayError> =>
  refuse(access, refusal, new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'code', message }] }));
