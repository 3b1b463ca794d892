import { sql } from 'kysely';
import { emergencySettings } from '../../emergency/settings.ts';
import { type AnswersScope, inPeriod, ofTenant, reaching } from '../answers-scope.ts';

/** Where somebody else looked: requests for a second person, access reviews, emergencies. */
export interface SecondLookFacts {
  readonly requestsFiled: number;
  readonly requestsExecuted: number;
  /** Of the executed: approved by as many other people as the rule asked for. */
  readonly requestsByOthers: number;
  readonly requestsDenied: number;
  /** Ended without an act and without a no: withdrawn, too late, changed meanwhile, failed. */
  readonly requestsLapsed: number;
  /** Campaigns that were closed or due in the period, and what they asked. */
  readonly campaigns: number;
  readonly items: number;
  /** Answered by a person before the deadline; taken away by an answer; taken away for want of one. */
  readonly itemsInTime: number;
  readonly itemsRevoked: number;
  readonly itemsUnanswered: number;
  readonly emergencies: number;
  /** Of the emergencies: reviewed in time, later, still in time to be reviewed, and found not justified. */
  readonly emergenciesInTime: number;
  readonly emergenciesLate: number;
  readonly emergenciesPending: number;
  readonly emergenciesNotJustified: number;
  readonly longestEmergencyMinutes: number | null;
}

type Requests = Pick<SecondLookFacts, 'requestsFiled' | 'requestsExecuted' | 'requestsByOthers' | 'requestsDenied' | 'requestsLapsed'>;
type Reviews = Pick<SecondLookFacts, 'campaigns' | 'items' | 'itemsInTime' | 'itemsRevoked' | 'itemsUnanswered'>;
type Emergencies = Pick<SecondLookFacts, 'emergencies' | 'emergenciesInTime' | 'emergenciesLate' | 'emergenciesPending' | 'emergenciesNotJustified' | 'longestEmergencyMinutes'>;

/** Those who approved, as humans: two accounts of one are one, and the requester's own are none. */
const OTHERS = sql`(
  select count(distinct coalesce(reviewer.person_id, reviewer.id))
  from gateway.approval_review review
  join gateway.staff reviewer on reviewer.id = review.reviewer_id
  join gateway.staff requester on requester.id = request.requester_id
  where review.request_id = request.id and review.decision = 'approve' and coalesce(reviewer.person_id, reviewer.id) <> coalesce(requester.person_id, requester.id))`;
const FEWEST = sql`(select min((alternative ->> 'quorum')::int) from jsonb_array_elements(request.rule -> 'alternatives') alternative)`;

export async function readSecondLooks(scope: AnswersScope): Promise<SecondLookFacts> {
  const { tx } = scope;
  const ended = inPeriod(scope, sql`ending.ended_at`);
  const requests = await sql<Requests>`
    select
      count(*) filter (where ${inPeriod(scope, sql`request.requested_at`)})::int as "requestsFiled",
      count(*) filter (where ${ended} and ending.state = 'executed')::int as "requestsExecuted",
      count(*) filter (where ${ended} and ending.state = 'executed' and ${OTHERS} >= ${FEWEST})::int as "requestsByOthers",
      count(*) filter (where ${ended} and ending.state = 'denied')::int as "requestsDenied",
      count(*) filter (where ${ended} and ending.state in ('cancelled', 'expired', 'stale', 'failed'))::int as "requestsLapsed"
    from gateway.approval_request request left join gateway.approval_ending ending on ending.request_id = request.id
    where ${ofTenant(scope, sql`request.tenant_id`)} and request.requested_at < ${scope.to}::timestamptz and (ending.ended_at is null or ending.ended_at >= ${scope.from}::timestamptz)`.execute(
    tx,
  );
  // What an item is about stays for ever, so its reach does.
  const reviews = await sql<Reviews>`
    with asked as (
      select item.review_id, item.decision, item.outcome, item.decided_at <= review.deadline as in_time
      from gateway.access_review review join gateway.access_review_item item on item.review_id = review.id
      where ${inPeriod(scope, sql`coalesce(review.closed_at, review.deadline)`)} and (
        exists (select from gateway.access_grant held where item.subject_type <> 'token' and held.id = item.subject_id and ${reaching(scope, 'held')})
        or exists (select from gateway.access_token made where item.subject_type = 'token' and made.id = item.subject_id and ${reaching(scope, 'made')})))
    select count(distinct review_id)::int as campaigns, count(*)::int as items,
      count(*) filter (where decision is not null and in_time)::int as "itemsInTime",
      count(*) filter (where outcome = 'revoked')::int as "itemsRevoked",
      count(*) filter (where decision is null and outcome is distinct from 'already-ended')::int as "itemsUnanswered"
    from asked`.execute(tx);
  const inTime = sql`taken.started_at + make_interval(hours => ${emergencySettings.breakGlassReviewHours}::int)`;
  const emergencies = await sql<Emergencies>`
    select count(*)::int as emergencies,
      count(*) filter (where taken.reviewed_at <= ${inTime})::int as "emergenciesInTime",
      count(*) filter (where taken.reviewed_at > ${inTime})::int as "emergenciesLate",
      count(*) filter (where taken.reviewed_at is null and ${inTime} > clock_timestamp())::int as "emergenciesPending",
      count(*) filter (where taken.verdict = 'not-justified')::int as "emergenciesNotJustified",
      (extract(epoch from max(least(coalesce(taken.ended_at, taken.ends_at), taken.ends_at) - taken.started_at)) / 60)::float8 as "longestEmergencyMinutes"
    from gateway.break_glass taken where ${inPeriod(scope, sql`taken.started_at`)} and ${reaching(scope, 'taken')}`.execute(tx);
  const [asked] = requests.rows;
  const [reviewed] = reviews.rows;
  const [taken] = emergencies.rows;
  if (!asked || !reviewed || !taken) throw new Error('An aggregate always gives a row');
  return { ...asked, ...reviewed, ...taken };
}
