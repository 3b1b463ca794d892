-- Bench only: the leaf is appended in the business transaction, under the lock of the one head row, held until its commit is durable.
create function audit.append_leaf() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_variable
declare
  tip audit.log_head;
  node bytea := new.leaf_hash;
  rest bigint;
  level integer := 0;
  edge bytea;
begin
  select * into tip from audit.log_head for update;
  insert into audit.leaf (log_index, event_id, time, retention, leaf_hash) values (tip.size, new.event_id, new.time, new.retention, node);
  edge := tip.edge;
  rest := tip.size;
  while rest & 1 = 1 loop
    node := sha256('\x01'::bytea || substring(edge from length(edge) - 31) || node);
    edge := substring(edge for length(edge) - 32);
    rest := rest >> 1;
    level := level + 1;
    if level % 8 = 0 then
      insert into audit.node (level, position, hash) values (level / 8, ((tip.size + 1) >> level) - 1, node);
    end if;
  end loop;
  edge := edge || node;
  for place in reverse length(edge) / 32 - 2 .. 0 loop
    node := sha256('\x01'::bytea || substring(edge from place * 32 + 1 for 32) || node);
  end loop;
  update audit.log_head set size = tip.size + 1, root = node, edge = edge, sealed_at = clock_timestamp();
  -- Nothing waits: the row itself is not kept, and nothing is left for the integrator but to sign.
  return null;
end
$$;
create trigger leaf_is_appended before insert on audit.unsealed for each row execute function audit.append_leaf();
