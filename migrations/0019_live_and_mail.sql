-- What tells open consoles that something changed, and the mails to our own staff.

-- Names what changed, never a value: whoever hears it asks again, with today's rights. `person` addresses one person's
-- streams, `tenant` those whose grants reach it; with neither, every open console hears it. Sent when the transaction
-- commits; the same words twice in one transaction are heard once.
create function gateway.announce(topic text, person uuid default null, tenant text default null) returns void language plpgsql as $$
begin
  if topic is null or topic !~ '^[a-z][a-zA-Z-]{0,39}$' then
    raise exception 'A topic is a short name of letters and hyphens' using errcode = 'invalid_parameter_value';
  end if;
  perform pg_notify('sallyport_live', json_strip_nulls(json_build_object('topic', topic, 'person', person, 'tenant', tenant))::text);
end
$$;
revoke execute on function gateway.announce from public;
grant execute on function gateway.announce to sallyport_app;

-- Announces `viewer` to the person whom the row's column named by the argument names.
create function gateway.announce_viewer() returns trigger language plpgsql as $$
begin
  perform gateway.announce('viewer', (to_jsonb(coalesce(new, old)) ->> tg_argv[0])::uuid);
  return null;
end
$$;

-- By row and by column, so that what every request writes (last_seen_at, token_hash, last_used_at) never comes near them:
-- a commit that announces waits for every other that does.
create trigger announce_grant after insert or delete or update of staff_id, role, is_global, tenant_ids, permissions, session_id, activated_at, expires_at, revoked_at
  on gateway.access_grant for each row execute function gateway.announce_viewer('staff_id');
create trigger announce_session_end after update of ended_at on gateway.session for each row
  when (old.ended_at is distinct from new.ended_at) execute function gateway.announce_viewer('staff_id');
create trigger announce_staff after update of state, display_name, email on gateway.staff for each row
  when (old.state <> new.state or old.display_name <> new.display_name or old.email <> new.email)
  execute function gateway.announce_viewer('id');

-- A mail to one of our own staff, as it was rendered; one per message and person, whatever is tried again. Where no mail
-- server is configured this is the mailbox: the person reads it in the console.
create table gateway.outgoing_mail (
  id uuid primary key,
  message_id uuid not null references gateway.outgoing_message (id),
  staff_id uuid not null references gateway.staff (id),
  to_address text not null,
  subject text not null check (length(subject) between 1 and 300),
  body text not null check (length(body) between 1 and 20000),
  -- As in the header Content-Language.
  language text not null,
  created_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  -- Whoever sends holds the mail until then; a process that died lets go of it by itself.
  claimed_until timestamptz,
  sent_at timestamptz,
  -- The last failure as a code, never the mail server's words: they repeat addresses.
  failure text check (length(failure) <= 100),
  unique (message_id, staff_id),
  check (sent_at is null or failure is null)
);
create index outgoing_mail_of_staff on gateway.outgoing_mail (staff_id, created_at desc, id);
-- What was said to somebody stays as it was said.
revoke update, delete on gateway.outgoing_mail from sallyport_app;
grant update (attempts, claimed_until, sent_at, failure) on gateway.outgoing_mail to sallyport_app;

create function gateway.announce_mail() returns trigger language plpgsql as $$
begin
  perform gateway.announce('mailbox', new.staff_id);
  return null;
end
$$;
create trigger announce_mail after insert on gateway.outgoing_mail for each row execute function gateway.announce_mail();
