import { randomUUID } from 'node:crypto';
import { SESSION_ENDED, SESSION_STARTED } from '@sallyport/schema/modules/access/events.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { describeAccessEvent, type KnownPerson } from '../access-event.ts';
import { makeToken } from '../opaque-token.ts';
import { ABSOLUTE_HOURS, HALF_SESSION_MINUTES, IDLE_MINUTES, SESSIONS_PER_PERSON } from './session-limits.ts';

export interface StartedSession {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: string;
}

/** A half-session: the password was right, and nothing but the second factor may follow. Null when the person is not active. */
export async function startHalfSession(tx: Tx, staffId: string, facts: RequestFacts): Promise<StartedSession | null> {
  const { token, hash } = makeToken();
  const id = randomUUID();
  const { rows } = await sql<{ expires_at: string }>`
    insert into gateway.session (id, staff_id, token_hash, stage, expires_at, ip, user_agent)
    select ${id}, staff.id, ${hash}, 'half', clock_timestamp() + make_interval(mins => ${HALF_SESSION_MINUTES}), ${facts.ip}, ${facts.userAgent.slice(0, 300)}
    from gateway.staff where staff.id = ${staffId} and staff.state = 'active'
    for share of staff
    returning expires_at`.execute(tx);
  const row = rows[0];
  return row ? { id, token, expiresAt: row.expires_at } : null;
}

/**
 * A full session under a new random ID, with its event in the same transaction. The caller lets one sign-in of a
 * person through at a time, so that no more than the limit stay.
 */
export async function startFullSession(access: AccessContext, tx: Tx, person: KnownPerson, secondFactor: 'totp' | 'recovery-code', facts: RequestFacts): Promise<StartedSession> {
  const { token, hash } = makeToken();
  const id = randomUUID();
  const { rows } = await sql<{ expires_at: string }>`
    insert into gateway.session (id, staff_id, token_hash, stage, second_factor, expires_at, ip, user_agent)
    values (${id}, ${person.id}, ${hash}, 'full', ${secondFactor}, clock_timestamp() + make_interval(hours => ${ABSOLUTE_HOURS}), ${facts.ip}, ${facts.userAgent.slice(0, 300)})
    returning expires_at`.execute(tx);
  await access.audit.append(tx, describeAccessEvent(SESSION_STARTED, facts, { person, sessionId: id, target: { type: 'session', id }, detail: { secondFactor } }));
  await endOldestBeyondLimit(access, tx, person, facts);
  return { id, token, expiresAt: rows[0]?.expires_at ?? '' };
}

async function endOldestBeyondLimit(access: AccessContext, tx: Tx, person: KnownPerson, facts: RequestFacts): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update gateway.session set ended_at = clock_timestamp(), end_reason = 'limit'
    where id in (
      select id from gateway.session
      where staff_id = ${person.id} and stage = 'full' and ended_at is null
        and expires_at > clock_timestamp() and last_seen_at > clock_timestamp() - make_interval(mins => ${IDLE_MINUTES})
      order by created_at desc, id offset ${SESSIONS_PER_PERSON})
    returning id`.execute(tx);
  for (const { id } of rows) {
    await access.audit.append(
      tx,
      describeAccessEvent(SESSION_ENDED, facts, { person, sessionId: id, target: { type: 'session', id }, detail: { why: 'limit', staffId: person.id } }),
    );
  }
}
