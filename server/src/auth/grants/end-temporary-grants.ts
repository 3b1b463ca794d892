import { GRANT_REVOKED } from '@sallyport/schema/modules/access/events.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { type AccessEventFacts, describeAccessEvent } from '../access-event.ts';

/** Ends what a person was lent for a time, used or waiting, with an event for each, in the caller's transaction. Returns how many. */
export async function endTemporaryGrants(audit: AuditLog, tx: Tx, staffId: string, facts: RequestFacts, by: Pick<AccessEventFacts, 'viewer'>): Promise<number> {
  const { rows } = await sql<{ id: string; kind: string }>`
    update gateway.access_grant set revoked_at = clock_timestamp(), revoked_by = ${by.viewer?.actor.id ?? null}, revoke_reason = 'access-ended'
    where staff_id = ${staffId} and kind <> 'standing' and revoked_at is null and (expires_at is null or expires_at > clock_timestamp())
      and (activated_at is not null or activate_before > clock_timestamp())
    returning id, kind`.execute(tx);
  for (const { id, kind } of rows)
    await audit.append(tx, describeAccessEvent(GRANT_REVOKED, facts, { ...by, target: { type: 'accessGrant', id }, detail: { staffId, kind, why: 'access-ended' } }));
  return rows.length;
}
