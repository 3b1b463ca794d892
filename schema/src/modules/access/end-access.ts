import { sql } from 'kysely';
import type { ActServices, AuditEventDraft, Tx } from '../../ports.ts';

export interface EndedAccess {
  /** Of the requests that ended. */
  readonly events: readonly AuditEventDraft[];
  readonly detail: Readonly<Record<string, number>>;
}

/**
 * Ends all that a person has open: enrolment links, sessions, tokens, elevations and emergencies, requests; an event for each. Standing
 * grants stay. The person's row is locked by the caller, their sessions before it.
 */
export async function endAccess(tx: Tx, staffId: string, why: 'person-disabled' | 'enrolment', { staff, tokens, approvals }: ActServices): Promise<EndedAccess> {
  await sql`update gateway.enrolment_link set expires_at = least(expires_at, clock_timestamp()) where staff_id = ${staffId} and used_at is null`.execute(tx);
  const sessions = await staff.endSessions(tx, staffId, why);
  const grants = await staff.endTemporaryGrants(tx, staffId);
  const revoked = await tokens.revokeAllOf(tx, staffId);
  const events = await approvals.endAllOf(tx, staffId);
  return { events, detail: { sessionsEnded: sessions, temporaryGrantsEnded: grants, tokensRevoked: revoked, requestsEnded: events.length } };
}
