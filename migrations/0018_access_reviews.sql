-- Campaigns in which somebody else looks at what a person may do, and the rows of the log by which they judge its use.

-- For each grant and permission the last act, found by one probe however long the log is. Refusals and sign-ins name no grant
-- or are no use of one: their appends don't pay for it.
create index event_by_grant on audit.event (grant_id, permission, time desc) where grant_id is not null and outcome = 'ok';

create table gateway.access_review (
  id uuid primary key,
  title text not null check (length(title) between 1 and 120),
  kind text not null check (kind in ('grants', 'approvers', 'tokens', 'break-glass')),
  -- {"roles": [...] or null, "tenants": [...] or null}; null is all.
  scope jsonb not null check (jsonb_typeof(scope) = 'object'),
  owner_id uuid not null references gateway.staff (id),
  -- Null where the clock opened it, after the one before.
  started_by uuid references gateway.staff (id),
  created_at timestamptz not null,
  days integer not null check (days between 1 and 60),
  -- At the half of a minute: whoever works by full minutes comes 30 seconds later, whichever way its clock is off.
  deadline timestamptz not null,
  closed_at timestamptz,
  -- Null where the deadline closed it.
  closed_by uuid references gateway.staff (id),
  cadence text not null check (cadence in ('once', 'monthly', 'quarterly')),
  -- From then on no other follows.
  series_ended_at timestamptz,
  -- One successor each, whoever races.
  previous_id uuid unique references gateway.access_review (id),
  correlation_id uuid not null,
  check (closed_by is null or closed_at is not null)
);
create index access_review_open on gateway.access_review (deadline) where closed_at is null;
create index access_review_by_time on gateway.access_review (created_at desc, id);

create table gateway.access_review_item (
  id uuid primary key,
  review_id uuid not null references gateway.access_review (id),
  subject_type text not null check (subject_type in ('grant', 'token', 'break-glass')),
  -- Of a grant, a token or an emergency, which stay for ever.
  subject_id uuid not null,
  staff_id uuid not null references gateway.staff (id),
  title text not null,
  -- What the reviewer is shown, as it was when the campaign was opened.
  snapshot jsonb not null,
  -- From the log of the days before; null is never.
  last_used_at timestamptz,
  used_permissions text[] not null,
  unused_permissions text[] not null,
  decision text check (decision in ('keep', 'revoke')),
  decided_by uuid references gateway.staff (id),
  decided_at timestamptz,
  reason text check (length(reason) between 1 and 2000),
  outcome text check (outcome in ('kept', 'revoked', 'revoked-at-deadline', 'already-ended', 'guarded')),
  outcome_at timestamptz,
  unique (review_id, subject_type, subject_id),
  check ((outcome is null) = (outcome_at is null)),
  check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null) and (decision is null) = (reason is null)),
  check (case decision when 'keep' then outcome in ('kept', 'already-ended') when 'revoke' then outcome in ('revoked', 'already-ended')
    else outcome is null or outcome in ('revoked-at-deadline', 'already-ended', 'guarded') end)
);
create index access_review_item_of_staff on gateway.access_review_item (staff_id, review_id);
create index access_review_item_unanswered on gateway.access_review_item (review_id) where outcome is null;

-- What was asked stays as it was; what became of it is added, once.
revoke update, delete, truncate on gateway.access_review, gateway.access_review_item from sallyport_app;
grant update (closed_at, closed_by, series_ended_at) on gateway.access_review to sallyport_app;
grant update (decision, decided_by, decided_at, reason, outcome, outcome_at) on gateway.access_review_item to sallyport_app;

create function gateway.refuse_second_closing() returns trigger language plpgsql as $$
begin
  if old.closed_at is not null and (new.closed_at, new.closed_by) is distinct from (old.closed_at, old.closed_by) then
    raise exception 'An access review is closed once' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger access_review_closes_once before update on gateway.access_review for each row execute function gateway.refuse_second_closing();

-- The last fence: an answer is given once, and never by the human whom it is about.
create function gateway.refuse_second_answer() returns trigger language plpgsql as $$
begin
  if old.outcome is not null then
    raise exception 'An item of an access review is answered once' using errcode = 'insufficient_privilege';
  end if;
  if exists (
    select from gateway.staff decider, gateway.staff holder where decider.id = new.decided_by and holder.id = new.staff_id
      and (coalesce(decider.person_id, decider.id) = coalesce(holder.person_id, holder.id) or coalesce(decider.totp_fingerprint = holder.totp_fingerprint, false))
  ) then
    raise exception 'Nobody reviews their own access' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger access_review_item_is_answered_once before update on gateway.access_review_item for each row execute function gateway.refuse_second_answer();
