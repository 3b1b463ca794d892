import { randomUUID } from 'node:crypto';
import { wordsOf } from '@sallyport/schema/resources/search-words.ts';
import pg from 'pg';
import type { LogDatabase } from './log-databases.ts';

/** Months that the events are spread over, the last of them not over yet. */
const MONTHS = 24;
const TENANTS = 3000;
const STAFF = 300;
const REASONS = 20_000;
const VOCABULARY = 6000;
const BATCH = 50_000;
const CONNECTIONS = 4;
export const OPTIONS = '-c synchronous_commit=off -c work_mem=256MB -c maintenance_work_mem=1GB';

const KINDS = [
  ['access.personal-fields.read', null, null, 'ok', null, null, 'console'],
  ['billing.credit.adjusted', 'adjustCredit', 'billing.credit.adjust', 'ok', null, 'write', 'console'],
  ['billing.invoice.refunded', 'refundInvoice', 'billing.invoice.refund', 'ok', null, 'write', 'console'],
  ['billing.invoice.refunded', 'refundInvoice', 'billing.invoice.refund', 'denied', 'STEP_UP_REQUIRED', 'write', 'console'],
  ['accounts.limits.changed', 'changePlanLimits', 'accounts.limits.change', 'ok', null, 'write', 'api'],
  ['accounts.tenant.suspended', 'suspendTenant', 'accounts.tenant.suspend', 'denied', 'FORBIDDEN', 'write', 'console'],
  ['people.membership.removed', 'removeMembership', 'people.membership.remove', 'ok', null, 'write', 'console'],
  ['people.invitation.resent', 'resendInvitation', 'people.invitation.resend', 'ok', null, 'write', 'console'],
  ['security.policy.changed', 'changeSignInPolicy', 'security.policy.change', 'ok', null, 'write', 'console'],
  ['audit.events.read', null, 'audit.event.read', 'ok', null, 'read', 'console'],
  ['audit.events.read', null, 'audit.event.read', 'ok', null, 'read', 'api'],
  ['access.session.started', null, null, 'ok', null, null, 'console'],
  ['access.session.ended', null, null, 'ok', null, null, 'console'],
  ['access.field.refused', null, 'people.person.read-contact', 'denied', 'FORBIDDEN', 'read', 'api'],
  ['jobs.message.delivered', null, null, 'ok', null, null, 'job'],
  ['workflow.job.retried', 'retryJob', 'workflow.job.retry', 'failed', 'UNAVAILABLE', 'write', 'console'],
] as const;

const SYLLABLES = ['ka', 'ri', 'ta', 'mo', 'su', 'len', 'dar', 'pi', 'wa', 'gen', 'hu', 'bel', 'no', 'si', 'tra', 'kon', 'ma', 'ya', 'jo', 'per'];
/** A made-up word, the same for the same number. */
const wordOf = (place: number): string => {
  let word = '';
  for (let rest = place + 20; rest > 0; rest = Math.floor(rest / 20)) word += SYLLABLES[rest % 20] ?? '';
  return word;
};
/** Few words come often and most rarely, as in any language. */
const someWord = (random: () => number): string => wordOf(Math.floor(VOCABULARY ** random()) - 1);

/** Numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Writes so many events with their canonical bytes, leaves and words: the newest today, evenly over the months, of tenants and people of whom
 * some have far more than others. Set-based, with indexes made afterwards; the bytes are JSON of the same length and kind as real ones, not in RFC 8785's order.
 */
export async function fillTenMillion(database: LogDatabase, total: number, write: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: database.adminUrl, options: OPTIONS });
  await client.connect();
  try {
    await client.query(`select audit.make_segments((current_date - interval '${MONTHS} months')::date, current_date)`);
    await client.query(`select audit.make_search_months((current_date - interval '${MONTHS} months')::date, current_date)`);
    await makeDictionaries(client);
    const indexes = await dropIndexes(client);
    const began = performance.now();
    const note = (what: string): void => write(`${((performance.now() - began) / 1000).toFixed(0)} s: ${what}`);
    await together(database, Math.ceil(total / BATCH), async (worker, turn) => {
      await worker.query(FILL, [turn * BATCH, Math.min(total, (turn + 1) * BATCH), total, MONTHS]);
      if (turn % 10 === 9) note(`${(turn + 1) * BATCH} events`);
    });
    await together(database, indexes.length, async (worker, turn) => {
      await worker.query(indexes[turn] ?? '');
      note(`${indexes[turn]?.slice(0, 80)} …`);
    });
    await client.query(`update audit.search_cursor set next_index = $1`, [total]);
    await client.query('vacuum (analyze) audit.event');
    await client.query('vacuum (analyze) audit.search_entry');
    await client.query('vacuum (analyze) audit.leaf');
    await client.query('checkpoint');
    await client.query('drop table kind_of, reason_of, person_of, tenant_of');
  } finally {
    await client.end();
  }
}

/** Does the turns on several connections at once. */
export async function together(database: LogDatabase, turns: number, work: (worker: pg.Client, turn: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const worker = new pg.Client({ connectionString: database.adminUrl, options: OPTIONS });
      await worker.connect();
      try {
        for (let turn = next++; turn < turns; turn = next++) await work(worker, turn);
      } finally {
        await worker.end();
      }
    }),
  );
}

