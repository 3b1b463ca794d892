import { type RawBuilder, sql } from 'kysely';
import { type AnswersScope, inPeriod, reaching } from '../answers-scope.ts';

/** Accounts and what they may do. Of one tenant: accounts and access that reach it. */
export interface AccessFacts {
  /** Accounts that can sign in now, and those with an authenticator. */
  readonly accounts: number;
  readonly accountsWithFactor: number;
  /** Accounts disabled in the period, and what of disabled accounts is still open now. */
  readonly disabled: number;
  readonly openSessionsOfDisabled: number;
  readonly openTokensOfDisabled: number;
  /** Access given in the period, whatever became of it; lengths in hours, as given. */
  readonly given: number;
  readonly givenWithEnd: number;
  readonly longestHours: number | null;
  readonly medianHours: number | null;
  /** Access in force at the end of the period. */
  readonly standing: number;
  readonly standingWithoutEnd: number;
  readonly standingEverywhere: number;
  readonly tokens: number;
  readonly tokensOfNamedTenants: number;
  readonly longestTokenHours: number | null;
  readonly medianTokenHours: number | null;
}

/** In force at the end of the period: a grant ends by time or by hand, and of an account that is disabled it opens nothing. */
const standingAt = ({ to }: AnswersScope): RawBuilder<unknown> => sql`(
  held.activated_at < ${to}::timestamptz and (held.revoked_at is null or held.revoked_at >= ${to}::timestamptz) and (held.expires_at is null or held.expires_at > ${to}::timestamptz)
  and (holder.disabled_at is null or holder.disabled_at >= ${to}::timestamptz))`;

const hours = (length: RawBuilder<unknown>): RawBuilder<unknown> => sql`extract(epoch from ${length})::float8 / 3600`;

export async function readAccess(scope: AnswersScope): Promise<AccessFacts> {
  const { tx } = scope;
  const ofThose = scope.tenantId === null ? sql`true` : sql`exists (select from gateway.access_grant held where held.staff_id = person.id and ${reaching(scope, 'held')})`;
  const accounts = await sql<Pick<AccessFacts, 'accounts' | 'accountsWithFactor' | 'disabled' | 'openSessionsOfDisabled' | 'openTokensOfDisabled'>>`
    select
      count(*) filter (where person.state = 'active')::int as accounts,
      count(*) filter (where person.state = 'active' and person.totp_ciphertext is not null)::int as "accountsWithFactor",
      count(*) filter (where ${inPeriod(scope, sql`person.disabled_at`)})::int as disabled,
      coalesce(sum((select count(*) from gateway.session open where open.staff_id = person.id and open.ended_at is null and open.expires_at > clock_timestamp()))
        filter (where person.state = 'disabled'), 0)::int as "openSessionsOfDisabled",
      coalesce(sum((select count(*) from gateway.access_token open where open.staff_id = person.id and open.revoked_at is null and open.expires_at > clock_timestamp()))
        filter (where person.state = 'disabled'), 0)::int as "openTokensOfDisabled"
    from gateway.staff person where ${ofThose}`.execute(tx);
  const grants = await sql<Pick<AccessFacts, 'given' | 'givenWithEnd' | 'longestHours' | 'medianHours' | 'standing' | 'standingWithoutEnd' | 'standingEverywhere'>>`
    select
      count(*) filter (where given)::int as given,
      count(*) filter (where given and length is not null)::int as "givenWithEnd",
      ${hours(sql`max(length) filter (where given)`)} as "longestHours",
      ${hours(sql`percentile_cont(0.5) within group (order by length) filter (where given)`)} as "medianHours",
      count(*) filter (where standing)::int as standing,
      count(*) filter (where standing and expires_at is null)::int as "standingWithoutEnd",
      count(*) filter (where standing and is_global)::int as "standingEverywhere"
    from (
      select held.expires_at, held.is_global, ${inPeriod(scope, sql`held.created_at`)} as given, ${standingAt(scope)} as standing,
        coalesce(held.expires_at - coalesce(held.activated_at, held.created_at), make_interval(mins => held.minutes)) as length
      from gateway.access_grant held join gateway.staff holder on holder.id = held.staff_id where ${reaching(scope, 'held')}) access`.execute(tx);
  const tokens = await sql<Pick<AccessFacts, 'tokens' | 'tokensOfNamedTenants' | 'longestTokenHours' | 'medianTokenHours'>>`
    select count(*)::int as tokens, count(*) filter (where not is_global)::int as "tokensOfNamedTenants",
      ${hours(sql`max(expires_at - created_at)`)} as "longestTokenHours", ${hours(sql`percentile_cont(0.5) within group (order by expires_at - created_at)`)} as "medianTokenHours"
    from gateway.access_token made where ${inPeriod(scope, sql`made.created_at`)} and ${reaching(scope, 'made')}`.execute(tx);
  const [people] = accounts.rows;
  const [held] = grants.rows;
  const [made] = tokens.rows;
  if (!people || !held || !made) throw new Error('An aggregate always gives a row');
  return { ...people, ...held, ...made };
}
