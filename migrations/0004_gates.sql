-- What a mutation was answered, so that a repetition under the same key gets the same answer and has no second effect.
-- The row commits with the act or not at all; it is kept for 24 hours.
create table gateway.idempotency (
  person_id uuid not null references gateway.staff (id),
  key text not null check (length(key) between 1 and 200),
  request_hash bytea not null check (octet_length(request_hash) = 32),
  answer jsonb,
  created_at timestamptz not null default clock_timestamp(),
  primary key (person_id, key)
);
create index idempotency_created_at on gateway.idempotency (created_at);
