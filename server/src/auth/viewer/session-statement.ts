import { LIVE_GRANT } from '@sallyport/schema/modules/access/live-grant.ts';
import { IDLE_MINUTES, SEEN_SECONDS } from '../sessions/session-limits.ts';

/** A row of any of these statements. `grants` is JSON text: the key under which computed rights are remembered. */
export interface ViewerRow {
  readonly session_id: string;
  readonly mode: 'normal' | 'read-only';
  readonly second_factor: 'totp' | 'recovery-code';
  readonly ip: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly staff_id: string;
  readonly email: string;
  readonly display_name: string;
  readonly person_id: string;
  readonly grants: string;
  readonly seen_long_ago: boolean;
}

/** Person and session, of tables of these names. */
export const PERSON_AND_SESSION = `
  session.id as session_id, session.mode, session.second_factor, session.ip, session.created_at, session.expires_at,
  staff.id as staff_id, staff.email, staff.display_name, coalesce(staff.person_id, staff.id) as person_id,
  session.last_seen_at < clock_timestamp() - interval '${SEEN_SECONDS} seconds' as seen_long_ago`;

const LIVE_SESSION = `
  session.stage = 'full' and session.ended_at is null and session.expires_at > clock_timestamp()
  and session.last_seen_at > clock_timestamp() - interval '${IDLE_MINUTES} minutes' and staff.state = 'active'`;

export { LIVE_GRANT };
/** A grant that was given for one session is gone with it. */
export const OF_SESSION = (session: string): string => `${LIVE_GRANT} and (held.session_id is null or held.session_id = ${session})`;

const GRANT_JSON = `
  json_build_object('id', held.id, 'kind', held.kind, 'role', held.role, 'permissions', held.permissions, 'global', held.is_global, 'tenantIds', held.tenant_ids, 'reason', held.reason,
    'grantedBy', (select granter.display_name from gateway.staff granter where granter.id = held.granted_by),
    'expiresAt', to_char(held.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by held.created_at, held.id`;

/** As JSON text: the grants that a part `held` of the statement has found. */
export const GRANTS_FOUND = `coalesce((select json_agg(${GRANT_JSON}) from held), '[]')::text`;
/** As JSON text: the live grants of a person in a session. */
export const GRANTS_OF = (staff: string, session: string): string =>
  `coalesce((select json_agg(${GRANT_JSON}) from gateway.access_grant held where held.staff_id = ${staff} and ${OF_SESSION(session)}), '[]')::text`;

/** Sessions by token hash ($1, bytea[]), their people and live grants: one round trip a request or less, prepared once a connection. */
export const LOAD_VIEWERS = `
  select encode(session.token_hash, 'hex') as presented, ${PERSON_AND_SESSION}, ${GRANTS_OF('staff.id', 'session.id')} as grants
  from gateway.session join gateway.staff on staff.id = session.staff_id
  where session.token_hash = any($1::bytea[]) and ${LIVE_SESSION}`;

/** The same by session ID ($1, uuid[]), for whoever is no request: nothing is locked, and nothing counts as use. */
export const WATCH_VIEWERS = `
  select ${PERSON_AND_SESSION}, ${GRANTS_OF('staff.id', 'session.id')} as grants
  from gateway.session join gateway.staff on staff.id = session.staff_id
  where session.id = any($1::uuid[]) and ${LIVE_SESSION}`;

/**
 * The same by session ID ($1) and person ($2), each row locked FOR SHARE in the house's order (session, person, grants):
 * whoever ends the session, disables the person or revokes a grant comes either wholly before or wholly after.
 * A lock that was waited for judges the row as it then stands.
 */
export const RELOAD_VIEWER = `
  with live as materialized (
    select ${PERSON_AND_SESSION} from gateway.session join gateway.staff on staff.id = session.staff_id
    where session.id = $1 and staff.id = $2 and ${LIVE_SESSION}
    for share of session, staff),
  held as materialized (
    select held.* from gateway.access_grant held where held.staff_id = (select staff_id from live) and ${OF_SESSION('$1')}
    for share)
  select live.*, ${GRANTS_FOUND} as grants from live`;

/** Notes that the session is in use; at most one writer a minute. */
export const TOUCH_SESSION = `
  update gateway.session set last_seen_at = clock_timestamp()
  where id = $1 and ended_at is null and last_seen_at < clock_timestamp() - interval '${SEEN_SECONDS} seconds'`;
