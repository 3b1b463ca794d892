import { type RawBuilder, sql } from 'kysely';
import { reviewSettings } from './settings.ts';

const WINDOW = sql`clock_timestamp() - make_interval(days => ${reviewSettings.accessReviewUseDays}::int)`;

/**
 * Acts under a grant that the log names: for each permission carried the last, by one probe of `event_by_grant`. And the approvals
 * given: their events name the right to decide on requests, which everyone has; which right made the approver is the request's rule.
 */
const ACTS_BY_GRANT = sql`
  select right_held.name, act.time from unnest(found.carried) right_held(name) cross join lateral (
    select event.time from audit.event event
    where event.grant_id = found.subject_id::text and event.permission = right_held.name and event.outcome = 'ok' and event.time > ${WINDOW}
    order by event.time desc limit 1) act
  union all
  select alternative ->> 'approver', max(review.reviewed_at)
  from gateway.approval_review review join gateway.approval_request request on request.id = review.request_id
    cross join lateral jsonb_array_elements(request.rule -> 'alternatives') alternative
  where review.reviewer_id = found.staff_id and review.reviewed_at > greatest(${WINDOW}, found.granted_at)
    and alternative ->> 'approver' = any(found.carried) and (found.is_global or request.tenant_id = any(found.tenant_ids))
  group by 1`;

const ACTS_BY_TOKEN = sql`
  select event.permission, max(event.time) from audit.event event
  where event.token_id = found.subject_id::text and event.outcome = 'ok' and event.permission is not null and event.time > ${WINDOW} group by 1`;

const ACTS_IN_EMERGENCY = sql`
  select event.permission, max(event.time) from audit.event event
  where event.break_glass_id = found.subject_id::text and event.outcome = 'ok' and event.permission = any(found.carried) and event.time > ${WINDOW} group by 1`;

/**
 * Use of a subject `found`, by the log alone: `last_used_at`, `used`, and `unused`: acts it allows of which the log names none.
 * Permissions to read are in `used` where an event names them, never in `unused`: plain reading leaves no event.
 */
export const USE_BY_THE_LOG: RawBuilder<unknown> = sql`
  select max(acted.time) as last_used_at, coalesce(array_agg(distinct acted.permission order by acted.permission) filter (where acted.permission is not null), '{}') as used,
    array(select act from unnest(found.acts) act where act <> all(coalesce(array_agg(acted.permission) filter (where acted.permission is not null), '{}')) order by act) as unused
  from (
    select * from (${ACTS_BY_GRANT}) by_grant(permission, time) where found.subject_type = 'grant'
    union all select * from (${ACTS_BY_TOKEN}) by_token(permission, time) where found.subject_type = 'token'
    union all select * from (${ACTS_IN_EMERGENCY}) in_emergency(permission, time) where found.subject_type = 'break-glass'
  ) acted`;
