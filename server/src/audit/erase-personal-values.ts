import type { Db, TargetReference } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

/**
 * Erases the personal values that events about one record, and requests that concern it, hold beside themselves (H16). Events, requests,
 * canonical bytes and commitments stay as they were. Needs the owner's connection: the serving role may not delete here.
 * @returns how many values are gone.
 */
export async function erasePersonalValues(owner: Db, target: TargetReference): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from audit.personal_value value using audit.event event
    where value.event_id = event.id and event.target_type = ${target.type} and event.target_id = ${target.id}`.execute(owner);
  const requests = await sql`delete from gateway.approval_value where target_type = ${target.type} and target_id = ${target.id}`.execute(owner);
  return Number(numAffectedRows ?? 0n) + Number(requests.numAffectedRows ?? 0n);
}
