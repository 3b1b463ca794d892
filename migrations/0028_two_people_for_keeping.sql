-- Nobody lets go of the log alone, past the gateway either: pruning, releasing a hold, setting a period and erasing commit only with a request that a
-- second person approved. The acts may be tried out by anybody who may call them, and undone: a preview does so, and so does the filing of a request.
--
-- What this holds. At COMMIT of any of these acts, by this clock and under lock, there is a request that showed exactly this effect, has not lapsed, and is
-- ended as executed by this very transaction; approvals of it, as many as its rule takes, by active people of whom none is the requester or one of the others
-- under another account; a proof that the last of them spent in this transaction, in a live session; the event by which the request was filed, with its leaf
-- under a checkpoint that had been committed before by another transaction; and, in this commit, the approval's event and the act's own event, which names
-- request and effect. Each request is good for one such act, once.
--
-- What this does not hold. The serving role writes requests, reviews, sessions and proofs: whoever has its login and nothing else can invent people's decisions.
-- They can't do so silently. What they invent stands on the log for good before anything is let go of, where it can't be taken back and every copy and anchor
-- sees it; and the act stands there with it. That a person named there really decided is for the gateway, and whom it names to say. Whether a checkpoint's
-- signature is good is not known here: a worthless one shows to every verifier. Who may approve what is the gateway's policy, and is not judged here.

-- Whether two accounts are one human's by anything that shows it; as `schema/src/modules/access/same-person.ts`.
create function gateway.is_same_human(one gateway.staff, other gateway.staff) returns boolean language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(one.person_id, one.id) = coalesce(other.person_id, other.id)
    or regexp_replace(one.email, '\+[^@]*(?=@)', '') = regexp_replace(other.email, '\+[^@]*(?=@)', '')
    or coalesce(one.totp_fingerprint = other.totp_fingerprint, false)
$$;

-- Whether a visible row was committed by another transaction; false of what this one wrote itself, behind a savepoint too, which carries numbers from its own on.
create function audit.is_committed(written xid) returns boolean language sql volatile set search_path = pg_catalog, pg_temp as $$
  select ahead >= 2147483648
    or (own + ahead < pg_snapshot_xmax(pg_current_snapshot())::text::bigint and pg_xact_status((own + ahead)::text::xid8) is distinct from 'in progress')
  from (select own, (written::text::bigint - own) & 4294967295 as ahead from (select pg_current_xact_id()::text::bigint as own) as this) as distance
$$;

-- Whether an event of these bytes is on the log for good: its leaf is theirs, and lies under a checkpoint that was committed before.
create function audit.is_covered(of_event uuid, bytes bytea) returns boolean language sql volatile set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from audit.leaf leaf, audit.log_head head, audit.checkpoint c
    where leaf.event_id = of_event and leaf.leaf_hash = sha256('\x00'::bytea || bytes) and c.origin = head.origin and c.size > leaf.log_index and audit.is_committed(c.xmin))
$$;

-- Whether an event of these bytes is on its way to the log and not there yet: written just now.
create function audit.is_waiting(of_event uuid, bytes bytea) returns boolean language sql volatile set search_path = pg_catalog, pg_temp as $$
  select exists (select from audit.unsealed u where u.event_id = of_event and u.leaf_hash = sha256('\x00'::bytea || bytes))
    and not exists (select from audit.leaf leaf where leaf.event_id = of_event)
$$;

-- Events of a story whose bytes say all of `members`. Columns are a convenience; what counts is what was hashed.
create function audit.events_saying(correlation text, members jsonb) returns table (event_id uuid, bytes bytea) language sql volatile set search_path = pg_catalog, pg_temp as $$
  select e.id, e.canonical from audit.event e
  where e.correlation_id = correlation and e.approval_id = members ->> 'approvalId' and convert_from(e.canonical, 'UTF8')::jsonb @> members
$$;

create function audit.saying_filed(request gateway.approval_request) returns jsonb language sql immutable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('kind', 'approvals.request.filed', 'outcome', 'ok', 'approvalId', request.id, 'actorId', request.requester_id, 'action', request.action)
$$;

