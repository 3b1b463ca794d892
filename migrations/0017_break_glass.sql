-- Emergencies: power taken at once, for at most half an hour, owed a review by somebody else.

create table gateway.break_glass (
  -- The same as of the grant that it opened.
  id uuid primary key references gateway.access_grant (id),
  staff_id uuid not null references gateway.staff (id),
  -- The human behind the account when it was taken: the debt is theirs, whichever account they use.
  person_id uuid not null references gateway.staff (id),
  session_id uuid not null,
  -- Of the request by which it was taken: its end and its review belong to the same story.
  correlation_id uuid not null,
  reason text not null check (length(reason) between 1 and 2000),
  ticket text not null check (length(ticket) between 1 and 100),
  is_global boolean not null,
  tenant_ids text[] not null default '{}',
  started_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (end_reason in ('ended-by-owner', 'expired', 'session-ended', 'revoked')),
  reviewed_by uuid references gateway.staff (id),
  reviewed_at timestamptz,
  verdict text check (verdict in ('justified', 'not-justified', 'needs-follow-up')),
  review_comment text check (length(review_comment) between 1 and 2000),
  -- When it was said aloud that nobody had reviewed it for a day.
  alerted_at timestamptz,
  check (is_global = (cardinality(tenant_ids) = 0)),
  check (ends_at > started_at and ends_at <= started_at + interval '30 minutes'),
  check ((ended_at is null) = (end_reason is null)),
  check ((reviewed_at is null) = (reviewed_by is null) and (reviewed_at is null) = (verdict is null) and (reviewed_at is null) = (review_comment is null)),
  check (reviewed_at is null or reviewed_by not in (staff_id, person_id))
);
-- The last fence against a second use before the first is reviewed, whoever races.
create unique index break_glass_one_debt on gateway.break_glass (person_id) where reviewed_at is null;
create index break_glass_by_time on gateway.break_glass (started_at desc, id);
create index break_glass_of_staff on gateway.break_glass (staff_id, started_at desc);

-- What was taken and why stays as it was; only its end, its review and the alert are added, each once.
revoke update, delete, truncate on gateway.break_glass from sallyport_app;
grant update (ended_at, end_reason, reviewed_by, reviewed_at, verdict, review_comment, alerted_at) on gateway.break_glass to sallyport_app;
create function gateway.refuse_second_ending() returns trigger language plpgsql as $$
begin
  if (old.ended_at is not null and (new.ended_at, new.end_reason) is distinct from (old.ended_at, old.end_reason))
    or (old.reviewed_at is not null and (new.reviewed_by, new.reviewed_at, new.verdict, new.review_comment) is distinct from (old.reviewed_by, old.reviewed_at, old.verdict, old.review_comment))
    or (old.alerted_at is not null and new.alerted_at is distinct from old.alerted_at) then
    raise exception 'The end and the review of an emergency are written once' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger break_glass_stays before update on gateway.break_glass for each row execute function gateway.refuse_second_ending();
