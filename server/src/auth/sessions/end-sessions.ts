import { SESSION_ENDED } from '@sallyport/schema/modules/access/events.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { type AccessEventFacts, describeAccessEvent } from '../access-event.ts';
import { IDLE_MINUTES } from './session-limits.ts';

export type EndReason = 'signed-out' | 'ended-by-owner' | 'replaced' | 'enrolment' | 'password-changed' | 'totp-replaced' | 'person-disabled';

export interface SessionsToEnd {
  readonly staffId: string;
  /** Only this one; all of the person's otherwise. */
  readonly only?: string;
  readonly except?: string;
  readonly why: EndReason;
}

/**
 * Ends live sessions of a person, one event for each, in the caller's transaction: from its commit on they are
 * refused. Locks sessions before any lock on the person, which is the house's order. Returns the full ones' IDs.
 */
export async function endSessions(audit: AuditLog, tx: Tx, which: SessionsToEnd, facts: RequestFacts, by: Pick<AccessEventFacts, 'viewer' | 'person'>): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string; stage: string; live: boolean }>`
    update gateway.session set ended_at = clock_timestamp(), end_reason = ${which.why}
    where staff_id = ${which.staffId} and ended_at is null and expires_at > clock_timestamp()
      and (${which.only ?? null}::uuid is null or id = ${which.only ?? null}::uuid)
      and (${which.except ?? null}::uuid is null or id <> ${which.except ?? null}::uuid)
    returning id, stage, last_seen_at > clock_timestamp() - make_interval(mins => ${IDLE_MINUTES}) as live`.execute(tx);
  const ended = rows.filter((row) => row.stage === 'full' && row.live).map((row) => row.id);
  for (const id of ended) {
    await audit.append(
      tx,
      describeAccessEvent(SESSION_ENDED, facts, {
        ...by,
        sessionId: by.viewer?.session.id ?? id,
        target: { type: 'session', id },
        detail: { why: which.why, staffId: which.staffId },
      }),
    );
  }
  return ended;
}