-- Whether a request's filing is on the log for good: from then on what it asks for can be done.
create function audit.is_request_covered(of_request uuid) returns boolean language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from gateway.approval_request request, audit.events_saying(request.correlation_id::text, audit.saying_filed(request)) filed
    where request.id = of_request and audit.is_covered(filed.event_id, filed.bytes))
$$;

-- What was let go of by two people, each act once.
create table audit.act_of_two (
  id bigint primary key generated always as identity,
  -- Null where the act is tried out only: that can't be committed.
  request_id uuid,
  resource text not null,
  -- Null where the act makes the record.
  record_id text,
  -- What the request must have shown to who approved it: fields of the record, as they are afterwards.
  shown jsonb not null,
  -- What the act's event must say.
  told jsonb not null,
  done_at timestamptz not null default clock_timestamp(),
  unique (request_id, resource, shown)
);

-- How many different people approve a request, with their approval on the log or on its way there, and nothing against it.
create function audit.people_approving(request gateway.approval_request) returns table (reviewer_id uuid, session_id uuid) language sql volatile set search_path = pg_catalog, pg_temp as $$
  with reviewed as (
    select review.id, review.decision, review.session_id, reviewer, requester,
      review.shown_digest = request.shown_digest and review.reviewed_at between request.requested_at and clock_timestamp() as is_of_this
    from gateway.approval_review review
    join gateway.staff reviewer on reviewer.id = review.reviewer_id join gateway.staff requester on requester.id = request.requester_id
    where review.request_id = request.id
  )
  select (one.reviewer).id, one.session_id from reviewed one
  where one.decision = 'approve' and one.is_of_this and (one.reviewer).state = 'active' and (one.requester).state = 'active'
    and not gateway.is_same_human(one.reviewer, one.requester)
    and not exists (select from reviewed other where (other.decision = 'deny' or other.id < one.id) and gateway.is_same_human(one.reviewer, other.reviewer))
    and exists (
      select from audit.events_saying(request.correlation_id::text,
        jsonb_build_object('kind', 'approvals.request.approved', 'outcome', 'ok', 'approvalId', request.id, 'actorId', (one.reviewer).id)) said
      where audit.is_covered(said.event_id, said.bytes) or audit.is_waiting(said.event_id, said.bytes))
$$;

-- What is missing for an act of two people to stand; null where nothing is.
create function audit.missing_for(act audit.act_of_two) returns text language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  request gateway.approval_request;
  ending gateway.approval_ending;
begin
  select * into request from gateway.approval_request r where r.id = act.request_id for share;
  if request.id is null then return 'a request for it'; end if;
  if request.requested_at > clock_timestamp() or request.expires_at <= clock_timestamp() then return 'a request that has not lapsed'; end if;
  if act.record_id is not null and (request.target_type, request.target_id) is distinct from (act.resource, act.record_id)
    or not exists (
      select from jsonb_to_recordset(request.changes) as change(resource text, id text, field text, "after" jsonb)
      where change.resource = act.resource and change.id = coalesce(act.record_id, change.id)
      group by change.id having jsonb_object_agg(change.field, change."after") @> act.shown)
  then return 'a request that showed this'; end if;
  if (select count(*) from audit.people_approving(request)) < greatest(1, (select min((alternative ->> 'quorum')::integer) from jsonb_array_elements(request.rule -> 'alternatives') alternative))
  then return 'another person’s approval'; end if;
  select * into ending from gateway.approval_ending e where e.request_id = request.id;
  if ending.state is distinct from 'executed' then return 'the end of the request'; end if;
  if not exists (
    select from audit.people_approving(request) last
    join gateway.session session on session.id = last.session_id and session.staff_id = last.reviewer_id
    join gateway.step_up proof on proof.session_id = session.id and proof.staff_id = session.staff_id
    where last.reviewer_id = ending.ended_by and session.stage = 'full' and session.mode = 'normal' and session.ended_at is null and session.expires_at > now()
      and proof.action = 'approveRequest' and proof.target_id = request.id::text and proof.consumed_at between now() and clock_timestamp())
  then return 'the approver’s proof'; end if;
  if not exists (
    select from gateway.step_up proof
    where proof.id = request.step_up_id and proof.staff_id = request.requester_id and proof.action = request.action and proof.consumed_at is not null)
  then return 'the requester’s proof'; end if;
  if not audit.is_request_covered(request.id) then return 'the request on the signed log'; end if;
  if not exists (
    select from audit.events_saying(request.correlation_id::text,
      jsonb_build_object('outcome', 'ok', 'approvalId', request.id, 'actorId', request.requester_id, 'action', request.action)) done
    where done.event_id = ending.audit_event_id and audit.is_waiting(done.event_id, done.bytes)
      -- An event that would be too long for the log says that it leaves its detail out. What was erased stands in audit.erasure then.
      and (convert_from(done.bytes, 'UTF8')::jsonb @> act.told or (act.resource = 'logErasure' and convert_from(done.bytes, 'UTF8')::jsonb -> 'detail' ? 'omitted')))
  then return 'the act’s event'; end if;
  return null;
