-- The development mailbox: what left with a commit and would have gone to a customer. A row is written once per
-- message, however often its job runs: the ID is made in the business transaction that caused it.
create table gateway.outgoing_message (
  id uuid primary key,
  correlation_id uuid not null,
  tenant_id text,
  template text not null,
  -- IDs and plain facts, never personal values.
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  delivered_at timestamptz
);
create index outgoing_message_by_correlation on gateway.outgoing_message (correlation_id);
create index outgoing_message_by_time on gateway.outgoing_message (created_at desc);
