import { GRANTS_FOUND, GRANTS_OF, OF_SESSION, PERSON_AND_SESSION, type ViewerRow } from '../viewer/session-statement.ts';

/** Seconds between two notes of a token's last use. */
const USED_SECONDS = 60;

/** A row of the statements below: the person and their live grants, as for a session, and the token. */
export interface TokenRow extends ViewerRow {
  readonly token_id: string;
  readonly token_name: string;
  readonly token_permissions: readonly string[];
  readonly token_global: boolean;
  readonly token_tenants: readonly string[];
  /** Its own end or its session's, whichever comes first. */
  readonly token_expires_at: string;
  readonly used_long_ago: boolean;
  /** Unix time of reading by the database's clock, in seconds. */
  readonly now: number;
}

const TOKEN = `
  token.id as token_id, token.name as token_name, token.permissions as token_permissions, token.is_global as token_global,
  token.tenant_ids as token_tenants, least(token.expires_at, session.expires_at) as token_expires_at,
  token.last_used_at is null or token.last_used_at < clock_timestamp() - interval '${USED_SECONDS} seconds' as used_long_ago,
  extract(epoch from clock_timestamp())::float8 as now`;

const LIVE_TOKEN = `token.revoked_at is null and token.expires_at > clock_timestamp()`;

/**
 * A token lives in the session in which it was made, however idle, until that is ended or comes to its end; and as long as the person is
 * active. `accessToken.state` of the module \`tokens\` says the same.
 */
const LIVE_PARENT = `session.stage = 'full' and session.ended_at is null and session.expires_at > clock_timestamp() and staff.state = 'active'`;

const TOKEN_OF_PERSON = `
  join gateway.session on session.id = token.session_id and session.staff_id = token.staff_id
  join gateway.staff on staff.id = session.staff_id`;

/** Tokens by hash ($1, bytea[]): one round trip a request or less. */
export const LOAD_TOKENS = `
  select encode(token.token_hash, 'hex') as presented, ${PERSON_AND_SESSION}, ${TOKEN}, ${GRANTS_OF('staff.id', 'session.id')} as grants
  from gateway.access_token token ${TOKEN_OF_PERSON}
  where token.token_hash = any($1::bytea[]) and ${LIVE_TOKEN} and ${LIVE_PARENT}`;

/** Tokens that signed ones name, by ID and key ($1, uuid[]; $2, text[]): a key that has come to its end vouches for nothing. */
export const LOAD_SIGNED_TOKENS = `
  select asked.token_id || ' ' || asked.kid as presented, ${PERSON_AND_SESSION}, ${TOKEN}, ${GRANTS_OF('staff.id', 'session.id')} as grants
  from unnest($1::uuid[], $2::text[]) as asked(token_id, kid)
  join gateway.signing_key vouching on vouching.kid = asked.kid and (vouching.expires_at is null or vouching.expires_at > clock_timestamp())
  join gateway.access_token token on token.id = asked.token_id ${TOKEN_OF_PERSON}
  where ${LIVE_TOKEN} and ${LIVE_PARENT}`;

/**
 * The same by session ID ($1), person ($2), token ($3) and the end that was known ($4), each row locked FOR SHARE in the house's order
 * (session, person, grants, token): whoever revokes comes either wholly before or wholly after.
 */
export const RELOAD_TOKEN = `
  with live as materialized (
    select ${PERSON_AND_SESSION} from gateway.session join gateway.staff on staff.id = session.staff_id
    where session.id = $1 and staff.id = $2 and ${LIVE_PARENT}
    for share of session, staff),
  held as materialized (
    select held.* from gateway.access_grant held where held.staff_id = (select staff_id from live) and ${OF_SESSION('$1')}
    for share),
  token as materialized (
    select token.* from gateway.access_token token
    where (select count(*) from held) >= 0 and token.id = $3 and token.session_id = $1 and token.staff_id = $2 and ${LIVE_TOKEN} and $4::timestamptz > clock_timestamp()
    for share)
  select live.*, ${TOKEN.replaceAll('session.expires_at', 'live.expires_at')}, ${GRANTS_FOUND} as grants from live, token`;

/** Notes that the token is in use; at most one writer a minute. */
export const TOUCH_TOKEN = `
  update gateway.access_token set last_used_at = clock_timestamp()
  where id = $1 and (last_used_at is null or last_used_at < clock_timestamp() - interval '${USED_SECONDS} seconds')`;