end
$$;

create function audit.require_two_people() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  missing text := audit.missing_for(new);
begin
  if missing is not null then
    raise exception 'Nobody lets go of the log alone: % is missing', missing using errcode = 'insufficient_privilege';
  end if;
  return null;
end
$$;
create constraint trigger acts_are_of_two after insert on audit.act_of_two deferrable initially deferred for each row execute function audit.require_two_people();
create trigger acts_of_two_stay before update or delete on audit.act_of_two for each row execute function audit.refuse_change();
create trigger act_of_two_table_stays before truncate on audit.act_of_two for each statement execute function audit.refuse_change();
alter table audit.act_of_two enable always trigger acts_are_of_two, enable always trigger acts_of_two_stay, enable always trigger act_of_two_table_stays;

-- Pruning.
alter function audit.prune_segment(text) rename to drop_segment;
alter table audit.segment add column pruned_values bigint check (pruned_values >= 0);
comment on column audit.segment.pruned_values is 'Personal values that went with the events; not known of what was pruned before they were counted';

-- As audit.drop_segment (0025), for two people. One at a time, tried out or not, and whoever comes meanwhile is turned away (55P03): it takes long, and must
-- not take all of a gateway's connections.
create function audit.prune_segment(of_id text, approval uuid, out month date, out retention text, out events bigint, out first_index bigint, out last_index bigint,
  out digest bytea, out personal_values bigint)
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '5s' as $$
declare
  segment audit.segment;
  counted bigint;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('audit.prune_segment', 0)) then
    raise exception 'Somebody prunes a segment at this moment' using errcode = 'lock_not_available';
  end if;
  select * into segment from audit.segment s where s.id = of_id for update;
  if segment.sealed_at is not null and segment.pruned_at is null then
    execute format('select count(*) from audit.personal_value value join audit.%I e on e.id = value.event_id',
      'event_' || to_char(segment.month, 'YYYY_MM_') || segment.retention) into counted;
    update audit.segment s set pruned_values = counted where s.id = of_id;
  end if;
  select dropped.* into month, retention, events, first_index, last_index, digest, personal_values from audit.drop_segment(of_id) dropped;
  if personal_values <> counted then
    raise exception 'Somebody is changing this segment' using errcode = 'lock_not_available';
  end if;
  insert into audit.act_of_two (request_id, resource, record_id, shown, told) values (approval, 'logSegment', of_id,
    jsonb_build_object('prunedDigest', encode(digest, 'hex'), 'prunedEvents', events::text, 'prunedValues', personal_values::text),
    jsonb_build_object('detail', jsonb_build_object('leafHashes', encode(digest, 'hex'), 'month', to_char(month, 'YYYY-MM'), 'retention', retention)));
end
$$;

