-- Open consoles hear that requests, reviews of access or emergencies have moved on, and ask again with their own rights.
-- By row: a job that looks for what is due and finds nothing announces nothing. The same word twice in one transaction is heard once.

create function gateway.announce_topic() returns trigger language plpgsql as $$
begin
  perform gateway.announce(tg_argv[0]);
  return null;
end
$$;
create trigger announce_request after insert on gateway.approval_request for each row execute function gateway.announce_topic('approvals');
create trigger announce_review after insert on gateway.approval_review for each row execute function gateway.announce_topic('approvals');
create trigger announce_ending after insert on gateway.approval_ending for each row execute function gateway.announce_topic('approvals');
create trigger announce_emergency after insert or update on gateway.break_glass for each row execute function gateway.announce_topic('emergencies');
create trigger announce_campaign after insert or update on gateway.access_review for each row execute function gateway.announce_topic('reviews');
create trigger announce_answer after update on gateway.access_review_item for each row execute function gateway.announce_topic('reviews');
