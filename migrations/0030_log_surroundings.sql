-- What gateways have noticed around the log: clocks that jumped, and how full its store is. Bookkeeping for the panel; the events themselves are
-- on the log.

-- Rows are written once for a jump, whichever gateway saw it, and stay.
create table gateway.log_clock_jump (
  id bigint generated always as identity primary key,
  -- `order`: an entry is earlier than the one before it. `ahead`: an entry is later than the clock of the gateway that sealed it.
  -- `set`: the database's clock went another way than time does.
  cause text not null check (cause in ('order', 'ahead', 'set')),
  -- Where it shows in the log; null for `set`.
  log_index bigint check ((log_index is null) = (cause = 'set')),
  -- By how much: negative for back. A number: what is none could not be answered to who asks.
  seconds double precision not null check (seconds > '-Infinity' and seconds < 'Infinity'),
  noticed_at timestamptz not null default clock_timestamp(),
  unique (log_index, cause)
);
create index log_clock_jump_by_time on gateway.log_clock_jump (noticed_at desc);

-- The level that was told of last, so that each crossing is told once. One row.
create table gateway.log_store (
  one boolean primary key default true check (one),
  level text not null default 'roomy' check (level in ('roomy', 'filling', 'full')),
  changed_at timestamptz not null default clock_timestamp()
);
insert into gateway.log_store default values;

revoke update, delete on gateway.log_clock_jump from sallyport_app;
revoke insert, delete on gateway.log_store from sallyport_app;
grant select on gateway.log_clock_jump, gateway.log_store to sallyport_auditor;
