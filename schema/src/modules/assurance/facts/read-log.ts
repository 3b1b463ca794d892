import { sql } from 'kysely';
import { type AnswersScope, inPeriod, ofTenant } from '../answers-scope.ts';

/** The log itself: of one tenant too it is the whole log that is checked, signed and kept. */
export interface LogFacts {
  /** Name of the log; null before anything was sealed. */
  readonly origin: string | null;
  readonly entries: number;
  /** Entries that the newest signature covers. */
  readonly signedEntries: number;
  /** Whole checks that ended in the period. */
  readonly verifications: number;
  readonly verificationsIntact: number;
  readonly lastVerifiedAt: string | null;
  readonly lastVerifiedIntact: boolean | null;
  /** Losses of events that two people acknowledged in the period. */
  readonly gaps: number;
  /** Places outside the database that hold checkpoints of the period; witnesses among them; those that fail at this moment. */
  readonly places: number;
  readonly witnesses: number;
  readonly placesFailing: number;
  /** Entries that a witness has signed for at this moment. */
  readonly witnessedEntries: number;
  /** Receivers that the log is streamed to at this moment, and those that fail. */
  readonly streams: number;
  readonly streamsFailing: number;
  /** Years by class. */
  readonly yearsOfActs: number;
  readonly yearsOfRefusals: number;
  readonly yearsOfReadings: number;
  /** Segments that were dropped in the period after they had served their time, and classes of the period of which something has gone. */
  readonly pruned: number;
  readonly prunedClasses: readonly string[];
  readonly erasures: number;
  readonly valuesErased: number;
}

export async function readLogFacts(scope: AnswersScope): Promise<LogFacts> {
  const years = (retention: string) => sql`(select years::int from audit.retention_period period where period.retention = ${retention})`;
  const { rows } = await sql<LogFacts>`
    select head.origin, coalesce(head.size, 0) as entries, coalesce(signed.size, 0) as "signedEntries",
      checks.verifications, checks.intact as "verificationsIntact", last.ended_at as "lastVerifiedAt", last.intact as "lastVerifiedIntact",
      (select count(*)::int from audit.log_gap gap where ${inPeriod(scope, sql`gap.acknowledged_at`)}) as gaps,
      outside.places, outside.witnesses, outside.failing as "placesFailing",
      coalesce((select max(seen.size) from audit.cosignature seen where seen.origin = head.origin), 0) as "witnessedEntries",
      streams.live as streams, streams.failing as "streamsFailing",
      ${years('act')} as "yearsOfActs", ${years('refusal')} as "yearsOfRefusals", ${years('reading')} as "yearsOfReadings",
      gone.pruned, gone.classes as "prunedClasses", erased.erasures, erased.values as "valuesErased"
    from (select) one
    left join audit.log_head head on true
    left join lateral (select size from audit.checkpoint note where note.origin = head.origin order by note.size desc limit 1) signed on true
    left join lateral (
      select ended_at, intact from gateway.log_verification done where done.intact is not null and done.ended_at < ${scope.to}::timestamptz order by done.ended_at desc limit 1) last on true
    cross join lateral (
      select count(*)::int as verifications, count(*) filter (where done.intact)::int as intact
      from gateway.log_verification done where done.intact is not null and ${inPeriod(scope, sql`done.ended_at`)}) checks
    cross join lateral (
      select count(*)::int as places, count(*) filter (where kind = 'witness')::int as witnesses, count(*) filter (where failing_since is not null)::int as failing
      from gateway.anchor place where place.last_at >= ${scope.from}::timestamptz) outside
    cross join lateral (
      select count(*)::int as live, count(*) filter (where failing_since is not null)::int as failing
      from gateway.log_stream receiver where receiver.served_at > clock_timestamp() - interval '1 day') streams
    cross join lateral (
      select count(*) filter (where ${inPeriod(scope, sql`segment.pruned_at`)})::int as pruned,
        coalesce(array_agg(distinct segment.retention) filter (where segment.month < (${scope.to}::timestamptz at time zone 'UTC')::date
          and segment.month + interval '1 month' > ${scope.from}::timestamptz at time zone 'UTC'), '{}') as classes
      from audit.segment segment where segment.pruned_at is not null) gone
    cross join lateral (
      select count(*)::int as erasures, coalesce(sum(values_erased), 0)::int as values
      from audit.erasure done where ${inPeriod(scope, sql`done.erased_at`)} and ${ofTenant(scope, sql`done.tenant_id`)}) erased`.execute(scope.tx);
  const [facts] = rows;
  if (!facts) throw new Error('The state of the log could not be read');
  return facts;
}
