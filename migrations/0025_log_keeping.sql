-- How long the log is kept, what keeps it longer (legal hold), and what of it goes earlier (personal values of one subject).

-- Values behind commitments, by whose they are: the record whose field it is, which need not be the event's target.
alter table audit.personal_value add column subject_type text, add column subject_id text;

-- A field of another record than the target stands on the event as `resource/id.field`.
create function audit.subject_of(field text, target_type text, target_id text, out subject_type text, out subject_id text)
  language sql immutable parallel safe as $$
  select coalesce(side[1], target_type), coalesce(side[2], target_id)
  from (select regexp_match(field, '^([a-z][A-Za-z0-9]*)/(.+)\.[A-Za-z][A-Za-z0-9]*$') as side) as found
$$;

alter table audit.personal_value disable trigger personal_values_are_never_edited;
update audit.personal_value value set (subject_type, subject_id) = (select s.subject_type, s.subject_id from audit.subject_of(value.field, event.target_type, event.target_id) s)
from audit.event event where event.id = value.event_id;
alter table audit.personal_value enable always trigger personal_values_are_never_edited;
create index personal_value_of_subject on audit.personal_value (subject_type, subject_id);
-- What the planner remembers of a column are its values.
alter table audit.personal_value alter column value set statistics 0;
alter table gateway.approval_value alter column value set statistics 0;