async function makeDictionaries(client: pg.Client): Promise<void> {
  const random = randomFrom(2026);
  const reasons = Array.from({ length: REASONS }, () => Array.from({ length: 4 + Math.floor(random() * 12) }, () => someWord(random)).join(' '));
  const put = async (name: string, rows: readonly (readonly unknown[])[], columns: string): Promise<void> => {
    await client.query(`create table ${name} (place integer primary key, ${columns})`);
    await client.query(`insert into ${name} select * from json_to_recordset($1) as r(place integer, ${columns})`, [
      JSON.stringify(rows.map((row, place) => Object.fromEntries([['place', place], ...columns.split(', ').map((column, index) => [column.split(' ')[0], row[index]])]))),
    ]);
    await client.query(`analyze ${name}`);
  };
  await put(
    'kind_of',
    KINDS.map((each) => [...each, wordsOf(each.filter((value) => value !== null).join(' '))]),
    'kind text, action text, permission text, outcome text, code text, effect text, surface text, words text[]',
  );
  await put(
    'reason_of',
    reasons.map((reason) => [reason, wordsOf(reason)]),
    'reason text, words text[]',
  );
  await put(
    'person_of',
    Array.from({ length: STAFF }, (_, place) => {
      const name = `${wordOf(place * 7 + 500)} ${wordOf(place * 13 + 900)}`;
      return [randomUUID(), name, wordsOf(name)];
    }),
    'id text, name text, words text[]',
  );
  await put(
    'tenant_of',
    Array.from({ length: TENANTS }, () => [randomUUID()]),
    'id text',
  );
}

/** Drops what an index-free load is faster without. @returns what makes them again. */
export async function dropIndexes(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select format('%I.%I', n.nspname, i.relname) as name, pg_get_indexdef(x.indexrelid) as definition
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = 'audit' and t.relname in ('event', 'search_entry', 'leaf') and not x.indisprimary`);
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition.replace(' ON ONLY ', ' ON '));
}

// Four events make a story. Squared and cubed chances make few tenants and people busy and many quiet.
const FILL = `
with made as materialized (
  select i, clock.at + interval '37 seconds' * (i % 4) as time,
    mod(i / 4 * 2654435761, 4294967296) as story, floor(power(random(), 3) * ${TENANTS})::integer as tenant,
    floor(power(random(), 2) * ${STAFF})::integer as person, floor(random() * ${KINDS.length})::integer as kind, floor(random() * ${REASONS})::integer as reason,
    random() as luck
  from generate_series($1::bigint, $2::bigint - 1) as i,
    lateral (select now() - interval '1 hour' - ($4 * interval '30 days') * ((($3 - (i / 4) * 4)::float8) / $3)) as clock(at)
), told as materialized (
  select made.*, md5('story ' || i / 4) as hex, md5('event ' || i) as own, md5('target ' || i / 3) as target_hex,
    k.kind as kind_name, k.action, k.permission, k.outcome, k.code, k.effect, k.surface, k.words as kind_words,
    case when k.action is not null then r.reason end as reason_text, case when k.action is not null then r.words end as reason_words,
    p.id as person_id, p.name as person_name, p.words as person_words, t.id as tenant_id,
    case when k.action is not null then 'SUP-' || i / 4 end as ticket
  from made join kind_of k on k.place = made.kind join reason_of r on r.place = made.reason join person_of p on p.place = made.person join tenant_of t on t.place = made.tenant
), shaped as materialized (
  select told.*, (lpad(to_hex((extract(epoch from time) * 1000)::bigint), 12, '0') || '7' || substr(own, 1, 3) || '8' || substr(own, 4, 15))::uuid as id,
    (substr(hex, 1, 12) || '4' || substr(hex, 14, 3) || '8' || substr(hex, 17, 15))::uuid::text as correlation_id,
    (substr(target_hex, 1, 12) || '4' || substr(target_hex, 14, 3) || '8' || substr(target_hex, 17, 15))::uuid::text as target_id,
    audit.retention_class(outcome, effect) as retention
  from told
), written as (
  insert into audit.event (id, format_version, time, correlation_id, kind, outcome, reason_code, surface, environment, policy_version, actor_id, actor_name,
    subject_id, subject_name, role, session_id, second_factor, ip, action, permission, effect, reach, tier, tenant_id, target_type, target_id, reason, ticket, detail, canonical, retention)
  select id, 1, time, correlation_id, kind_name, outcome, code, surface, 'production', repeat('a', 64), person_id, person_name, person_id, person_name, 'billing-operator',
    substr(hex, 3, 30), 'totp', '10.0.0.' || (story % 250), action, permission, effect, case when action is not null then 'tenant' end, case when action is not null then 'privileged' end,
    tenant_id, 'invoice', target_id, reason_text, ticket, case when action is null then '{"records":{"invoice":{"count":1}}}'::jsonb end,
    convert_to(format('{"action":"%s","actorId":"%s","actorName":"%s","correlationId":"%s","environment":"production","formatVersion":1,"id":"%s","kind":"%s","outcome":"%s","permission":"%s","policyVersion":"%s","reason":"%s","targetId":"%s","tenantId":"%s","ticket":"%s","time":"%s"}',
      action, person_id, person_name, correlation_id, id, kind_name, outcome, permission, repeat('a', 64), reason_text, target_id, tenant_id, ticket, time), 'UTF8'), retention
  from shaped
  returning id, time, retention, canonical
), leaves as (
  insert into audit.leaf (log_index, event_id, time, retention, leaf_hash)
  select $1 + row_number() over (order by time, id) - 1, id, time, retention, sha256('\\x00'::bytea || canonical) from written
)
insert into audit.search_entry (id, time, retention, tenant_id, words)
select id, time, retention, tenant_id,
  array_to_tsvector(kind_words || person_words || coalesce(reason_words, '{}') || array[correlation_id, target_id, 'invoice', '@' || tenant_id]
    || case when ticket is null then '{}' else array[lower(ticket), 'sup', (i / 4)::text] end)
from shaped`;
