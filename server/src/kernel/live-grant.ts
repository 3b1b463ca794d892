/** SQL over a grant `held`: whether it holds now, under whatever session. The database's clock decides. */
export const LIVE_GRANT = `held.revoked_at is null and held.activated_at is not null and (held.expires_at is null or held.expires_at > clock_timestamp())`;
