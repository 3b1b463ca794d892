-- Requests for a second person. What was asked is written once; what became of it is told by the reviews and the one ending.

create table gateway.approval_request (
  id uuid primary key,
  requested_at timestamptz not null default clock_timestamp(),
  requester_id uuid not null references gateway.staff (id),
  -- How and under which session and proof it was asked: they stand on the event of the executed act.
  session_id uuid not null,
  second_factor text not null check (second_factor in ('totp', 'recovery-code')),
  surface text not null,
  ip text not null,
  step_up_id uuid,
  correlation_id uuid not null,
  action text not null,
  permission text not null,
  target_type text not null,
  -- Null where the act makes a record.
  target_id text,
  target_title text,
  target_version text,
  tenant_id text,
  reason text not null,
  ticket text,
  -- As parsed: what runs is this copy, never what anybody sends later. Personal values stand here as commitments.
  arguments jsonb not null,
  -- SHA-256, hex, of RFC 8785 JSON over action, target, arguments and justification.
  argument_digest text not null check (argument_digest ~ '^[0-9a-f]{64}$'),
  policy_version text not null,
  -- The rule that bound when it was asked: {stated, alternatives: [{approver, quorum}], denials, expiresAfterMinutes}.
  rule jsonb not null check (
    jsonb_path_exists(rule, '$.alternatives[*] ? (@.quorum >= 1)')
    and not jsonb_path_exists(rule, '$.alternatives[*] ? (!(@.quorum >= 1))') and jsonb_path_exists(rule, '$ ? (@.denials >= 1)')),
  -- What would change: [{resource, id, field, before, after, class, permission}]. Personal values stand here as commitments, secrets not at all.
  changes jsonb not null,
  -- What is odd about it: [{code, ...}].
  oddities jsonb not null default '[]',
  -- SHA-256, hex, over everything above that an approver judges.
  shown_digest text not null check (shown_digest ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null,
  check (expires_at > requested_at)
);
create index approval_request_by_requester on gateway.approval_request (requester_id, requested_at desc);
create index approval_request_by_time on gateway.approval_request (requested_at desc, id desc);
create index approval_request_by_tenant on gateway.approval_request (tenant_id, requested_at desc);
create index approval_request_by_expiry on gateway.approval_request (expires_at);

-- The personal values behind the commitments, and whose record they are of. Rows are never changed; whoever erases them as owner
-- leaves commitments to which nothing can be guessed, and a request that can't be executed any more.
create table gateway.approval_value (
  request_id uuid not null references gateway.approval_request (id),
  -- Where it belongs: `arguments.email`, `changes.2.before`.
  name text not null,
  salt bytea not null check (octet_length(salt) = 32),
  value jsonb not null,
  target_type text not null,
  target_id text,
  primary key (request_id, name)
);
create index approval_value_of_record on gateway.approval_value (target_type, target_id);

create table gateway.approval_review (
  id uuid primary key,
  request_id uuid not null references gateway.approval_request (id),
  reviewer_id uuid not null references gateway.staff (id),
  decision text not null check (decision in ('approve', 'deny')),
  comment text,
  shown_digest text not null,
  session_id uuid not null,
  reviewed_at timestamptz not null default clock_timestamp(),
  unique (request_id, reviewer_id)
);
create index approval_review_by_reviewer on gateway.approval_review (reviewer_id, reviewed_at desc);

-- One ending a request, whoever races: the primary key is the last fence. The request is not named by a foreign key, whose lock would wait
-- for whoever decides on it at that moment, while they wait for the person being disabled; requests are never deleted.
create table gateway.approval_ending (
  request_id uuid primary key,
  state text not null check (state in ('executed', 'denied', 'cancelled', 'expired', 'stale', 'failed')),
  ended_at timestamptz not null default clock_timestamp(),
  ended_by uuid references gateway.staff (id),
  -- A code of the closed set, or which of the things approved had changed.
  cause text,
  audit_event_id uuid
);

create function gateway.refuse_approval_change() returns trigger language plpgsql as $$
begin
  raise exception 'What was asked and decided stays: % on %.% is refused', tg_op, tg_table_schema, tg_table_name using errcode = 'insufficient_privilege';
end
$$;

-- The last fence against deciding on one's own request: nobody's account reviews what an account of the same person asked for.
create function gateway.refuse_own_review() returns trigger language plpgsql as $$
begin
  if exists (
    select from gateway.approval_request request
    join gateway.staff requester on requester.id = request.requester_id
    join gateway.staff reviewer on reviewer.id = new.reviewer_id
    where request.id = new.request_id and coalesce(requester.person_id, requester.id) = coalesce(reviewer.person_id, reviewer.id)
  ) then
    raise exception 'Nobody decides on their own request' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger approval_review_of_others before insert on gateway.approval_review for each row execute function gateway.refuse_own_review();

create function gateway.require_approval_request() returns trigger language plpgsql as $$
begin
  if not exists (select from gateway.approval_request request where request.id = new.request_id) then
    raise exception 'An ending names a request' using errcode = 'foreign_key_violation';
  end if;
  return new;
end
$$;
create trigger approval_ending_of_request before insert on gateway.approval_ending for each row execute function gateway.require_approval_request();

create trigger approval_requests_stay before update or delete on gateway.approval_request for each row execute function gateway.refuse_approval_change();
create trigger approval_reviews_stay before update or delete on gateway.approval_review for each row execute function gateway.refuse_approval_change();
create trigger approval_endings_stay before update or delete on gateway.approval_ending for each row execute function gateway.refuse_approval_change();
create trigger approval_request_table_stays before truncate on gateway.approval_request for each statement execute function gateway.refuse_approval_change();
create trigger approval_review_table_stays before truncate on gateway.approval_review for each statement execute function gateway.refuse_approval_change();
create trigger approval_ending_table_stays before truncate on gateway.approval_ending for each statement execute function gateway.refuse_approval_change();
create trigger approval_values_stay before update on gateway.approval_value for each row execute function gateway.refuse_approval_change();
revoke update, delete, truncate on gateway.approval_request, gateway.approval_review, gateway.approval_ending, gateway.approval_value from sallyport_app;
-- Locking a row asks for the right to update one column; the triggers above refuse the update itself.
grant update (id) on gateway.approval_request to sallyport_app;
