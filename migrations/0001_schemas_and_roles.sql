-- Three schemas, one owner. The roles themselves belong to the cluster, not to a database: server/src/db/roles.ts makes them.
create schema if not exists gateway;
create schema audit;
create schema product;

comment on schema gateway is 'Staff, grants, sessions, step-up, idempotency, policy versions';
comment on schema audit is 'The log. sallyport_app may do here only what is granted table by table';
comment on schema product is 'The demo company''s own tables';

grant usage on schema gateway, audit, product to sallyport_app;
grant usage on schema audit, gateway, product to sallyport_auditor;

-- What later migrations create in gateway and product is the gateway's to use; audit is granted table by table.
alter default privileges in schema gateway grant select, insert, update, delete on tables to sallyport_app;
alter default privileges in schema product grant select, insert, update, delete on tables to sallyport_app;
alter default privileges in schema gateway grant usage, select on sequences to sallyport_app;
alter default privileges in schema product grant usage, select on sequences to sallyport_app;

-- Which migrations have landed is for the owner alone to write.
grant select on gateway.migration to sallyport_app, sallyport_auditor;

-- Facts about this installation as a whole, one a row: that it was filled with the demo, for one.
create table gateway.installation (
  name text primary key,
  value jsonb not null,
  noted_at timestamptz not null default clock_timestamp()
);
