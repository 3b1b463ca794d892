import { randomUUID } from 'node:crypto';
import { COLUMNS, timeText } from '@sallyport/server/audit/append-statement.ts';
import type { LogSetting } from '@sallyport/server/audit/compose-event.ts';
import { CompactRange } from '@sallyport/server/transparency/compact-range.ts';
import { HASH_BYTES } from '@sallyport/server/transparency/merkle-hash.ts';
import { TILE_LEVELS } from '@sallyport/server/transparency/tiles.ts';
import pg from 'pg';
import { EVENTS_PER_STORY, tellStory } from '../fill-log.ts';
import { dropIndexes, OPTIONS, randomFrom, together } from './fill-ten-million.ts';
import { keepSealing } from './keep-sealing.ts';
import type { LogDatabase } from './log-databases.ts';

const TENANTS = 1000;
const STAFF = 200;
const BATCH = 2000;
const LEAVES_AT_ONCE = 65_536;
/** Milliseconds between two events of one story. */
const STEP_MS = 37_000;
const DAY_MS = 86_400_000;

export interface StoriesToFill {
  readonly events: number;
  /** That they are spread over evenly; the newest is an hour old. */
  readonly months: number;
  /** Policy that was in force all the time. */
  readonly policyVersion: string;
}

/**
 * Fills the log with stories of four events, as the gateway composes them and with the bytes that it writes, but at times of our choosing; then with their
 * tree and a signed checkpoint over all of them. Of tenants and people some have far more than others.
 */
export async function fillStories(database: LogDatabase, { events, months, policyVersion }: StoriesToFill, write: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: database.adminUrl, options: OPTIONS });
  await client.connect();
  try {
    await client.query(`select audit.make_segments((current_date - interval '${months} months')::date, current_date)`);
    const indexes = await dropIndexes(client);
    await writeStories(client, events, months, { policyVersion, environment: 'bench', roles: new Map() }, write);
    await together(database, indexes.length, async (worker, turn) => void (await worker.query(indexes[turn] ?? '')));
    write('The tree …');
    await growTree(client, events);
    // What was never announced to the search is not to be caught up with while something else is measured.
    await client.query('update audit.search_cursor set next_index = $1', [events]);
    for (const table of ['event', 'leaf', 'node']) await client.query(`vacuum (analyze) audit.${table}`);
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
  const sealing = await keepSealing(database.appUrl);
  await sealing.stop();
}

async function writeStories(client: pg.Client, events: number, months: number, setting: LogSetting, write: (line: string) => void): Promise<void> {
  const random = randomFrom(2026);
  const tenants = Array.from({ length: TENANTS }, () => randomUUID());
  const staff = Array.from({ length: STAFF }, (_, place) => ({ id: randomUUID(), name: `Member of staff ${place}` }));
  const some = <Value>(values: readonly Value[], power: number): Value => values[Math.floor(random() ** power * values.length)] as Value;
  /** One a day of each person's. */
  const sessions = new Map<string, string>();
  const length = months * 30 * DAY_MS;
  const first = Date.now() - 3_600_000 - length;
  for (let from = 0; from < events; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, events - from) / EVENTS_PER_STORY }, (_, place) => {
      const story = from / EVENTS_PER_STORY + place;
      const began = first + (length * story * EVENTS_PER_STORY) / events;
      const person = some(staff, 2);
      const dayOf = `${Math.floor(began / DAY_MS)} ${person.id}`;
      const sessionId = sessions.get(dayOf) ?? randomUUID();
      sessions.set(dayOf, sessionId);
      return tellStory(story, some(tenants, 3), { ...person, sessionId }, setting).map(({ record, head, tail }, step) => ({
        ...record,
        time: new Date(began + step * STEP_MS).toISOString(),
        head,
        tail,
      }));
    }).flat();
    await client.query({ name: 'fill', text: INSERT, values: [JSON.stringify(rows)] });
    if ((from / BATCH) % 50 === 49) write(`${from + BATCH} events`);
  }
}

const TYPES: Readonly<Record<string, string>> = { id: 'uuid', formatVersion: 'smallint', before: 'jsonb', after: 'jsonb', fieldsRead: 'text[]', detail: 'jsonb' };
const MEMBERS = Object.entries(COLUMNS);
const INSERT = `
  insert into audit.event (${MEMBERS.map(([, column]) => `"${column}"`).join(', ')}, time, canonical, retention)
  select ${MEMBERS.map(([member]) => `e."${member}"`).join(', ')}, e.time, convert_to(e.head || ${timeText('e.time')} || e.tail, 'UTF8'), audit.retention_class(e.outcome, e.effect)
  from json_to_recordset($1) as e(${MEMBERS.map(([member]) => `"${member}" ${TYPES[member] ?? 'text'}`).join(', ')}, time timestamptz, head text, tail text)`;

/** As sealing does, in one go. */
async function growTree(client: pg.Client, events: number): Promise<void> {
  await client.query(`
    insert into audit.leaf (log_index, event_id, time, retention, leaf_hash)
    select row_number() over (order by time, id) - 1, id, time, retention, sha256('\\x00'::bytea || canonical) from audit.event`);
  const tree = new CompactRange();
  const levels: number[] = [];
  const positions: number[] = [];
  const hashes: Buffer[] = [];
  for (let from = 0; from < events; from += LEAVES_AT_ONCE) {
    const { rows } = await client.query<{ leaves: Buffer }>(
      `select string_agg(leaf_hash, ''::bytea order by log_index) as leaves from audit.leaf where log_index >= $1 and log_index < $2`,
      [from, from + LEAVES_AT_ONCE],
    );
    const leaves = rows[0]?.leaves ?? Buffer.alloc(0);
    for (let at = 0; at < leaves.length; at += HASH_BYTES)
      tree.append(leaves.subarray(at, at + HASH_BYTES), ({ level, index }, hash) => {
        if (level === 0 || level % TILE_LEVELS !== 0) return;
        levels.push(level / TILE_LEVELS);
        positions.push(index);
        hashes.push(hash);
      });
  }
  await client.query('select audit.advance(0, $1, $2, $3, $4::smallint[], $5::bigint[], $6::bytea[])', [
    tree.size,
    tree.root(),
    Buffer.concat(tree.edge),
    levels,
    positions,
    hashes,
  ]);
}