-- As in 0024, with the subject of each personal value.
create or replace function audit.append(events json, personal json default null) returns void language plpgsql as $$
begin
  with written as (
    insert into audit.event (
      id, format_version, correlation_id, kind, outcome, reason_code, surface, environment, policy_version, actor_id,
      actor_name, subject_id, subject_name, role, grant_id, session_id, token_id, break_glass_id, second_factor, ip, user_agent,
      action, permission, effect, reach, tier, tenant_id, target_type, target_id, reason, ticket, approval_id, step_up_id,
      "before", "after", fields_read, detail,
      time, canonical, retention
    )
    select
      "id", "formatVersion", "correlationId", "kind", "outcome", "reasonCode", "surface", "environment", "policyVersion",
      "actorId", "actorName", "subjectId", "subjectName", "role", "grantId", "sessionId", "tokenId", "breakGlassId",
      "secondFactor", "ip", "userAgent",
      "action", "permission", "effect", "reach", "tier", "tenantId", "targetType", "targetId", "reason", "ticket",
      "approvalId", "stepUpId", "before", "after", "fieldsRead", "detail",
      now, convert_to(head || to_char(now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || tail, 'UTF8'),
      audit.retention_class("outcome", "effect")
    from (
      -- Each row's clock is read once (a volatile target keeps the subquery whole): column and bytes get the same reading.
      select e.*, clock_timestamp() as now
      from json_to_recordset(events) as e(
        "id" uuid, "formatVersion" smallint, "correlationId" text, "kind" text, "outcome" text, "reasonCode" text,
        "surface" text, "environment" text, "policyVersion" text, "actorId" text, "actorName" text, "subjectId" text,
        "subjectName" text, "role" text, "grantId" text, "sessionId" text, "tokenId" text, "breakGlassId" text,
        "secondFactor" text, "ip" text, "userAgent" text,
        "action" text, "permission" text, "effect" text, "reach" text, "tier" text, "tenantId" text, "targetType" text,
        "targetId" text, "reason" text, "ticket" text, "approvalId" text, "stepUpId" text, "before" jsonb, "after" jsonb,
        "fieldsRead" text[], "detail" jsonb, head text, tail text
      )
    ) as entry
    returning id, time, retention, canonical
  )
  insert into audit.unsealed (event_id, time, retention, leaf_hash)
  select id, time, retention, sha256('\x00'::bytea || canonical) from written;
  if personal is not null then
    insert into audit.personal_value (event_id, side, field, salt, value, subject_type, subject_id)
    select p."eventId", p.side, p.field, decode(p.salt, 'hex'), p.value, subject.subject_type, subject.subject_id
    from json_to_recordset(personal) as p("eventId" uuid, side text, field text, salt text, value jsonb)
    join json_to_recordset(events) as e("id" uuid, "targetType" text, "targetId" text) on e."id" = p."eventId",
      audit.subject_of(p.field, e."targetType", e."targetId") subject;
  end if;
end
$$;

-- For what lies in a stretch of time: leaves come nearly in its order.
create index leaf_by_time on audit.leaf using brin (time) with (pages_per_range = 16, autosummarize = on);

-- A segment of the log: a month's events of one class of retention, which go together or stay. The row stays when they have gone.
create table audit.segment (
  -- `2026-11-act`
  id text primary key,
  -- Its first day, in UTC.
  month date not null check (extract(day from month) = 1),
  retention text not null references audit.retention_period,
  -- Of the events, once the month is over and all of them stand under a signed checkpoint; null until then. Bytes are those of the canonical form.
  events bigint check (events >= 0),
  bytes bigint check (bytes >= 0),
  first_index bigint,
  last_index bigint,
  sealed_at timestamptz,
  pruned_at timestamptz,
  -- SHA-256 over the leaf hashes of what went, in the order of their indexes.
  pruned_digest bytea check (octet_length(pruned_digest) = 32),
  unique (retention, month),
  check (id = to_char(month, 'YYYY-MM-') || retention),
  check ((sealed_at is null) = (events is null)),
  check ((pruned_at is null) = (pruned_digest is null) and (pruned_at is null or sealed_at is not null))
);

create function audit.refuse_segment_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.pruned_at is not null or (new.id, new.month, new.retention) is distinct from (old.id, old.month, old.retention)
    or (old.sealed_at is not null and (new.events, new.bytes, new.first_index, new.last_index, new.sealed_at) is distinct from (old.events, old.bytes, old.first_index, old.last_index, old.sealed_at)) then
    raise exception 'What is known of a segment stays' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger segments_stay before update or delete on audit.segment for each row execute function audit.refuse_segment_change();
create trigger segment_table_stays before truncate on audit.segment for each statement execute function audit.refuse_change();
alter table audit.segment enable always trigger segments_stay, enable always trigger segment_table_stays;

create function audit.refuse_class_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.retention <> old.retention then
    raise exception 'The classes of retention stay' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger retention_classes_stay before update or delete on audit.retention_period for each row execute function audit.refuse_class_change();

-- Every segment that there is, as a row.
create function audit.note_segments() returns void language sql as $$
  insert into audit.segment (id, month, retention)
  select to_char(month, 'YYYY-MM-') || retention, month, retention
  from (
    select to_date(substr(c.relname, 7, 7), 'YYYY_MM') as month, substr(c.relname, 15) as retention
    from pg_class c where c.relnamespace = 'audit'::regnamespace and c.relkind = 'r' and c.relname ~ '^event_\d{4}_\d{2}_(act|refusal|reading)$'
  ) as made
  on conflict do nothing
$$;
select audit.note_segments();

-- As in 0023, and notes what it makes. A month whose segments have gone is not made anew: its empty table stays in its place.
create or replace function audit.make_segments(first date, last date) returns integer
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
        insert into audit.segment (id, month, retention) values (to_char(month, 'YYYY-MM-') || class, month, class);
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

-- Legal holds: of a tenant, of one record, or of everything from one day to another (in UTC). Written once; a release is a row of its own.
create table audit.legal_hold (
  id uuid primary key,
  tenant_id text,
  record_type text,
  record_id text,
  first_day date,
  last_day date,
  reason text not null,
  ticket text,
  placed_by uuid not null references gateway.staff (id),
  placed_at timestamptz not null default clock_timestamp(),
  correlation_id uuid not null,
  check (num_nonnulls(tenant_id, record_type, first_day) = 1),
  check ((record_type is null) = (record_id is null)),
  check ((first_day is null) = (last_day is null) and first_day <= last_day)
);
create table audit.legal_hold_release (
  hold_id uuid primary key references audit.legal_hold,
  reason text not null,
  released_by uuid not null references gateway.staff (id),
  approval_id uuid,
  released_at timestamptz not null default clock_timestamp()
);

-- Erasures: whose values went, when and by whom; what they were is gone.
create table audit.erasure (
  id uuid primary key,
  record_type text not null,
  record_id text not null,
  tenant_id text,
  -- Values that stood beside events and requests.
  values_erased bigint not null check (values_erased >= 0),
  reason text not null,
  ticket text,
  erased_by uuid not null references gateway.staff (id),
  approval_id uuid,
  correlation_id uuid not null,
  erased_at timestamptz not null default clock_timestamp()
);
create index erasure_by_record on audit.erasure (record_type, record_id);

-- What may be absent from the log, signed: one note each time that it has changed.
create table audit.retention_statement (
  number bigint primary key generated always as identity,
  origin text not null,
  note text not null,
  made_at timestamptz not null default clock_timestamp()
);

create trigger holds_stay before update or delete on audit.legal_hold for each row execute function audit.refuse_change();
create trigger hold_table_stays before truncate on audit.legal_hold for each statement execute function audit.refuse_change();
create trigger releases_stay before update or delete on audit.legal_hold_release for each row execute function audit.refuse_change();
create trigger release_table_stays before truncate on audit.legal_hold_release for each statement execute function audit.refuse_change();
create trigger erasures_stay before update or delete on audit.erasure for each row execute function audit.refuse_change();
create trigger erasure_table_stays before truncate on audit.erasure for each statement execute function audit.refuse_change();
create trigger statements_stay before update or delete on audit.retention_statement for each row execute function audit.refuse_change();
create trigger statement_table_stays before truncate on audit.retention_statement for each statement execute function audit.refuse_change();
alter table audit.legal_hold enable always trigger holds_stay, enable always trigger hold_table_stays;
alter table audit.legal_hold_release enable always trigger releases_stay, enable always trigger release_table_stays;
alter table audit.erasure enable always trigger erasures_stay, enable always trigger erasure_table_stays;
alter table audit.retention_statement enable always trigger statements_stay, enable always trigger statement_table_stays;

create view audit.hold_in_force as
  select hold.* from audit.legal_hold hold where not exists (select from audit.legal_hold_release released where released.hold_id = hold.id);

-- The first moment at which a segment may go: so many whole years after the end of its month, in UTC.
create function audit.segment_due(month date, retention text) returns timestamptz language sql stable set search_path = pg_catalog, pg_temp as $$
  select (month + interval '1 month' + make_interval(years => period.years::integer)) at time zone 'UTC' from audit.retention_period period where period.retention = segment_due.retention
$$;

-- How many holds keep a segment. `thorough` reads every event for a mention of what is held; else indexes tell who acted, what was acted on, and
-- which tenant's it was.
create function audit.segment_holds(of_id text, thorough boolean default false) returns bigint
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  segment audit.segment;
  found bigint;
begin
  select * into segment from audit.segment where id = of_id;
  if segment.id is null or segment.pruned_at is not null or not exists (select from audit.hold_in_force) then return 0; end if;
  execute format($query$
    select count(*) from audit.hold_in_force hold where
      (hold.first_day < $1 + interval '1 month' and hold.last_day >= $1)
      or (hold.tenant_id is not null and exists (select from audit.%1$I e where e.tenant_id = hold.tenant_id))
      or (hold.record_id is not null and (
        exists (select from audit.%1$I e where e.target_id = hold.record_id and e.target_type = hold.record_type)
        or exists (select from audit.%1$I e where e.actor_id = hold.record_id)
        or exists (select from audit.personal_value v join audit.%1$I e on e.id = v.event_id where v.subject_type = hold.record_type and v.subject_id = hold.record_id)))
      or ($2 and hold.first_day is null and exists (
        select from audit.%1$I e where position(to_json(coalesce(hold.tenant_id, hold.record_id))::text in convert_from(e.canonical, 'UTF8')) > 0
          or position('/' || coalesce(hold.tenant_id, hold.record_id) || '.' in convert_from(e.canonical, 'UTF8')) > 0))
  $query$, 'event_' || to_char(segment.month, 'YYYY_MM_') || segment.retention) into found using segment.month, thorough;
  return found;
end
$$;

-- What stands in a segment's table, held against the tree: events, and of them those whose leaf is there, and those whose bytes are not the leaf's.
create function audit.measure_segment(segment audit.segment, out events bigint, out bytes bigint, out first_index bigint, out last_index bigint,
  out leaves bigint, out altered bigint, out digest bytea)
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  execute format($query$
    select count(*), coalesce(sum(octet_length(e.canonical)), 0), min(leaf.log_index), max(leaf.log_index),
      count(*) filter (where leaf.leaf_hash is distinct from sha256('\x00'::bytea || e.canonical)), sha256(coalesce(string_agg(leaf.leaf_hash, ''::bytea order by leaf.log_index), ''))
    from audit.%I e left join audit.leaf leaf on leaf.event_id = e.id and leaf.time = e.time and leaf.retention = e.retention
  $query$, 'event_' || to_char(segment.month, 'YYYY_MM_') || segment.retention) into events, bytes, first_index, last_index, altered, digest;
  select count(*) into leaves from audit.leaf leaf
  where leaf.retention = segment.retention and leaf.time >= segment.month at time zone 'UTC' and leaf.time < (segment.month + interval '1 month') at time zone 'UTC';
end
$$;

-- Seals the books of a segment whose month has been over for an hour and whose events all stand, unaltered, under a signed checkpoint; answers
-- whether it did. One that does not match its leaves stays open: what is wrong there is for a verification to tell.
create function audit.close_segment(of_id text) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  segment audit.segment;
  measured record;
begin
  select * into segment from audit.segment s
  where s.id = of_id and s.sealed_at is null and (s.month + interval '1 month' + interval '1 hour') at time zone 'UTC' <= clock_timestamp() for update skip locked;
  if not found or exists (select from audit.unsealed u where u.retention = segment.retention
      and u.time >= segment.month at time zone 'UTC' and u.time < (segment.month + interval '1 month') at time zone 'UTC') then
    return false;
  end if;
  -- Of leaves that the index knows nothing of yet, every one would be read.
  perform brin_summarize_new_values('audit.leaf_by_time'::regclass);
  measured := audit.measure_segment(segment);
  if measured.altered > 0 or measured.leaves <> measured.events or not audit.is_signed(measured.last_index) then return false; end if;
  update audit.segment s set events = measured.events, bytes = measured.bytes, first_index = measured.first_index, last_index = measured.last_index, sealed_at = clock_timestamp()
  where s.id = segment.id;
  return true;
end
$$;

-- Whether a signed checkpoint of the log, under the name that it has now, covers the index. What there is none of needs no cover.
create function audit.is_signed(log_index bigint) returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select log_index is null or exists (select from audit.checkpoint c join audit.log_head head on head.origin = c.origin where c.size > log_index)
$$;

-- Drops the events of a segment that has served its time, with the personal values behind them. All that speaks against it is looked at here, under
-- lock and by this clock, whoever calls. The leaves stay: every proof stays valid. Readers of the segment are
-- waited for a little, appends wait for nothing; a lock that is not to be had is refused (55P03).
create function audit.prune_segment(of_id text, out month date, out retention text, out events bigint, out first_index bigint, out last_index bigint,
  out digest bytea, out personal_values bigint)
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '5s' as $$
declare
  segment audit.segment;
  measured record;
  holds bigint;
  leaf_table text;
begin
  -- Nobody places a hold meanwhile, and nobody else prunes or erases.
  lock table audit.legal_hold in share row exclusive mode;
  select * into segment from audit.segment s where s.id = of_id for update;
  if segment.id is null then
    raise exception 'There is no such segment.' using errcode = 'restrict_violation';
  end if;
  if segment.pruned_at is not null then
    raise exception 'This segment has been pruned.' using errcode = 'restrict_violation';
  end if;
  if segment.sealed_at is null then
    raise exception 'This segment is not sealed yet.' using errcode = 'restrict_violation';
  end if;
  perform from audit.retention_period period where period.retention = segment.retention for share;
  if audit.segment_due(segment.month, segment.retention) > clock_timestamp() then
    raise exception 'The retention period of this segment is not over.' using errcode = 'restrict_violation';
  end if;
  if exists (
    select from audit.segment older where older.retention = segment.retention and older.month < segment.month and older.pruned_at is null and older.events is distinct from 0
  ) then
    raise exception 'An older segment of this class is still there: the oldest goes first.' using errcode = 'restrict_violation';
  end if;
  if audit.segment_holds(segment.id, true) > 0 then
    raise exception 'A legal hold keeps this segment.' using errcode = 'restrict_violation';
  end if;
  leaf_table := 'event_' || to_char(segment.month, 'YYYY_MM_') || segment.retention;
  -- No row comes from here on; readers are not in the way yet.
  execute format('lock table audit.%I in share mode', leaf_table);
  measured := audit.measure_segment(segment);
  if measured.altered > 0 or measured.leaves <> measured.events
    or (measured.events, measured.first_index, measured.last_index) is distinct from (segment.events, segment.first_index, segment.last_index) then
    raise exception 'This segment is not what was sealed. Verify the log: what is wrong with it must not go unseen.' using errcode = 'restrict_violation';
  end if;
  if not audit.is_signed(segment.last_index) then
    raise exception 'No signed checkpoint covers this segment.' using errcode = 'restrict_violation';
  end if;
  -- The statement to be signed says that entries of the class below one index may be absent: none may be among them whose time has not come.
  if exists (
    select from audit.leaf leaf where leaf.retention = segment.retention and leaf.log_index < segment.last_index
      and leaf.time >= (date_trunc('month', clock_timestamp() at time zone 'UTC')
        - (select make_interval(years => period.years::integer) from audit.retention_period period where period.retention = segment.retention)) at time zone 'UTC'
  ) then
    raise exception 'Entries that must be kept stand among those of this segment: one of them was written with a time that was not its own.' using errcode = 'restrict_violation';
  end if;
  execute format('delete from audit.personal_value value using audit.%I e where e.id = value.event_id', leaf_table);
  get diagnostics personal_values = row_count;
  execute format('drop table audit.%I', leaf_table);
  update audit.segment s set pruned_at = clock_timestamp(), pruned_digest = measured.digest where s.id = segment.id;
  month := segment.month;
  retention := segment.retention;
  events := segment.events;
  first_index := segment.first_index;
  last_index := segment.last_index;
  digest := measured.digest;
end
$$;

create function audit.set_retention_period(of_class text, to_years integer) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  update audit.retention_period set years = to_years where retention = of_class
$$;

-- Of each class of which something has gone: the index below which its entries may be absent, the month before which all of them lie, and how many they are.
create view audit.pruned_segment as
  select s.retention, coalesce(max(s.last_index) + 1, 0) as minimum_index, to_char(max(s.month) + interval '1 month', 'YYYY-MM') as pruned_before,
    sum(s.events)::bigint as entries
  from audit.segment s where s.pruned_at is not null group by s.retention;

-- What a retention statement says: the log's name, and a line for each of these classes.
create function audit.retention_text() returns text language sql stable set search_path = pg_catalog, pg_temp as $$
  select head.origin || E'/retention\n' || coalesce((
    select string_agg(format(E'%s %s %s %s\n', gone.retention, gone.minimum_index, gone.pruned_before, gone.entries), '' order by gone.retention) from audit.pruned_segment gone), '')
  from audit.log_head head
$$;

-- Keeps a signed statement of what is so at this moment, and nothing else.
create function audit.keep_retention_statement(signed text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not starts_with(signed, audit.retention_text() || E'\n— ') then
    raise exception 'This is not what is so of the log' using errcode = 'invalid_parameter_value';
  end if;
  insert into audit.retention_statement (origin, note) select head.origin, signed from audit.log_head head;
end
$$;

-- Erases the values that events and requests hold beside themselves of these records (`types` and `ids` in pairs); `tenants` are those that the
-- records belong to. Commitments, canonical bytes and proofs stay. Refused under a legal hold of one of the records, of their tenant or of a
-- tenant on whose events the values stand, or of the time of such an event. Waits for no hold that is being placed (55P03).
create function audit.erase_values(types text[], ids text[], tenants text[]) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  erased bigint;
  of_requests bigint;
begin
  lock table audit.legal_hold in share row exclusive mode;
  if exists (select from audit.hold_in_force hold where
    hold.tenant_id = any (tenants)
    or exists (select from unnest(types, ids) as record(type, id) where record.type = hold.record_type and record.id = hold.record_id)
    or ((hold.tenant_id is not null or hold.first_day is not null) and exists (
      select from unnest(types, ids) as record(type, id)
      join audit.personal_value value on value.subject_type = record.type and value.subject_id = record.id
      join audit.event e on e.id = value.event_id
      where e.tenant_id = hold.tenant_id or (e.time at time zone 'UTC')::date between hold.first_day and hold.last_day))
    or ((hold.tenant_id is not null or hold.first_day is not null) and exists (
      select from unnest(types, ids) as record(type, id)
      join gateway.approval_value value on value.target_type = record.type and value.target_id = record.id
      join gateway.approval_request request on request.id = value.request_id
      where request.tenant_id = hold.tenant_id or (request.requested_at at time zone 'UTC')::date between hold.first_day and hold.last_day))
  ) then
    raise exception 'A legal hold keeps these values.' using errcode = 'restrict_violation';
  end if;
  delete from audit.personal_value value using unnest(types, ids) as record(type, id)
  where value.subject_type = record.type and value.subject_id = record.id;
  get diagnostics erased = row_count;
  delete from gateway.approval_value value using unnest(types, ids) as record(type, id)
  where value.target_type = record.type and value.target_id = record.id;
  get diagnostics of_requests = row_count;
  return erased + of_requests;
end
$$;

revoke all on audit.segment, audit.legal_hold, audit.legal_hold_release, audit.erasure, audit.retention_statement, audit.hold_in_force, audit.pruned_segment from public, sallyport_app, sallyport_auditor;
revoke execute on function audit.note_segments, audit.segment_holds, audit.measure_segment, audit.close_segment, audit.prune_segment, audit.set_retention_period,
  audit.keep_retention_statement, audit.erase_values from public;
grant execute on function audit.segment_holds, audit.close_segment, audit.prune_segment, audit.set_retention_period, audit.keep_retention_statement, audit.erase_values to sallyport_app;
grant select on audit.segment, audit.legal_hold, audit.legal_hold_release, audit.erasure, audit.retention_statement, audit.hold_in_force, audit.pruned_segment to sallyport_app, sallyport_auditor;
grant insert on audit.legal_hold, audit.legal_hold_release, audit.erasure to sallyport_app;
-- Locking a row asks for the right to update one column; the triggers above refuse the update itself.
grant update (id) on audit.segment, audit.legal_hold to sallyport_app;
grant update (retention) on audit.retention_period to sallyport_app;
