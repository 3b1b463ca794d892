import { IDLE_MINUTES, SEEN_SECONDS } from '../sessions/session-limits.ts';

/** A row of either statement. `grants` is JSON text: the key under which computed rights are remembered. */
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
  readonly grants: string;
  readonly seen_long_ago: boolean;
}

const COLUMNS = `
  session.id as session_id, session.mode, session.second_factor, session.ip, session.created_at, session.expires_at,
  staff.id as staff_id, staff.email, staff.display_name,
  session.last_seen_at < clock_timestamp() - interval '${SEEN_SECONDS} seconds' as seen_long_ago`;

const LIVE_SESSION = `
  session.stage = 'full' and session.ended_at is null and session.expires_at > clock_timestamp()
  and session.last_seen_at > clock_timestamp() - interval '${IDLE_MINUTES} minutes' and staff.state = 'active'`;

const LIVE_GRANT = `held.revoked_at is null and (held.expires_at is null or held.expires_at > clock_timestamp())`;

const GRANT_JSON = `
  json_build_object('id', held.id, 'role', held.role, 'global', held.is_global, 'tenantIds', held.tenant_ids, 'reason', held.reason,
    'grantedBy', (select granter.display_name from gateway.staff granter where granter.id = held.granted_by),
    'expiresAt', to_char(held.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) order by held.created_at, held.id`;

/** Sessions by token hash ($1, bytea[]), their people and live grants: one round trip a request or less, prepared once a connection. */
export const LOAD_VIEWERS = `
  select encode(session.token_hash, 'hex') as presented, ${COLUMNS}, coalesce((select json_agg(${GRANT_JSON}) from gateway.access_grant held where held.staff_id = staff.id and ${LIVE_GRANT}), '[]')::text as grants
  from gateway.session join gateway.staff on staff.id = session.staff_id
  where session.token_hash = any($1::bytea[]) and ${LIVE_SESSION}`;

/**
 * The same by session ID ($1) and person ($2), each row locked FOR SHARE in the house's order (session, person, grants):
 * whoever ends the session, disables the person or revokes a grant comes either wholly before or wholly after.
 * A lock that was waited for judges the row as it then stands.
 */
export const RELOAD_VIEWER = `
  with live as materialized (
    select ${COLUMNS} from gateway.session join gateway.staff on staff.id = session.staff_id
    where session.id = $1 and staff.id = $2 and ${LIVE_SESSION}
    for share of session, staff),
  held as materialized (
    select held.* from gateway.access_grant held where held.staff_id = (select staff_id from live) and ${LIVE_GRANT}
    for share)
  select live.*, coalesce((select json_agg(${GRANT_JSON}) from held), '[]')::text as grants from live`;

/** Notes that the session is in use; at most one writer a minute. */
export const TOUCH_SESSION = `
  update gateway.session set last_seen_at = clock_timestamp()
  where id = $1 and ended_at is null and last_seen_at < clock_timestamp() - interval '${SEEN_SECONDS} seconds'`;
