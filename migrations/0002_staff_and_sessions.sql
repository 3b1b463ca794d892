-- Staff, their grants, sessions and factors. Every expiry is judged by this database's clock.

create table gateway.staff (
  id uuid primary key,
  -- Normalised by the gateway: NFKC, lower case, no trailing dot.
  email text not null unique check (email = lower(email) and length(email) between 3 and 320),
  display_name text not null check (length(display_name) between 1 and 200),
  state text not null default 'invited' check (state in ('invited', 'active', 'disabled')),
  password_hash text,
  password_changed_at timestamptz,
  -- AES-256-GCM; the key is named here and lives outside the database. The person's ID is authenticated with it.
  totp_ciphertext bytea,
  totp_key_id text,
  -- Last time step that was accepted (RFC 6238 §5.2): only ever grows.
  totp_last_step bigint,
  totp_enrolled_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  check ((totp_ciphertext is null) = (totp_key_id is null)),
  check (state <> 'active' or (password_hash is not null and totp_ciphertext is not null))
);

create table gateway.access_grant (
  id uuid primary key,
  staff_id uuid not null references gateway.staff (id),
  role text not null,
  is_global boolean not null,
  tenant_ids text[] not null default '{}',
  reason text not null check (length(reason) between 1 and 2000),
  ticket text,
  -- Null only for what stood before there was anybody to grant it.
  granted_by uuid references gateway.staff (id),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  check (is_global = (cardinality(tenant_ids) = 0)),
  check (array_position(tenant_ids, null) is null)
);
create index access_grant_of_staff on gateway.access_grant (staff_id) where revoked_at is null;

create table gateway.session (
  id uuid primary key,
  staff_id uuid not null references gateway.staff (id),
  -- SHA-256 of the 32 random bytes in the cookie. Replaced by step-up; the row, and so its ID, stays.
  token_hash bytea not null unique check (length(token_hash) = 32),
  -- 'half': password given, second factor not yet. Opens nothing but the second-factor step.
  stage text not null check (stage in ('half', 'full')),
  mode text not null default 'normal' check (mode in ('normal', 'read-only')),
  second_factor text check (second_factor in ('totp', 'recovery-code')),
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text,
  ip text not null,
  user_agent text not null,
  check ((stage = 'full') = (second_factor is not null)),
  check ((ended_at is null) = (end_reason is null))
);
create index session_of_staff on gateway.session (staff_id, created_at desc) where ended_at is null;
create index session_expiry on gateway.session (expires_at);

-- A browser that has completed a sign-in. It has attempts of its own, so that a stranger's guesses lock nobody out.
create table gateway.known_device (
  id uuid primary key,
  staff_id uuid not null references gateway.staff (id),
  token_hash bytea not null unique check (length(token_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index known_device_of_staff on gateway.known_device (staff_id);

-- An attempt is taken here, and committed, before anything is compared; success gives it back.
create table gateway.attempt_budget (
  scope text not null,
  subject text not null,
  short_used integer not null,
  short_started_at timestamptz not null,
  long_used integer not null,
  long_started_at timestamptz not null,
  consecutive integer not null,
  primary key (scope, subject)
);
create index attempt_budget_age on gateway.attempt_budget (long_started_at);

create table gateway.recovery_code (
  staff_id uuid not null references gateway.staff (id),
  code_hash bytea not null check (length(code_hash) = 32),
  created_at timestamptz not null default clock_timestamp(),
  used_at timestamptz,
  primary key (staff_id, code_hash)
);

-- A one-time way to set a factor: an invitation (by link), or the replacement of a TOTP secret (by its own session).
create table gateway.enrolment_link (
  id uuid primary key,
  staff_id uuid not null references gateway.staff (id),
  purpose text not null check (purpose in ('invitation', 'replacement')),
  token_hash bytea not null unique check (length(token_hash) = 32),
  session_id uuid references gateway.session (id) on delete cascade,
  -- The secret that waits for its first code; erased when the link is used.
  pending_ciphertext bytea,
  pending_key_id text,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((purpose = 'replacement') = (session_id is not null)),
  check ((pending_ciphertext is null) = (pending_key_id is null)),
  check (used_at is null or pending_ciphertext is null)
);
create index enrolment_link_of_staff on gateway.enrolment_link (staff_id) where used_at is null;

create table gateway.step_up (
  id uuid primary key,
  staff_id uuid not null references gateway.staff (id),
  session_id uuid not null references gateway.session (id) on delete cascade,
  action text not null,
  target_type text not null,
  target_id text,
  action_digest text not null,
  challenge_hash bytea not null unique check (length(challenge_hash) = 32),
  proof_hash bytea unique check (length(proof_hash) = 32),
  issued_at timestamptz not null default clock_timestamp(),
  -- Of the challenge until it is verified, of the proof afterwards.
  expires_at timestamptz not null,
  verified_at timestamptz,
  consumed_at timestamptz,
  check ((proof_hash is null) = (verified_at is null)),
  check (consumed_at is null or verified_at is not null)
);
create index step_up_of_session on gateway.step_up (session_id);
create index step_up_expiry on gateway.step_up (expires_at) where consumed_at is null;
