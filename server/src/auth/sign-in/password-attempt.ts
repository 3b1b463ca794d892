import { GatewayError } from '@sallyport/schema/errors.ts';
import { PASSWORD_REFUSED } from '@sallyport/schema/modules/access/events.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { type AttemptRule, claimAttempt, networkOf, PASSWORD_BY_ADDRESS, PASSWORD_BY_DEVICE, PASSWORD_BY_NETWORK, releaseAttempt } from '../attempt-budget.ts';
import { refuse } from '../refuse.ts';
import type { Candidate } from './find-candidate.ts';

/** Attempts that were taken for one try, to be given back if it succeeds. */
export type SpentAttempts = readonly { readonly rule: AttemptRule; readonly subject: string }[];

/**
 * Takes an attempt of the account (or of the known browser) and one of the network, before the password is looked at.
 * An account whose attempts are used up costs the network nothing, so one flooded account does not shut out its neighbours.
 * @throws {GatewayError} RATE_LIMITED with the time to wait; the refusal is on the log by then.
 */
export async function spendPasswordAttempt(access: AccessContext, candidate: Candidate, facts: RequestFacts): Promise<SpentAttempts> {
  const account = candidate.deviceId === null ? { rule: PASSWORD_BY_ADDRESS, subject: candidate.addressKey } : { rule: PASSWORD_BY_DEVICE, subject: candidate.deviceId };
  const network = { rule: PASSWORD_BY_NETWORK, subject: networkOf(facts.ip) };
  const first = await claimAttempt(access.db, account.rule, account.subject);
  if (!first.claimed) throw await refuseFor(first.retryAfterSeconds);
  const second = await claimAttempt(access.db, network.rule, network.subject);
  if (!second.claimed) {
    await releaseAttempt(access.db, account.rule, account.subject);
    throw await refuseFor(second.retryAfterSeconds);
  }
  return [account, network];

  function refuseFor(retryAfterSeconds: number): Promise<GatewayError> {
    return refuse(access, { event: PASSWORD_REFUSED, facts, about: { person: candidate.person } }, new GatewayError('RATE_LIMITED', undefined, { retryAfterSeconds }));
  }
}

export async function releasePasswordAttempt(tx: Tx, spent: SpentAttempts): Promise<void> {
  for (const { rule, subject } of spent) await releaseAttempt(tx, rule, subject);
}
