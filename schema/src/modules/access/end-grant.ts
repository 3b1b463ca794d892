import { sql } from 'kysely';
import type { Tx } from '../../ports.ts';
import { isAdministratorsGrant, requireAnAdministratorLeft } from './last-administrator.ts';

export interface GrantEnding {
  /** Null where nobody did it, but time. */
  readonly by: string | null;
  readonly reason: string | null;
}

/**
 * Locks a grant that is about to change, before its holder's acts hold it FOR SHARE: two who would end one's own at once would else
 * each wait for the other. `holder` confines it to that person's.
 */
export async function lockGrant(tx: Tx, grantId: string, holder: string | null = null): Promise<void> {
  await sql`select 1 from gateway.access_grant where id = ${grantId}::uuid and (${holder}::uuid is null or staff_id = ${holder}::uuid) for update`.execute(tx);
}

/**
 * Ends a grant for good: from the commit on its holder's next request does without it, for whoever acts under it holds its row
 * FOR SHARE and comes before, or reads it revoked.
 * @returns false where it had ended already.
 * @throws {GatewayError} LAST_OWNER where nobody could administer access then.
 */
export async function endGrant(tx: Tx, grantId: string, { by, reason }: GrantEnding): Promise<boolean> {
  const { rows } = await sql`
    update gateway.access_grant set revoked_at = clock_timestamp(), revoked_by = ${by}, revoke_reason = ${reason}
    where id = ${grantId} and revoked_at is null and (expires_at is null or expires_at > clock_timestamp()) and (activated_at is not null or activate_before > clock_timestamp())
    returning id`.execute(tx);
  if (rows.length === 0) return false;
  if (await isAdministratorsGrant(tx, grantId)) await requireAnAdministratorLeft(tx);
  return true;
}
