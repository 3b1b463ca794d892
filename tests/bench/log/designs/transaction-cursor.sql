-- Bench only: nothing is ever taken out of the queue. Each of its rows carries the ID of its transaction, with an index; the integrator takes, in that
-- order, what lies behind its cursor and below the oldest transaction that is still under way, so that nothing can come in before it later.
alter table audit.unsealed add column transaction xid8 not null default pg_current_xact_id(), add column sequence bigint generated always as identity;
create index unsealed_by_transaction on audit.unsealed (transaction, sequence);
create table audit.cursor (one boolean primary key default true check (one), transaction xid8 not null, sequence bigint not null);
insert into audit.cursor (transaction, sequence) values ('0', 0);

create or replace function audit.seal(most integer, out first bigint, out edge bytea, out leaf_hashes bytea)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select head.size, head.edge into first, edge from audit.log_head head for update skip locked;
  if not found then return; end if;
  with taken as (
    select waiting.*
    from audit.unsealed waiting, audit.cursor at
    where (waiting.transaction, waiting.sequence) > (at.transaction, at.sequence) and waiting.transaction < pg_snapshot_xmin(pg_current_snapshot())
    order by waiting.transaction, waiting.sequence limit most
  ), placed as (
    insert into audit.leaf (log_index, event_id, time, retention, leaf_hash)
    select first + row_number() over (order by taken.transaction, taken.sequence) - 1, taken.event_id, taken.time, taken.retention, taken.leaf_hash from taken
    returning log_index, leaf_hash
  ), moved as (
    update audit.cursor at set transaction = last.transaction, sequence = last.sequence
    from (select transaction, sequence from taken order by transaction desc, sequence desc limit 1) as last
  )
  select string_agg(placed.leaf_hash, ''::bytea order by placed.log_index) into leaf_hashes from placed;
end
$$;
revoke all on audit.cursor from public;
