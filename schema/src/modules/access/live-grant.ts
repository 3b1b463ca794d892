/**
 * SQL over a grant, by the alias it has in the statement: whether it holds now, under whatever session. The database's clock decides. The one place
 * that says so, for whoever admits, counts or judges.
 */
export const liveGrant = (grant: string): string =>
  `${grant}.revoked_at is null and ${grant}.activated_at is not null and (${grant}.expires_at is null or ${grant}.expires_at > clock_timestamp())`;

/** Of the grant called `held`. */
export const LIVE_GRANT = liveGrant('held');
