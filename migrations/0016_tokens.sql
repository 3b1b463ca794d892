-- Tokens that people make for their tooling, and the keys with which access tokens for other services are signed.

create table gateway.access_token (
  id uuid primary key,
  -- Who made it and for whom it acts: never with more than this person holds at that moment.
  staff_id uuid not null references gateway.staff (id),
  -- In which it was made. The token outlives an idle session, never one that was ended or has come to its end. No reference:
  -- sessions are cleared away after 90 days, what a token was stays.
  session_id uuid not null,
  name text not null check (length(name) between 1 and 80),
  -- SHA-256 of the token, which nobody can show again.
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  -- The token's beginning, to recognise it by.
  hint text not null check (length(hint) between 1 and 12),
  permissions text[] not null check (cardinality(permissions) between 1 and 50 and array_position(permissions, null) is null),
  is_global boolean not null,
  tenant_ids text[] not null default '{}',
  reason text not null check (length(reason) between 1 and 2000),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid references gateway.staff (id),
  last_used_at timestamptz,
  check (is_global = (cardinality(tenant_ids) = 0)),
  check (array_position(tenant_ids, null) is null),
  check (expires_at > created_at and expires_at <= created_at + interval '8 hours'),
  check (revoked_by is null or revoked_at is not null)
);
create index access_token_of_staff on gateway.access_token (staff_id, created_at desc);
create index access_token_by_time on gateway.access_token (created_at desc, id);
-- What a token may do is written once.
revoke update, delete, truncate on gateway.access_token from sallyport_app;
grant update (revoked_at, revoked_by, last_used_at) on gateway.access_token to sallyport_app;

create table gateway.signing_key (
  -- RFC 7638 thumbprint of the public key.
  kid text primary key check (kid ~ '^[A-Za-z0-9_-]{43}$'),
  public_jwk jsonb not null check (not public_jwk ? 'd'),
  -- AES-256-GCM; the key is named here and lives outside the database.
  ciphertext bytea not null,
  key_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  -- From then on it signs: published for a while before, so that whoever checks signatures knows it by then.
  active_from timestamptz not null,
  -- From then on its successor signs. A key that is retired before its time comes never does.
  retired_at timestamptz,
  -- From then on nothing signed with it is accepted.
  expires_at timestamptz,
  check ((retired_at is null) = (expires_at is null))
);
create index signing_key_by_time on gateway.signing_key (active_from desc);
-- At most one key is the last in line.
create unique index signing_key_last on gateway.signing_key ((true)) where retired_at is null;
revoke update, delete, truncate on gateway.signing_key from sallyport_app;
grant update (ciphertext, key_id, retired_at, expires_at) on gateway.signing_key to sallyport_app;
