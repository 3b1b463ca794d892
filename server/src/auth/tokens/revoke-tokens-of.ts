import { tokenRevoked } from '@sallyport/schema/modules/tokens/token.event.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { describeAccessEvent } from '../access-event.ts';

/** Revokes every live token of a person whose access ends, an event for each. `viewer` is null on the machine itself. Returns how many. */
export async function revokeTokensOf(audit: AuditLog, tx: Tx, staffId: string, facts: RequestFacts, viewer: Viewer | null): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    update gateway.access_token set revoked_at = clock_timestamp(), revoked_by = ${viewer?.actor.id ?? null}
    where staff_id = ${staffId} and revoked_at is null and expires_at > clock_timestamp() returning id`.execute(tx);
  for (const { id } of rows)
    await audit.append(tx, describeAccessEvent(tokenRevoked, facts, { ...(viewer && { viewer }), target: { type: 'accessToken', id }, detail: { why: 'access-ended', staffId } }));
  return rows.length;
}
