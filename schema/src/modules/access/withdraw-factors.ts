import { sql } from 'kysely';
import type { Tx } from '../../ports.ts';

/**
 * Puts an account back to where it was before its enrolment: no password, no authenticator, no recovery code, no known browser. Grants
 * stay. Failures of the factor that is gone are forgotten: whoever was locked out for them could never confirm the new one.
 * @returns false where the account is disabled or not there.
 */
export async function withdrawFactors(tx: Tx, staffId: string): Promise<boolean> {
  const { rows } = await sql`
    update gateway.staff set state = 'invited', password_hash = null, password_changed_at = null, totp_ciphertext = null, totp_key_id = null, totp_fingerprint = null, totp_enrolled_at = null
    where id = ${staffId} and state <> 'disabled' returning id`.execute(tx);
  if (rows.length === 0) return false;
  await sql`delete from gateway.recovery_code where staff_id = ${staffId}`.execute(tx);
  await sql`delete from gateway.known_device where staff_id = ${staffId}`.execute(tx);
  await sql`delete from gateway.attempt_budget where scope = 'second-factor' and subject = ${staffId}::text`.execute(tx);
  return true;
}

/** Sessions before their person: the house's order of locks. Whoever acts in one of them comes before, or finds it ended. */
export const lockSessionsOf = async (tx: Tx, staffId: string): Promise<void> => {
  await sql`select 1 from gateway.session where staff_id = ${staffId}::uuid and ended_at is null order by id for update`.execute(tx);
};
