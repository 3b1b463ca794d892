import { GatewayError } from '@sallyport/schema/errors.ts';
import { sql } from 'kysely';
import type { AccessContext } from '../access-context.ts';
import type { KnownPerson } from '../access-event.ts';
import { hashIfToken } from '../opaque-token.ts';

export interface HalfSession {
  readonly id: string;
  readonly person: KnownPerson & { readonly email: string };
}

/** @throws {GatewayError} UNAUTHENTICATED when the cookie names no live half-session of an active person. */
export async function findHalfSession(access: AccessContext, headers: Headers): Promise<HalfSession> {
  const hash = hashIfToken(access.cookies.readSession(headers));
  if (hash === null) throw new GatewayError('UNAUTHENTICATED');
  const { rows } = await sql<{ id: string; staff_id: string; email: string; display_name: string }>`
    select session.id, staff.id as staff_id, staff.email, staff.display_name
    from gateway.session join gateway.staff on staff.id = session.staff_id
    where session.token_hash = ${hash} and session.stage = 'half' and session.ended_at is null
      and session.expires_at > clock_timestamp() and staff.state = 'active'`.execute(access.db);
  const row = rows[0];
  if (!row) throw new GatewayError('UNAUTHENTICATED');
  return { id: row.id, person: { id: row.staff_id, email: row.email, displayName: row.display_name } };
}
