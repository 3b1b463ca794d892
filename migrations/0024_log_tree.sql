-- The Merkle tree over the log (RFC 6962) and what is signed of it (C2SP tlog-checkpoint, tlog-tiles).
--
-- An append leaves its leaf hash in audit.unsealed, in the business transaction. One gateway at a time gives the waiting hashes gapless
-- indexes (audit.seal, audit.advance, one transaction), and then signs what has been committed. An event is covered from the commit of
-- a row of audit.checkpoint whose size is greater than the event's log index.

-- A queue. Rows stand here from the commit of their event until they are sealed. No index: it is read whole, and kept short.
create table audit.unsealed (
  event_id uuid not null,
  time timestamptz not null,
  retention text not null,
  -- Of any other length it could never become a leaf, and everything behind it would wait.
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 1000000);

-- The gapless order. Rows stay for good, after their event's segment has gone too: proofs of later events need the hashes.
create table audit.leaf (
  log_index bigint primary key check (log_index >= 0),
  event_id uuid not null,
  time timestamptz not null,
  retention text not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32)
);
create index leaf_by_event on audit.leaf (event_id);

-- Roots of full tiles: `level` 1 and up, as C2SP counts levels of tiles, is the hash of tile (level - 1, position). A tile of level 0 is 256 rows of audit.leaf.
create table audit.node (
  level smallint not null check (level between 1 and 6),
  position bigint not null check (position >= 0),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (level, position)
);

-- The tree as committed. One row; its lock is the right to seal.
create table audit.log_head (
  one boolean primary key default true check (one),
  -- Name of the log. Changes only when people acknowledge that the database lost events that others have seen (audit.log_gap).
  origin text not null check (length(origin) between 1 and 200),
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  -- Hashes of the full subtrees that make up the tree, left to right, one after the other.
  edge bytea not null check (octet_length(edge) % 32 = 0),
  sealed_at timestamptz not null default clock_timestamp()
);

-- What was signed, each size once for an origin: two roots for one size can't be.
create table audit.checkpoint (
  origin text not null,
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  -- The signed note, without cosignatures.
  note text not null,
  signed_at timestamptz not null default clock_timestamp(),
  primary key (origin, size)
);
create index checkpoint_by_time on audit.checkpoint (signed_at desc);

-- What witnesses said, a line of a note each.
create table audit.cosignature (
  origin text not null,
  size bigint not null,
  witness text not null,
  line text not null check (line ~ '^— [^\n]+$'),
  received_at timestamptz not null default clock_timestamp(),
  primary key (origin, size, witness)
);

-- Keys that sign checkpoints. Sealed with the key file: the database alone can't sign.
create table audit.log_key (
  verifier text primary key,
  ciphertext bytea not null,
  sealed_with text not null,
  since_size bigint not null,
  -- The largest tree that the key may vouch for; null while it signs.
  last_size bigint check (last_size >= since_size),
  made_at timestamptz not null default clock_timestamp()
);

-- Where the database was found behind, or beside, what had been seen outside; acknowledged by two people.
create table audit.log_gap (
  id uuid primary key,
  origin_before text not null unique,
  origin_after text not null unique,
  seen_size bigint not null,
  seen_note text not null,
  database_size bigint not null,
  database_root bytea not null,
  acknowledged_at timestamptz not null default clock_timestamp()
);

-- Whole checks of the log by a gateway: every event against its bytes, every leaf against its event, the root against the head.
create table gateway.log_verification (
  id uuid primary key,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  size bigint not null,
  checked bigint not null default 0,
  -- Null while it runs, and where it was cut short.
  intact boolean,
  first_bad bigint,
  problem text
);
create index log_verification_by_time on gateway.log_verification (started_at desc);

-- How each place outside the database is doing, for the integrity panel; bookkeeping, proves nothing.
create table gateway.anchor (
  name text primary key,
  kind text not null check (kind in ('file', 'webhook', 'witness')),
  last_size bigint,
  last_at timestamptz,
  failing_since timestamptz,
  problem text
);

create trigger leaves_stay before update or delete on audit.leaf for each row execute function audit.refuse_change();
create trigger leaf_table_stays before truncate on audit.leaf for each statement execute function audit.refuse_change();
create trigger nodes_stay before update or delete on audit.node for each row execute function audit.refuse_change();
create trigger node_table_stays before truncate on audit.node for each statement execute function audit.refuse_change();
create trigger checkpoints_are_never_edited before update on audit.checkpoint for each row execute function audit.refuse_change();
create trigger gaps_stay before update or delete on audit.log_gap for each row execute function audit.refuse_change();
alter table audit.leaf enable always trigger leaves_stay, enable always trigger leaf_table_stays;
alter table audit.node enable always trigger nodes_stay, enable always trigger node_table_stays;
alter table audit.checkpoint enable always trigger checkpoints_are_never_edited;
alter table audit.log_gap enable always trigger gaps_stay;

