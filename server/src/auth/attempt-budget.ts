import { accessSettings } from '@sallyport/schema/modules/access/settings.ts';
import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';

interface Allowance {
  readonly limit: number;
  readonly seconds: number;
}

/** How many failures are allowed. Windows begin with the first attempt in them. */
export interface AttemptRule {
  readonly scope: string;
  readonly short: Allowance;
  readonly long: Allowance;
  /** Failures in a row, however far apart; null for no such limit. */
  readonly consecutive: number | null;
}

/**
 * The rules (THREATS A10-A12, Inv7). Guesses at a password count by address, known or not, so that a stranger
 * learns nothing; a browser that has signed that person in before counts by itself, so that a stranger's flood never
 * keeps the holder out, and from elsewhere the wait is at most the window. Live sessions are untouched by any of it.
 */
export const PASSWORD_BY_ADDRESS: AttemptRule = { scope: 'password', short: { limit: 10, seconds: 300 }, long: { limit: 100, seconds: 86_400 }, consecutive: null };
export const PASSWORD_BY_DEVICE: AttemptRule = { scope: 'password-device', short: { limit: 10, seconds: 300 }, long: { limit: 100, seconds: 86_400 }, consecutive: null };
/** Against one guesser at many accounts; wide enough for an office behind one address. */
export const PASSWORD_BY_NETWORK: AttemptRule = { scope: 'password-network', short: { limit: 600, seconds: 300 }, long: { limit: 10_000, seconds: 86_400 }, consecutive: null };
/**
 * TOTP, recovery codes and confirmations together, by person, whatever the session or door. A right password
 * never resets it. 100 failures in a row (NIST SP 800-63B §5.2.2) need a new enrolment.
 */
export const SECOND_FACTOR: AttemptRule = {
  scope: 'second-factor',
  short: { limit: 10, seconds: 300 },
  long: { limit: 50, seconds: 86_400 },
  consecutive: accessSettings.secondFactorFailuresInARow,
};

export type Claim = { readonly claimed: true } | { readonly claimed: false; readonly retryAfterSeconds: number };

/**
 * Takes one attempt, in one statement and a commit of its own, before anything is compared: of any number of
 * parallel tries at most `limit` are ever checked, and a crash or rollback afterwards leaves the attempt spent.
 */
export async function claimAttempt(db: Db, rule: AttemptRule, subject: string): Promise<Claim> {
  const { short, long, consecutive } = rule;
  const claimed = await sql`
    insert into gateway.attempt_budget as budget (scope, subject, short_used, short_started_at, long_used, long_started_at, consecutive)
    values (${rule.scope}, ${subject}, 1, statement_timestamp(), 1, statement_timestamp(), 1)
    on conflict (scope, subject) do update set
      short_used = case when budget.short_started_at <= statement_timestamp() - make_interval(secs => ${short.seconds}) then 1 else budget.short_used + 1 end,
      short_started_at = case when budget.short_started_at <= statement_timestamp() - make_interval(secs => ${short.seconds}) then statement_timestamp() else budget.short_started_at end,
      long_used = case when budget.long_started_at <= statement_timestamp() - make_interval(secs => ${long.seconds}) then 1 else budget.long_used + 1 end,
      long_started_at = case when budget.long_started_at <= statement_timestamp() - make_interval(secs => ${long.seconds}) then statement_timestamp() else budget.long_started_at end,
      consecutive = budget.consecutive + 1
    where (budget.short_used < ${short.limit} or budget.short_started_at <= statement_timestamp() - make_interval(secs => ${short.seconds}))
      and (budget.long_used < ${long.limit} or budget.long_started_at <= statement_timestamp() - make_interval(secs => ${long.seconds}))
      and (${consecutive}::int is null or budget.consecutive < ${consecutive}::int)
    returning scope`.execute(db);
  if (claimed.rows.length > 0) return { claimed: true };
  const wait = await sql<{ seconds: number }>`
    select ceil(greatest(1,
      case when short_used >= ${short.limit} then extract(epoch from short_started_at - clock_timestamp()) + ${short.seconds} else 0 end,
      case when long_used >= ${long.limit} then extract(epoch from long_started_at - clock_timestamp()) + ${long.seconds} else 0 end,
      case when consecutive >= ${consecutive}::int then 86400 else 0 end))::int as seconds
    from gateway.attempt_budget where scope = ${rule.scope} and subject = ${subject}`.execute(db);
  return { claimed: false, retryAfterSeconds: wait.rows[0]?.seconds ?? 1 };
}

/** Gives one attempt back after success, and ends the row of failures. Earlier failures in the window stay counted. */
export async function releaseAttempt(db: Db | Tx, rule: AttemptRule, subject: string): Promise<void> {
  await sql`
    update gateway.attempt_budget set short_used = greatest(short_used - 1, 0), long_used = greatest(long_used - 1, 0), consecutive = 0
    where scope = ${rule.scope} and subject = ${subject}`.execute(db);
}

/** Forgets failures of a person's second factor, when that factor has been replaced by an enrolment. */
export async function forgetAttempts(tx: Tx, rule: AttemptRule, subject: string): Promise<void> {
  await sql`delete from gateway.attempt_budget where scope = ${rule.scope} and subject = ${subject}`.execute(tx);
}

/** The part of an IP address that counts as one network: an IPv4 address, or the /64 of an IPv6 one. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
