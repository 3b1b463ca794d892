import { GatewayError } from '@sallyport/schema/errors.ts';
import { SESSION_END_REFUSED } from '@sallyport/schema/modules/access/events.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { refuse } from '../refuse.ts';
import { answer, readBody, readText } from '../request-body.ts';
import { endSessions } from './end-sessions.ts';
import { IDLE_MINUTES } from './session-limits.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface SessionRow {
  readonly id: string;
  readonly created_at: string;
  readonly last_seen_at: string;
  readonly expires_at: string;
  readonly ip: string;
  readonly user_agent: string;
  readonly second_factor: string;
  readonly mode: string;
}

/** `GET /auth/sessions` → the caller's own live sessions, newest first. */
export async function listOwnSessions(access: AccessContext, viewer: Viewer): Promise<Response> {
  const { rows } = await sql<SessionRow>`
    select id, created_at, last_seen_at, expires_at, ip, user_agent, second_factor, mode from gateway.session
    where staff_id = ${viewer.actor.id} and stage = 'full' and ended_at is null
      and expires_at > clock_timestamp() and last_seen_at > clock_timestamp() - make_interval(mins => ${IDLE_MINUTES})
    order by created_at desc, id`.execute(access.db);
  const sessions = rows.map((row) => ({
    id: row.id,
    current: row.id === viewer.session.id,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    ip: row.ip,
    userAgent: row.user_agent,
    secondFactor: row.second_factor,
    mode: row.mode,
  }));
  return answer({ sessions });
}

/** `/auth/sessions/end {id}`: one of the caller's own. Another's, an ended and an imagined one are alike NOT_FOUND (THREATS A15). */
export async function endOwnSession(access: AccessContext, viewer: Viewer, request: Request, facts: RequestFacts): Promise<Response> {
  const id = readText(await readBody(request, ['id']), 'id', 64);
  const ended = UUID.test(id)
    ? await access.db.transaction().execute((tx) => endSessions(access.audit, tx, { staffId: viewer.actor.id, only: id, why: 'ended-by-owner' }, facts, { viewer }))
    : [];
  if (ended.length === 0) throw await refuse(access, { event: SESSION_END_REFUSED, facts, about: { viewer } }, new GatewayError('NOT_FOUND'));
  return answer({ ended: true }, id.toLowerCase() === viewer.session.id ? [access.cookies.clearSession()] : []);
}