-- Periods.
drop function audit.set_retention_period(text, integer);
create function audit.set_retention_period(of_class text, to_years integer, approval uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update audit.retention_period set years = to_years where retention = of_class;
  insert into audit.act_of_two (request_id, resource, record_id, shown, told)
  values (approval, 'retentionPeriod', of_class, jsonb_build_object('years', to_years), jsonb_build_object('after', jsonb_build_object('years', to_years)));
end
$$;

-- Holds. False where it has been released.
create function audit.release_hold(of_hold uuid, approval uuid, by_staff uuid, why text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into audit.legal_hold_release (hold_id, reason, released_by, approval_id)
  select of_hold, coalesce(request.reason, why), coalesce(request.requester_id, by_staff), request.id
  from (select approval as id) asked left join gateway.approval_request request on request.id = asked.id on conflict do nothing;
  if not found then return false; end if;
  insert into audit.act_of_two (request_id, resource, record_id, shown, told)
  values (approval, 'legalHold', of_hold::text, jsonb_build_object('state', 'released'), jsonb_build_object('targetId', of_hold));
  return true;
end
$$;

-- Erasures.
alter table audit.erasure
  -- Events of the log and requests beside which the values stood; not known of erasures before they were counted.
  add column log_entries bigint check (log_entries >= 0),
  add column requests bigint check (requests >= 0),
  -- Whose values: {"erased": {kind: [ids]}, "deleted": {kind: [ids]}}, the latter of records that the act took out of the product.
  add column subjects jsonb not null default '{}';
alter table audit.erasure disable trigger erasures_stay;
update audit.erasure set subjects = jsonb_build_object('erased', jsonb_build_object(record_type, jsonb_build_array(record_id)));
alter table audit.erasure enable always trigger erasures_stay;
alter table audit.erasure alter column subjects drop default;

create function audit.subjects_in(subjects jsonb) returns table (type text, id text) language sql immutable set search_path = pg_catalog, pg_temp as $$
  select distinct kind.key, listed.id
  from unnest(array['erased', 'deleted']) as how, jsonb_each(coalesce(subjects -> how, '{}')) as kind, jsonb_array_elements_text(kind.value) as listed(id)
$$;

-- Deletes the values that events and requests hold beside themselves of these subjects; where an index is given, only of events below it and of requests before
-- that time. Commitments, canonical bytes and proofs stay. Refused under a legal hold of one of the records, of one of the tenants or of a tenant on whose events the
-- values stand, or of the time of such an event. Waits for no hold that is being placed (55P03).
create function audit.delete_values(subjects jsonb, tenants text[], below_index bigint default null, before timestamptz default null) returns bigint
  language plpgsql volatile set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
declare
  erased bigint;
  of_requests bigint;
begin
  lock table audit.legal_hold in share row exclusive mode;
  if exists (select from audit.hold_in_force hold where
    hold.tenant_id = any (tenants)
    or exists (select from audit.subjects_in(subjects) record where record.type = hold.record_type and record.id = hold.record_id)
    or ((hold.tenant_id is not null or hold.first_day is not null) and exists (
      select from audit.subjects_in(subjects) record
      join audit.personal_value value on value.subject_type = record.type and value.subject_id = record.id
      join audit.event e on e.id = value.event_id
      where e.tenant_id = hold.tenant_id or (e.time at time zone 'UTC')::date between hold.first_day and hold.last_day))
    or ((hold.tenant_id is not null or hold.first_day is not null) and exists (
      select from audit.subjects_in(subjects) record
      join gateway.approval_value value on value.target_type = record.type and value.target_id = record.id
      join gateway.approval_request request on request.id = value.request_id
      where request.tenant_id = hold.tenant_id or (request.requested_at at time zone 'UTC')::date between hold.first_day and hold.last_day))
  ) then
    raise exception 'A legal hold keeps these values.' using errcode = 'restrict_violation';
  end if;
  delete from audit.personal_value value using audit.subjects_in(subjects) record
  where value.subject_type = record.type and value.subject_id = record.id
    and (below_index is null or exists (select from audit.leaf leaf where leaf.event_id = value.event_id and leaf.log_index < below_index));
  get diagnostics erased = row_count;
  delete from gateway.approval_value value using audit.subjects_in(subjects) record
  where value.target_type = record.type and value.target_id = record.id
    and (before is null or exists (select from gateway.approval_request request where request.id = value.request_id and request.requested_at < before));
  get diagnostics of_requests = row_count;
  return erased + of_requests;
end
$$;

drop function audit.erase_values(text[], text[], text[]);
-- As audit.delete_values, for two people, and books the erasure under one of the records. Who, why and under which ID say the request; where the act is only
-- tried out, the caller.
create function audit.erase_values(of_type text, of_id text, subjects jsonb, tenants text[], approval uuid, by_staff uuid, why text, of_ticket text, correlation uuid,
  out erasure uuid, out erased bigint, out log_entries bigint, out requests bigint, out subject_digest text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from audit.subjects_in(subjects) record where record.type = of_type and record.id = of_id) then
    raise exception 'An erasure is booked under one of its subjects' using errcode = 'invalid_parameter_value';
  end if;
  -- Else the digest of one subject could be that of two.
  if exists (select from audit.subjects_in(subjects) record where position(E'\n' in record.type || record.id) > 0) then
    raise exception 'A subject is named by a text of one line' using errcode = 'invalid_parameter_value';
  end if;
  select count(distinct value.event_id) into log_entries
  from audit.subjects_in(subjects) record join audit.personal_value value on value.subject_type = record.type and value.subject_id = record.id;
  select count(distinct value.request_id) into requests
  from audit.subjects_in(subjects) record join gateway.approval_value value on value.target_type = record.type and value.target_id = record.id;
  -- Of whose values they were, as `kind/id`, a line each.
  select encode(sha256(convert_to(string_agg(record.type || '/' || record.id, E'\n' order by record.type || '/' || record.id collate "C"), 'UTF8')), 'hex') into subject_digest
  from audit.subjects_in(subjects) record;
  erased := audit.delete_values(subjects, tenants);
  erasure := gen_random_uuid();
  insert into audit.erasure (id, record_type, record_id, tenant_id, values_erased, log_entries, requests, subjects, reason, ticket, erased_by, approval_id, correlation_id)
  select erasure, of_type, of_id, coalesce(request.tenant_id, tenants[1]), erased, log_entries, erase_values.requests, erase_values.subjects, coalesce(request.reason, why),
    coalesce(request.ticket, of_ticket), coalesce(request.requester_id, by_staff), request.id, coalesce(request.correlation_id, correlation)
  from (select approval as id) asked left join gateway.approval_request request on request.id = asked.id;
  insert into audit.act_of_two (request_id, resource, record_id, shown, told)
  values (approval, 'logErasure', null, jsonb_build_object('recordType', of_type, 'recordId', of_id), jsonb_build_object('detail', jsonb_build_object('subjectDigest', subject_digest)));
end
$$;

-- What was erased once more, each time that something was.
create table audit.erasure_again (
  id bigint primary key generated always as identity,
  -- Of the act that erased it first.
  event_id uuid not null,
  values_erased bigint not null check (values_erased > 0),
  done_at timestamptz not null default clock_timestamp()
);

-- At COMMIT: the log says so, in this commit.
create function audit.require_word_of_erasure() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  act jsonb;
begin
  select convert_from(e.canonical, 'UTF8')::jsonb into act from audit.event e where e.id = new.event_id;
  if not exists (
    select from audit.events_saying(act ->> 'correlationId', jsonb_build_object('kind', 'log.erasure.repeated', 'outcome', 'ok', 'approvalId', act ->> 'approvalId',
      'detail', jsonb_build_object('erasureEventId', new.event_id, 'valuesErased', new.values_erased))) said
    where audit.is_waiting(said.event_id, said.bytes))
  then
    raise exception 'Nothing is erased again without a word on the log' using errcode = 'insufficient_privilege';
  end if;
  return null;
end
$$;
create constraint trigger erasures_are_told_again after insert on audit.erasure_again deferrable initially deferred for each row execute function audit.require_word_of_erasure();
create trigger erasures_again_stay before update or delete on audit.erasure_again for each row execute function audit.refuse_change();
create trigger erasure_again_table_stays before truncate on audit.erasure_again for each statement execute function audit.refuse_change();
alter table audit.erasure_again enable always trigger erasures_are_told_again, enable always trigger erasures_again_stay, enable always trigger erasure_again_table_stays;

-- Does an erasure again that the log tells of: its values are back, as they are where an older copy of a table was put in their place. From the log alone, and with two
-- people on it: the act, its request and an approval by another human's account all stand under a checkpoint that was committed before; that it is done
-- is on the log with it. Only what was written before the erasure goes: what came afterwards is another matter. Refused under a hold, as every erasure.
create function audit.erase_again(of_event uuid, out erased bigint, out subjects jsonb, out said jsonb)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  act audit.event;
  log_index bigint;
begin
  select * into act from audit.event e where e.id = of_event;
  said := convert_from(act.canonical, 'UTF8')::jsonb;
  subjects := said -> 'detail';
  if subjects -> 'erased' is null
    or jsonb_path_exists(subjects, 'strict $.keyvalue() ? (@.key == "erased" || @.key == "deleted").value.* ? (@.type() != "array")')
  then
    -- Too many to fit the event: its commit booked them.
    select booked.subjects into subjects from audit.erasure booked
    join gateway.approval_ending ending on ending.request_id = booked.approval_id where ending.audit_event_id = of_event;
  end if;
  if subjects is null or said ->> 'outcome' <> 'ok' or said ->> 'effect' is distinct from 'write' or not audit.is_covered(act.id, act.canonical)
    or not exists (
      select from audit.events_saying(said ->> 'correlationId', jsonb_build_object('kind', 'approvals.request.filed', 'outcome', 'ok', 'approvalId', said ->> 'approvalId',
        'actorId', said ->> 'actorId', 'action', said ->> 'action')) filed where audit.is_covered(filed.event_id, filed.bytes))
    or not exists (
      select from audit.events_saying(said ->> 'correlationId', jsonb_build_object('kind', 'approvals.request.approved', 'outcome', 'ok', 'approvalId', said ->> 'approvalId')) approved
      join gateway.staff approver on approver.id::text = convert_from(approved.bytes, 'UTF8')::jsonb ->> 'actorId'
      join gateway.staff requester on requester.id::text = said ->> 'actorId'
      where not gateway.is_same_human(approver, requester) and audit.is_covered(approved.event_id, approved.bytes))
  then
    raise exception 'The log tells of no erasure by two people here' using errcode = 'insufficient_privilege';
  end if;
  select leaf.log_index into log_index from audit.leaf leaf where leaf.event_id = of_event;
  erased := audit.delete_values(subjects, array_remove(array[said ->> 'tenantId'], null), log_index, act.time);
  if erased > 0 then
    insert into audit.erasure_again (event_id, values_erased) values (of_event, erased);
  end if;
end
$$;

-- Erasures whose values stand there again, by the act's event.
create function audit.undone_erasures() returns table (event_id uuid) language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select leaf.event_id
  from audit.erasure booked
  join gateway.approval_ending ending on ending.request_id = booked.approval_id
  join audit.leaf leaf on leaf.event_id = ending.audit_event_id
  where exists (
      select from audit.subjects_in(booked.subjects) record
      join audit.personal_value value on value.subject_type = record.type and value.subject_id = record.id
      join audit.leaf written on written.event_id = value.event_id and written.log_index < leaf.log_index)
    or exists (
      select from audit.subjects_in(booked.subjects) record
      join gateway.approval_value value on value.target_type = record.type and value.target_id = record.id
      join gateway.approval_request request on request.id = value.request_id and request.requested_at < leaf.time)
$$;

revoke all on audit.act_of_two, audit.erasure_again from public, sallyport_app, sallyport_auditor;
grant select on audit.act_of_two, audit.erasure_again to sallyport_app, sallyport_auditor;
revoke insert on audit.legal_hold_release, audit.erasure from sallyport_app;
revoke execute on function audit.drop_segment from sallyport_app;
revoke execute on function audit.is_committed, audit.is_covered, audit.is_waiting, audit.events_saying, audit.saying_filed, audit.is_request_covered, audit.people_approving,
  audit.missing_for, audit.require_two_people, audit.prune_segment, audit.set_retention_period, audit.release_hold, audit.subjects_in, audit.delete_values, audit.erase_values,
  audit.erase_again, audit.require_word_of_erasure, audit.undone_erasures, gateway.is_same_human from public;
grant execute on function audit.is_request_covered, audit.prune_segment, audit.set_retention_period, audit.release_hold, audit.erase_values, audit.erase_again,
  audit.undone_erasures to sallyport_app;
