import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AccessContext } from '../access-context.ts';
import { releaseAttempt, SECOND_FACTOR } from '../attempt-budget.ts';
import type { RefusalRecord } from '../refuse.ts';
import { openSecret } from '../sealed-secret.ts';
import { findStep, isTotpForm, secondsToNextCode } from '../totp.ts';
import { failGuard, GuardFailed } from './guard.ts';
import { refuseCode, refuseForm, spendSecondFactorAttempt } from './attempt-second-factor.ts';

interface TotpRow {
  readonly ciphertext: Buffer | null;
  readonly key_id: string | null;
  readonly last_step: number | null;
  readonly epoch: number;
}

/**
 * Checks a TOTP code and, in one transaction, runs `work`, spends the code's time step and gives the attempt back.
 * `work` comes first so that locks are taken in the house's order: session, then person.
 * One time step yields at most one success, whatever it was for: the guarded UPDATE alone decides (THREATS X14).
 * The time is the database's; the caller's clock is never read.
 * @throws {GatewayError} RATE_LIMITED, BAD_INPUT (no six digits), STEP_UP_FAILED.
 */
export async function acceptTotp<T>(access: AccessContext, staffId: string, code: unknown, refusal: RefusalRecord, work: (tx: Tx) => Promise<T>): Promise<T> {
  await spendSecondFactorAttempt(access, staffId, refusal);
  if (!isTotpForm(code)) throw await refuseForm(access, refusal, 'Six digits.');
  const { step, epoch } = await matchStep(access, staffId, code);
  try {
    return await access.db.transaction().execute(async (tx) => {
      if (step === null) await spendStep(tx, staffId, -1).then(failGuard);
      const result = await work(tx);
      if (!(await spendStep(tx, staffId, step ?? -1))) failGuard();
      await releaseAttempt(tx, SECOND_FACTOR, staffId);
      return result;
    });
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error;
    throw await refuseCode(access, refusal, secondsToNextCode(epoch));
  }
}

async function matchStep(access: AccessContext, staffId: string, code: string): Promise<{ step: number | null; epoch: number }> {
  const { rows } = await sql<TotpRow>`
    select totp_ciphertext as ciphertext, totp_key_id as key_id, totp_last_step as last_step, extract(epoch from clock_timestamp())::float8 as epoch
    from gateway.staff where id = ${staffId} and state = 'active'`.execute(access.db);
  const row = rows[0];
  if (!row?.ciphertext || row.key_id === null) return { step: null, epoch: row?.epoch ?? 0 };
  const secret = openSecret(access.keys, staffId, { ciphertext: row.ciphertext, keyId: row.key_id });
  const step = findStep(secret, code, row.epoch);
  // A replayed code takes the way of a wrong one from here, so that no clock tells them apart (THREATS B22);
  // what decides under a race is the guarded UPDATE.
  return { step: step !== null && step > (row.last_step ?? -1) ? step : null, epoch: row.epoch };
}

/** True for the one caller that gets the step. A step of -1 never matches and costs the same statement. */
async function spendStep(tx: Tx | Db, staffId: string, step: number): Promise<boolean> {
  const { rows } = await sql`
    update gateway.staff set totp_last_step = ${step}::bigint
    where id = ${staffId} and state = 'active' and ${step}::bigint >= 0 and (totp_last_step is null or totp_last_step < ${step}::bigint)
    returning id`.execute(tx);
  return rows.length > 0;
}