-- As in 0014, with the event's class and, in the same statement, its leaf hash for the tree.
create or replace function audit.append(events json, personal json default null) returns void language plpgsql as $$
begin
  with written as (
    insert into audit.event (
      id, format_version, correlation_id, kind, outcome, reason_code, surface, environment, policy_version, actor_id,
      actor_name, subject_id, subject_name, role, grant_id, session_id, token_id, break_glass_id, second_factor, ip, user_agent,
      action, permission, effect, reach, tier, tenant_id, target_type, target_id, reason, ticket, approval_id, step_up_id,
      "before", "after", fields_read, detail,
      time, canonical, retention
    )
    select
      "id", "formatVersion", "correlationId", "kind", "outcome", "reasonCode", "surface", "environment", "policyVersion",
      "actorId", "actorName", "subjectId", "subjectName", "role", "grantId", "sessionId", "tokenId", "breakGlassId",
      "secondFactor", "ip", "userAgent",
      "action", "permission", "effect", "reach", "tier", "tenantId", "targetType", "targetId", "reason", "ticket",
      "approvalId", "stepUpId", "before", "after", "fieldsRead", "detail",
      now, convert_to(head || to_char(now at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || tail, 'UTF8'),
      audit.retention_class("outcome", "effect")
    from (
      -- Each row's clock is read once (a volatile target keeps the subquery whole): column and bytes get the same reading.
      select e.*, clock_timestamp() as now
      from json_to_recordset(events) as e(
        "id" uuid, "formatVersion" smallint, "correlationId" text, "kind" text, "outcome" text, "reasonCode" text,
        "surface" text, "environment" text, "policyVersion" text, "actorId" text, "actorName" text, "subjectId" text,
        "subjectName" text, "role" text, "grantId" text, "sessionId" text, "tokenId" text, "breakGlassId" text,
        "secondFactor" text, "ip" text, "userAgent" text,
        "action" text, "permission" text, "effect" text, "reach" text, "tier" text, "tenantId" text, "targetType" text,
        "targetId" text, "reason" text, "ticket" text, "approvalId" text, "stepUpId" text, "before" jsonb, "after" jsonb,
        "fieldsRead" text[], "detail" jsonb, head text, tail text
      )
    ) as entry
    returning id, time, retention, canonical
  )
  insert into audit.unsealed (event_id, time, retention, leaf_hash)
  select id, time, retention, sha256('\x00'::bytea || canonical) from written;
  if personal is not null then
    insert into audit.personal_value (event_id, side, field, salt, value)
    select p."eventId", p.side, p.field, decode(p.salt, 'hex'), p.value
    from json_to_recordset(personal) as p("eventId" uuid, side text, field text, salt text, value jsonb);
  end if;
end
$$;

-- What was on the log before there was a tree comes first, in the order of time.
insert into audit.unsealed (event_id, time, retention, leaf_hash)
select id, time, retention, sha256('\x00'::bytea || canonical) from audit.event order by time, id;

-- Names the log, once.
create function audit.begin_log(origin text) returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into audit.log_head (origin, size, root, edge) values (origin, 0, sha256(''::bytea), ''::bytea) on conflict do nothing
$$;

-- The head, held still until the transaction ends: against everybody, or with others who hold it too. The serving role may not lock what it may not change.
create function audit.hold_head(alone boolean, out origin text, out size bigint, out root bytea)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if alone then
    select head.origin, head.size, head.root into origin, size, root from audit.log_head head for update;
  else
    select head.origin, head.size, head.root into origin, size, root from audit.log_head head for share;
  end if;
end
$$;

-- Takes at most so many waiting events and gives them the next indexes, in the order of time. `first` is null where another gateway is at it,
-- `leaf_hashes` (32 bytes each, in the order of the indexes) where nothing waits. The caller goes on with audit.advance in the same transaction.
create function audit.seal(most integer, out first bigint, out edge bytea, out leaf_hashes bytea)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select head.size, head.edge into first, edge from audit.log_head head for update skip locked;
  if not found then return; end if;
  -- Leaves that somebody placed and committed without audit.advance stand in the way of every other: they go first.
  select string_agg(leaf.leaf_hash, ''::bytea order by leaf.log_index) into leaf_hashes from audit.leaf leaf where leaf.log_index >= first;
  if leaf_hashes is not null then return; end if;
  with taken as (
    delete from audit.unsealed where ctid = any (array(select ctid from audit.unsealed limit most))
    returning event_id, time, retention, leaf_hash
  ), placed as (
    insert into audit.leaf (log_index, event_id, time, retention, leaf_hash)
    select first + row_number() over (order by taken.time, taken.event_id) - 1, taken.event_id, taken.time, taken.retention, taken.leaf_hash from taken
    returning log_index, leaf_hash
  )
  select string_agg(placed.leaf_hash, ''::bytea order by placed.log_index) into leaf_hashes from placed;
end
$$;

-- Moves the head from one size to the next, with the roots of the tiles that were completed on the way.
create function audit.advance(old_size bigint, new_size bigint, new_root bytea, new_edge bytea, levels smallint[], positions bigint[], hashes bytea[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if (select count(*) from audit.leaf where log_index >= old_size) <> new_size - old_size or new_size <= old_size then
    raise exception 'The tree grows by the leaves that were sealed, all of them' using errcode = 'invalid_parameter_value';
  end if;
  insert into audit.node (level, position, hash) select * from unnest(levels, positions, hashes);
  update audit.log_head set size = new_size, root = new_root, edge = new_edge, sealed_at = clock_timestamp() where size = old_size;
  if not found then
    raise exception 'The head of the log has moved' using errcode = 'serialization_failure';
  end if;
end
$$;

-- Keeps a signed note of the head as it is committed, and answers the note that stands for that size: the first one that was kept.
create function audit.keep_checkpoint(of_origin text, of_size bigint, of_root bytea, signed text) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  kept audit.checkpoint;
begin
  perform from audit.log_head where origin = of_origin and size = of_size and root = of_root for share;
  if not found then
    raise exception 'This is no head that the log has had' using errcode = 'invalid_parameter_value';
  end if;
  insert into audit.checkpoint (origin, size, root, note) values (of_origin, of_size, of_root, signed) on conflict do nothing;
  select * into kept from audit.checkpoint where origin = of_origin and size = of_size;
  if kept.root <> of_root then
    raise exception 'Another root was signed for this size' using errcode = 'unique_violation';
  end if;
  return kept.note;
end
$$;

-- Goes on under another name from a head that is behind, or beside, what others have seen: what is signed from here on contradicts nothing
-- that was signed before. That two people said so is for the gateway to see to.
create function audit.continue_log(gap uuid, origin_before text, origin_after text, seen_size bigint, seen_note text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  head audit.log_head;
begin
  select * into head from audit.log_head h where h.origin = origin_before for update;
  if not found then
    raise exception 'The log has another name by now' using errcode = 'serialization_failure';
  end if;
  insert into audit.log_gap (id, origin_before, origin_after, seen_size, seen_note, database_size, database_root)
  values (gap, origin_before, origin_after, seen_size, seen_note, head.size, head.root);
  update audit.log_head set origin = origin_after;
end
$$;

-- Drops checkpoints older than a day that no witness cosigned, but for the last of each hour: what they say, later ones say too.
create function audit.thin_checkpoints() returns bigint language sql security definer set search_path = pg_catalog, pg_temp as $$
  with gone as (
    delete from audit.checkpoint old
    where old.signed_at < clock_timestamp() - interval '1 day'
      and not exists (select from audit.cosignature c where c.origin = old.origin and c.size = old.size)
      and exists (
        select from audit.checkpoint later
        where later.signed_at > old.signed_at and date_trunc('hour', later.signed_at) = date_trunc('hour', old.signed_at) and later.origin = old.origin)
    returning 1
  )
  select count(*) from gone
$$;

revoke all on audit.unsealed, audit.leaf, audit.node, audit.log_head, audit.checkpoint, audit.cosignature, audit.log_key, audit.log_gap from public, sallyport_app, sallyport_auditor;
revoke execute on function audit.begin_log, audit.hold_head, audit.seal, audit.advance, audit.keep_checkpoint, audit.continue_log, audit.thin_checkpoints from public;
grant execute on function audit.begin_log, audit.hold_head, audit.seal, audit.advance, audit.keep_checkpoint, audit.continue_log, audit.thin_checkpoints to sallyport_app;
grant insert, select on audit.unsealed to sallyport_app;
grant select on audit.leaf, audit.node, audit.log_head, audit.checkpoint, audit.log_gap to sallyport_app, sallyport_auditor;
grant insert, select on audit.cosignature to sallyport_app;
grant select on audit.cosignature, audit.unsealed to sallyport_auditor;
grant insert, select, update (ciphertext, sealed_with, last_size) on audit.log_key to sallyport_app;
grant select (verifier, since_size, last_size, made_at) on audit.log_key to sallyport_auditor;
grant select, insert, update on gateway.anchor, gateway.log_verification to sallyport_app;
