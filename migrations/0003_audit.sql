-- The log (DESIGN section 5). Append-only: the app role may INSERT and SELECT, and nothing else; triggers refuse
-- UPDATE, DELETE and TRUNCATE for everybody, the owner included, until the owner disables them in plain sight.

create table audit.event (
  -- UUID version 7, made by the gateway, so that any PostgreSQL >= 15 will do.
  id uuid primary key,
  -- Order of insertion. NOT the order of commit: a number may become visible after a higher one, and a rolled-back
  -- transaction leaves a gap. Good for ordering rows that are all visible; no reader may take it as a cursor for "what is new".
  sequence bigint generated always as identity,
  format_version smallint not null,
  -- clock_timestamp() at the append, to the microsecond.
  time timestamptz not null,
  -- A UUID in lower case, as text: callers look it up by what somebody pasted, which need not be a UUID.
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
  -- RFC 8785 JSON of every column above but sequence, null ones left out; what a Merkle leaf is made of.
  canonical bytea not null check (octet_length(canonical) between 2 and 65536)
);

-- Every index is paid for by every append. Kind, outcome and reason code have none: frequent ones are found along
-- event_by_time at once, and the rarest in a million events within a fifth of a second.
create index event_by_time on audit.event (time desc, id desc);
create index event_by_correlation on audit.event (correlation_id);
create index event_by_tenant on audit.event (tenant_id, time desc, id desc);
create index event_by_tenant_and_action on audit.event (tenant_id, action, time desc, id desc);
create index event_by_actor on audit.event (actor_id, time desc, id desc);
create index event_by_target on audit.event (target_id, target_type, time desc, id desc);

-- Values behind the salted commitments in event.before and event.after. A row may be erased (THREATS H16):
-- the event, its canonical bytes and every proof over them stay valid, the value can no longer be shown or guessed.
-- No foreign key: it would cost an index probe and a row lock per value in the hottest statement, and rows are
-- only ever written by the statement that writes their event.
create table audit.personal_value (
  event_id uuid not null,
  side text not null check (side in ('before', 'after')),
  field text not null,
  salt bytea not null check (octet_length(salt) = 32),
  value jsonb,
  primary key (event_id, side, field)
);

-- The append: one call, one statement, for one event or many (an array of objects named as in the canonical form, with the
-- two halves of the canonical text around the time), and the values behind their commitments. A function, so that its plan is
-- kept by the session, however the call was sent; SECURITY INVOKER, so that it opens no door that the caller does not have.
create function audit.append(events json, personal json default null) returns void language plpgsql as $$
begin
  insert into audit.event (
    id, format_version, correlation_id, kind, outcome, reason_code, surface, environment, policy_version, actor_id,
    actor_name, subject_id, subject_name, role, grant_id, session_id, second_factor, ip, user_agent, action, permission,
    effect, reach, tier, tenant_id, target_type, target_id, reason, ticket, approval_id, step_up_id, "before", "after",
    fields_read, detail,
    time, canonical
  )
  select
    "id", "formatVersion", "correlationId", "kind", "outcome", "reasonCode", "surface", "environment", "policyVersion",
    "actorId", "actorName", "subjectId", "subjectName", "role", "grantId", "sessionId", "secondFactor", "ip", "userAgent",
    "action", "permission", "effect", "reach", "tier", "tenantId", "targetType", "targetId", "reason", "ticket",
    "approvalId", "stepUpId", "before", "after", "fieldsRead", "detail",
    now, convert_to(head || to_char(now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || tail, 'UTF8')
  from (
    -- Each row's clock is read once (a volatile target keeps the subquery whole): column and bytes get the same reading.
    select e.*, clock_timestamp() as now
    from json_to_recordset(events) as e(
      "id" uuid, "formatVersion" smallint, "correlationId" text, "kind" text, "outcome" text, "reasonCode" text,
      "surface" text, "environment" text, "policyVersion" text, "actorId" text, "actorName" text, "subjectId" text,
      "subjectName" text, "role" text, "grantId" text, "sessionId" text, "secondFactor" text, "ip" text, "userAgent" text,
      "action" text, "permission" text, "effect" text, "reach" text, "tier" text, "tenantId" text, "targetType" text,
      "targetId" text, "reason" text, "ticket" text, "approvalId" text, "stepUpId" text, "before" jsonb, "after" jsonb,
      "fieldsRead" text[], "detail" jsonb, head text, tail text
    )
  ) as entry;
  if personal is not null then
    insert into audit.personal_value (event_id, side, field, salt, value)
    select p."eventId", p.side, p.field, decode(p.salt, 'hex'), p.value
    from json_to_recordset(personal) as p("eventId" uuid, side text, field text, salt text, value jsonb);
  end if;
end
$$;

create function audit.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The audit log is append-only: % on %.% is refused', tg_op, tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;

create trigger event_rows_stay before update or delete on audit.event for each row execute function audit.refuse_change();
create trigger event_table_stays before truncate on audit.event for each statement execute function audit.refuse_change();
create trigger personal_values_are_never_edited before update on audit.personal_value for each row execute function audit.refuse_change();

-- ALWAYS: a session that plays replica does not pass either.
alter table audit.event enable always trigger event_rows_stay, enable always trigger event_table_stays;
alter table audit.personal_value enable always trigger personal_values_are_never_edited;

-- The whole policy (catalogue, roles, settings) behind the hash that every event names; written once when first seen.
create table gateway.policy_version (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  body jsonb not null,
  first_seen_at timestamptz not null default clock_timestamp()
);
create trigger policy_versions_stay before update or delete on gateway.policy_version for each row execute function audit.refuse_change();
create trigger policy_version_table_stays before truncate on gateway.policy_version for each statement execute function audit.refuse_change();

revoke all on audit.event, audit.personal_value, gateway.policy_version from public, sallyport_app, sallyport_auditor;
grant usage on schema audit to sallyport_app, sallyport_auditor;
revoke execute on function audit.append from public;
grant execute on function audit.append to sallyport_app;
grant insert, select on audit.event to sallyport_app;
grant insert on audit.personal_value to sallyport_app;
grant select on audit.event to sallyport_auditor;
grant insert, select on gateway.policy_version to sallyport_app;
grant usage on schema gateway to sallyport_auditor;
grant select on gateway.policy_version to sallyport_auditor;
