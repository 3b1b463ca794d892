-- Words of the log, to be searched: filled in the background from what has been sealed, so that no append pays for it. Derived and nothing else: it proves nothing,
-- and can be made anew at any time.

-- One row an event, columns named as in audit.event. By month, so that a search walks from the newest month back and stops when a page is full.
create table audit.search_entry (
  id uuid not null,
  time timestamptz not null,
  retention text not null,
  tenant_id text,
  -- Of facts that everybody sees who may see the event at all, and `@` with its tenant; how texts become words is schema/src/resources/search-words.ts.
  words tsvector not null
) partition by range (time);
create index search_entry_by_word on audit.search_entry using gin (words) with (fastupdate = off);
-- For words that stand in very many events: the newest are looked through in order.
create index search_entry_by_time on audit.search_entry (time desc, id desc);

-- How far the log is searchable: every event with a smaller index. One row; its lock is the right to go on.
create table audit.search_cursor (
  one boolean primary key default true check (one),
  next_index bigint not null check (next_index >= 0),
  moved_at timestamptz not null default clock_timestamp()
);
insert into audit.search_cursor (next_index) values (0);

-- Makes the tables of the months from the first date to the last, where they are missing; with the owner's rights, as audit.make_segments.
create function audit.make_search_months(first date, last date) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  month date := date_trunc('month', first)::date;
  made integer := 0;
begin
  if first < date '2000-01-01' or last > current_date + 3 * 366 or last - first > 15 * 366 then
    raise exception 'Months are made for at most fifteen years, from 2000 to three years ahead' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('audit.make_search_months', 0));
  while month <= last loop
    if to_regclass(format('audit.%I', 'search_entry_' || to_char(month, 'YYYY_MM'))) is null then
      execute format('create table audit.%I partition of audit.search_entry for values from (%L) to (%L)', 'search_entry_' || to_char(month, 'YYYY_MM'),
        to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00', to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
      made := made + 1;
    end if;
    month := (month + interval '1 month')::date;
  end loop;
  return made;
end
$$;

-- The events that hold what is sought, in the order of time, at most so many; beyond a place, if one is named. Month by month (each table by itself, which
-- is the owner's to read) and no further than the last event that is asked for. As long as one event in a hundred fits, events are walked through in
-- order, a thousand at a time; words that are rarer are looked up. So neither a frequent nor a rare word costs more than a look at some thousand events a month,
-- whatever the planner believes of it.
create function audit.find_words(query tsquery, tenants text[], since timestamptz, until timestamptz, past_time timestamptz, past_id uuid, newest_first boolean, most integer)
  returns table (id uuid, "time" timestamptz, retention text)
  language plpgsql stable security definer rows 50 set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  step constant integer := 1000;
  entries regclass;
  first timestamptz := case when newest_first then since else greatest(since, past_time) end;
  last timestamptz := case when newest_first then least(until, past_time + interval '1 microsecond') else until end;
  direction text := case when newest_first then 'desc' else 'asc' end;
  beyond text := case when newest_first then '<' else '>' end;
  place_time timestamptz := past_time;
  place_id uuid := past_id;
  -- Of one table: in time, beyond the place, of the tenants.
  in_time text := case when since is null then '' else ' and e.time >= $3' end || case when until is null then '' else ' and e.time < $4' end;
  fitting text := 'e.words @@ $1' || case when tenants is null then '' else ' and e.tenant_id = any ($2)' end || in_time;
  stop record;
  walks boolean := true;
  found integer;
begin
  for entries in
    select months.oid::regclass
    from (select c.oid, to_date(substr(c.relname, 14), 'YYYY_MM') as month from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit.search_entry'::regclass) as months
    where (first is null or months.month + interval '1 month' > first at time zone 'UTC') and (last is null or months.month < last at time zone 'UTC')
    order by case when newest_first then months.month end desc, months.month
  loop
    while walks and most > 0 loop
      execute format('select e.time, e.id from %1$s e where true%2$s%3$s order by e.time %4$s, e.id %4$s offset %5$s limit 1', entries, in_time,
        case when place_time is null then '' else format(' and (e.time, e.id) %s ($5, $6)', beyond) end, direction, step - 1)
        into stop using query, tenants, since, until, place_time, place_id;
      return query execute format('select e.id, e.time, e.retention from %1$s e where %2$s%3$s%4$s order by e.time %5$s, e.id %5$s limit %6$s', entries, fitting,
        case when place_time is null then '' else format(' and (e.time, e.id) %s ($5, $6)', beyond) end,
        case when stop.id is null then '' else format(' and (e.time, e.id) %s= ($7, $8)', translate(beyond, '<>', '><')) end, direction, most)
        using query, tenants, since, until, place_time, place_id, stop.time, stop.id;
      get diagnostics found = row_count;
      most := most - found;
      exit when stop.id is null;
      place_time := stop.time;
      place_id := stop.id;
      walks := found >= step / 100;
    end loop;
    exit when most <= 0;
    if not walks then
      -- The sum keeps the planner from walking.
      return query execute format('select e.id, e.time, e.retention from %1$s e where %2$s%3$s order by e.time + interval %6$L %4$s, e.id %4$s limit %5$s', entries, fitting,
        case when place_time is null then '' else format(' and (e.time, e.id) %s ($5, $6)', beyond) end, direction, most, '0')
        using query, tenants, since, until, place_time, place_id;
      get diagnostics found = row_count;
      most := most - found;
      exit when most <= 0;
    end if;
  end loop;
end
$$;

-- With a segment go its words, in the same transaction, whoever prunes it.
create function audit.forget_words() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from audit.search_entry entry
  where entry.retention = new.retention and entry.time >= new.month at time zone 'UTC' and entry.time < (new.month + interval '1 month') at time zone 'UTC';
  return null;
end
$$;
create trigger words_go_with_their_segment after update on audit.segment for each row when (old.pruned_at is null and new.pruned_at is not null) execute function audit.forget_words();
alter table audit.segment enable always trigger words_go_with_their_segment;

-- Begins anew, for the owner: the gateways fill it again from the log.
create function audit.rebuild_search() returns void language sql set search_path = pg_catalog, pg_temp as $$
  update audit.search_cursor set next_index = 0, moved_at = clock_timestamp();
  truncate audit.search_entry;
$$;

revoke all on audit.search_entry, audit.search_cursor from public, sallyport_app, sallyport_auditor;
revoke execute on function audit.find_words, audit.make_search_months, audit.forget_words, audit.rebuild_search from public;
grant execute on function audit.make_search_months to sallyport_app;
grant execute on function audit.find_words to sallyport_app, sallyport_auditor;
grant insert, select on audit.search_entry to sallyport_app;
grant select, update on audit.search_cursor to sallyport_app;
grant select on audit.search_entry, audit.search_cursor to sallyport_auditor;
