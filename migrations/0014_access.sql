-- Grants that end by themselves, people behind accounts, and what stands on every event of a token or an emergency.

alter table gateway.staff
  -- Null: the account stands for itself. Else the account whose human this one belongs to as well (THREATS D02).
  add column person_id uuid references gateway.staff (id),
  -- Keyed hash of the authenticator's secret: the same one in two accounts is the same human.
  add column totp_fingerprint bytea check (totp_fingerprint is null or octet_length(totp_fingerprint) = 32),
  add column invited_by uuid references gateway.staff (id),
  add column disabled_at timestamptz,
  add column disabled_by uuid references gateway.staff (id),
  add constraint staff_disabled_when check ((state = 'disabled') = (disabled_at is not null)) not valid;

alter table gateway.access_grant
  add column kind text not null default 'standing' check (kind in ('standing', 'elevation', 'break-glass')),
  -- Names of single permissions; the role then is 'permissions'.
  add column permissions text[] check (permissions is null or cardinality(permissions) between 1 and 50),
  -- The request whose approval gave it.
  add column approval_id uuid,
  -- An elevation that waits for its activation has neither time of activation nor end, and lapses unless activated before.
  add column activated_at timestamptz default clock_timestamp(),
  add column activate_before timestamptz,
  add column minutes integer check (minutes between 1 and 43200),
  -- Lives no longer than this session, where there is one.
  add column session_id uuid,
  add column revoked_by uuid references gateway.staff (id),
  add column revoke_reason text,
  add constraint access_grant_single_permissions check ((role = 'permissions') = (permissions is not null)),
  add constraint access_grant_waits check (activated_at is not null or (kind = 'elevation' and activate_before is not null and minutes is not null)),
  add constraint access_grant_ends check (kind = 'standing' or activated_at is null or expires_at is not null);
create index access_grant_by_approval on gateway.access_grant (approval_id) where approval_id is not null;
create index access_grant_by_granter on gateway.access_grant (granted_by, created_at);

alter table audit.event add column token_id text, add column break_glass_id text;
-- An entry of a C2SP bundle has a length of 16 bits: one byte less than 0003 allows. Not checked for what is there.
alter table audit.event add constraint event_fits_a_bundle check (octet_length(canonical) <= 65535) not valid;
comment on column audit.event.token_id is 'The token by which the act came; the person who made it is the actor';
comment on column audit.event.break_glass_id is 'The emergency in force in the session of the act';
create index event_by_token on audit.event (token_id, time desc) where token_id is not null;
create index event_by_break_glass on audit.event (break_glass_id, time desc) where break_glass_id is not null;

-- As in 0003, with the two columns more. Events before them keep their canonical bytes: a null is left out there.
create or replace function audit.append(events json, personal json default null) returns void language plpgsql as $$
begin
  insert into audit.event (
    id, format_version, correlation_id, kind, outcome, reason_code, surface, environment, policy_version, actor_id,
    actor_name, subject_id, subject_name, role, grant_id, session_id, token_id, break_glass_id, second_factor, ip, user_agent,
    action, permission, effect, reach, tier, tenant_id, target_type, target_id, reason, ticket, approval_id, step_up_id,
    "before", "after", fields_read, detail,
    time, canonical
  )
  select
    "id", "formatVersion", "correlationId", "kind", "outcome", "reasonCode", "surface", "environment", "policyVersion",
    "actorId", "actorName", "subjectId", "subjectName", "role", "grantId", "sessionId", "tokenId", "breakGlassId",
    "secondFactor", "ip", "userAgent",
    "action", "permission", "effect", "reach", "tier", "tenantId", "targetType", "targetId", "reason", "ticket",
    "approvalId", "stepUpId", "before", "after", "fieldsRead", "detail",
    now, convert_to(head || to_char(now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || tail, 'UTF8')
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
  ) as entry;
  if personal is not null then
    insert into audit.personal_value (event_id, side, field, salt, value)
    select p."eventId", p.side, p.field, decode(p.salt, 'hex'), p.value
    from json_to_recordset(personal) as p("eventId" uuid, side text, field text, salt text, value jsonb);
  end if;
end
$$;

-- Whoever holds a link can become its person: for a while that account approves nothing of theirs.
alter table gateway.enrolment_link add column made_by uuid references gateway.staff (id);

create index staff_of_person on gateway.staff (person_id) where person_id is not null;

-- When the log last named a grant, kept apart from the grant: whoever acts holds the grant's row FOR SHARE, and noting use must not wait for that.
create table gateway.grant_use (
  grant_id uuid primary key references gateway.access_grant (id),
  last_used_at timestamptz not null
);
create index grant_use_by_time on gateway.grant_use (last_used_at);
comment on table gateway.grant_use is 'Derived from audit.event within a minute or two; may be cleared, the job then finds all of it again';
