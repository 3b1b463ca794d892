-- How guarded acts went, day by day (UTC): counted from the log once a day is over, so that a quarter's figures need no walk through its events. Derived and
-- nothing else: it proves nothing, and names nobody.
create table audit.flow_day (
  -- A day that times can lie in: any other would break every question about flows.
  day date primary key check (day between date '2000-01-01' and date '9999-12-31'),
  counted_at timestamptz not null default clock_timestamp()
);
comment on table audit.flow_day is 'Days of which flow_count holds everything, written in one transaction with it';

-- Facts that are alike, as schema/src/modules/flows/flow-facts.ts makes them.
create table audit.flow_count (
  day date not null references audit.flow_day (day),
  tenant_id text,
  action text not null,
  -- How tries ended; null where another row tells of the same try.
  result text,
  code text,
  emergency boolean not null,
  -- What became of a question for a fresh code; null where none was asked.
  answer text,
  facts integer not null check (facts > 0),
  -- From each question to its right code.
  code_seconds double precision[] not null check ('Infinity' > all (code_seconds) and '-Infinity' < all (code_seconds))
);
create index flow_count_by_day on audit.flow_count (day);
create index flow_count_by_tenant on audit.flow_count (tenant_id, day);

revoke all on audit.flow_day, audit.flow_count from public, sallyport_app, sallyport_auditor;
grant insert, select on audit.flow_day, audit.flow_count to sallyport_app;
grant select on audit.flow_day, audit.flow_count to sallyport_auditor;
