-- The log in segments: a month, and below it a class of retention, each a table of its own. What has served its time goes as whole
-- segments, never row by row (THREATS H20).

-- A pure function of what stands in the event's canonical bytes, so that anybody can tell a kept event's class from the event alone.
create function audit.retention_class(outcome text, effect text) returns text language sql immutable parallel safe as $$
  select case
    when outcome = 'previewed' or (outcome = 'ok' and effect = 'read') then 'reading'
    when outcome in ('denied', 'failed') then 'refusal'
    else 'act'
  end
$$;

-- Whole years, 2 to 7 (REQUIREMENTS L13), from the end of a segment's month.
create table audit.retention_period (
  retention text primary key check (retention in ('act', 'refusal', 'reading')),
  years smallint not null check (years between 2 and 7)
);
insert into audit.retention_period (retention, years) values ('act', 7), ('refusal', 3), ('reading', 2);

alter table audit.event rename to event_before_segments;
create sequence audit.event_sequence as bigint owned by none;

-- The columns of 0003 and 0014. An ID is a UUID version 7 of the gateway's making and unique by that: an index that spans segments
-- could not enforce it. What is on the log twice shows as two leaves.
create table audit.event (
  id uuid not null,
  -- Order of insertion. NOT the order of commit, and with gaps: for ordering rows that are all visible, never a cursor. The gapless order is audit.leaf's.
  sequence bigint not null default nextval('audit.event_sequence'),
  format_version smallint not null,
  time timestamptz not null,
  correlation_id text not null check (correlation_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'),
  kind text not null,
  outcome text not null check (outcome in ('ok', 'denied', 'failed', 'previewed')),
  reason_code text,
  surface text not null check (surface in ('console', 'api', 'cli', 'job')),
  environment text not null,
  policy_version text not null,
  actor_id text,
  actor_name text,
  subject_id text,
  subject_name text,
  role text,
  grant_id text,
  session_id text,
  token_id text,
  break_glass_id text,
  second_factor text,
  ip text,
  user_agent text,
  action text,
  permission text,
  effect text check (effect in ('read', 'write')),
  reach text check (reach in ('tenant', 'global')),
  tier text check (tier in ('routine', 'privileged')),
  tenant_id text,
  target_type text,
  target_id text,
  reason text,
  ticket text,
  approval_id text,
  step_up_id text,
  before jsonb,
  after jsonb,
  fields_read text[],
  detail jsonb,
  -- RFC 8785 JSON of every column above but sequence, null ones left out; SHA-256 over 0x00 and these bytes is the Merkle leaf.
  canonical bytea not null check (octet_length(canonical) between 2 and 65535),
  -- In which segment the row lies.
  retention text not null,
  constraint event_is_in_its_class check (retention = audit.retention_class(outcome, effect))
) partition by range (time);
comment on column audit.event.token_id is 'The token by which the act came; the person who made it is the actor';
comment on column audit.event.break_glass_id is 'The emergency in force in the session of the act';

-- Makes the segments of the months from the first date to the last, where they are missing; returns how many months it made. With the owner's
-- rights, so that the gateway can keep ahead of the calendar: an empty segment gives no power over the log. Without its segment an
-- event is refused, and its act with it. Attached last, so that writers wait for nothing.
create function audit.make_segments(first date, last date) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  month date := date_trunc('month', first)::date;
  made integer := 0;
  segment text;
  class text;
begin
  if first < date '2000-01-01' or last > current_date + 3 * 366 or last - first > 15 * 366 then
    raise exception 'Segments are made for at most fifteen years, from 2000 to three years ahead' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('audit.make_segments', 0));
  while month <= last loop
    segment := 'event_' || to_char(month, 'YYYY_MM');
    if to_regclass(format('audit.%I', segment)) is null then
      execute format('create table audit.%I (like audit.event including defaults including constraints) partition by list (retention)', segment);
      foreach class in array array['act', 'refusal', 'reading'] loop
        execute format('create table audit.%I partition of audit.%I for values in (%L)', segment || '_' || class, segment, class);
        execute format('create trigger event_table_stays before truncate on audit.%I for each statement execute function audit.refuse_change()', segment || '_' || class);
        execute format('alter table audit.%I enable always trigger event_table_stays', segment || '_' || class);
      end loop;
      execute format('alter table audit.event attach partition audit.%I for values from (%L) to (%L)',
        segment, to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
      made := made + 1;
    end if;
    month := (month + interval '1 month')::date;
  end loop;
  return made;
end
$$;

-- Every index is paid for by every append; see 0003, 0014 and 0018 for what each is for.
create index event_by_id on audit.event (id);
alter index audit.event_by_time rename to event_before_by_time;
alter index audit.event_by_correlation rename to event_before_by_correlation;
alter index audit.event_by_tenant rename to event_before_by_tenant;
alter index audit.event_by_tenant_and_action rename to event_before_by_tenant_and_action;
alter index audit.event_by_actor rename to event_before_by_actor;
alter index audit.event_by_target rename to event_before_by_target;
alter index audit.event_by_token rename to event_before_by_token;
alter index audit.event_by_break_glass rename to event_before_by_break_glass;
alter index audit.event_by_grant rename to event_before_by_grant;
create index event_by_time on audit.event (time desc, id desc);
create index event_by_correlation on audit.event (correlation_id);
create index event_by_tenant on audit.event (tenant_id, time desc, id desc);
create index event_by_tenant_and_action on audit.event (tenant_id, action, time desc, id desc);
create index event_by_actor on audit.event (actor_id, time desc, id desc);
create index event_by_target on audit.event (target_id, target_type, time desc, id desc);
create index event_by_token on audit.event (token_id, time desc) where token_id is not null;
create index event_by_break_glass on audit.event (break_glass_id, time desc) where break_glass_id is not null;
create index event_by_grant on audit.event (grant_id, permission, time desc) where grant_id is not null and outcome = 'ok';

create trigger event_rows_stay before update or delete on audit.event for each row execute function audit.refuse_change();
create trigger event_table_stays before truncate on audit.event for each statement execute function audit.refuse_change();
alter table audit.event enable always trigger event_rows_stay, enable always trigger event_table_stays;

select audit.make_segments(
  least((select min(time at time zone 'UTC')::date from audit.event_before_segments), (clock_timestamp() at time zone 'UTC')::date),
  ((greatest(clock_timestamp(), (select max(time) from audit.event_before_segments)) at time zone 'UTC') + interval '3 months')::date);

insert into audit.event (
  id, sequence, format_version, time, correlation_id, kind, outcome, reason_code, surface, environment, policy_version, actor_id, actor_name,
  subject_id, subject_name, role, grant_id, session_id, token_id, break_glass_id, second_factor, ip, user_agent, action, permission,
  effect, reach, tier, tenant_id, target_type, target_id, reason, ticket, approval_id, step_up_id, "before", "after", fields_read, detail, canonical, retention)
select
  id, sequence, format_version, time, correlation_id, kind, outcome, reason_code, surface, environment, policy_version, actor_id, actor_name,
  subject_id, subject_name, role, grant_id, session_id, token_id, break_glass_id, second_factor, ip, user_agent, action, permission,
  effect, reach, tier, tenant_id, target_type, target_id, reason, ticket, approval_id, step_up_id, "before", "after", fields_read, detail, canonical,
  audit.retention_class(outcome, effect)
from audit.event_before_segments;
select setval('audit.event_sequence', greatest(1, (select max(sequence) from audit.event)));
drop table audit.event_before_segments;

revoke all on audit.event, audit.retention_period from public, sallyport_app, sallyport_auditor;
revoke execute on function audit.make_segments from public;
grant execute on function audit.make_segments to sallyport_app;
grant usage on sequence audit.event_sequence to sallyport_app;
grant insert, select on audit.event to sallyport_app;
grant select on audit.event to sallyport_auditor;
grant select on audit.retention_period to sallyport_app, sallyport_auditor;
