-- How far the log has been streamed out to each receiver (SIEM, file), and how that is going.
--
-- One row for a receiver: another address is another stream and begins at the first entry, so that nobody's switch of receivers leaves
-- a hole. The cursor moves after the receiver's answer, so entries arrive at least once; their indexes are gapless, so that the
-- receiver sees by itself where something is missing, whatever stands here.
create table gateway.log_stream (
  -- Kind and digest of where it goes and in which format; never the address itself, whose path may be a secret.
  name text primary key check (name ~ '^(http|file)-[0-9a-f]{12}$'),
  kind text not null check (kind in ('http', 'file')),
  -- Host, or name of the file: for people.
  destination text not null check (length(destination) between 1 and 300),
  format text not null check (format in ('canonical', 'ocsf')),
  -- Index of the first entry that the receiver has not said to have.
  next_index bigint not null default 0 check (next_index >= 0),
  started_at timestamptz not null default clock_timestamp(),
  last_delivered_at timestamptz,
  -- When a gateway last worked on it, delivering or not.
  served_at timestamptz not null default clock_timestamp(),
  failing_since timestamptz,
  -- A code; never the receiver's own words.
  problem text check (length(problem) between 1 and 100),
  -- When people were told of the present failure; once for each.
  alerted_at timestamptz,
  check ((failing_since is null) = (problem is null))
);

revoke update, delete on gateway.log_stream from sallyport_app;
grant update (next_index, last_delivered_at, served_at, failing_since, problem, alerted_at) on gateway.log_stream to sallyport_app;
grant select on gateway.log_stream to sallyport_auditor;
