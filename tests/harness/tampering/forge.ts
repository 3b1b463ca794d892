import { canonicalJson } from '@sallyport/server/audit/canonical-json.ts';
import { CompactRange } from '@sallyport/server/transparency/compact-range.ts';
import { leafHash } from '@sallyport/server/transparency/merkle-hash.ts';
import { TILE_LEVELS } from '@sallyport/server/transparency/tiles.ts';
import type pg from 'pg';

/** One entry as it stands in a database. */
export interface StoredEntry {
  readonly eventId: string;
  readonly time: string;
  readonly canonical: Buffer;
}

const LOG_TABLES = ['event', 'leaf', 'node', 'checkpoint', 'log_gap'] as const;

/** What stops the gateway's own role, a superuser switches off first. */
export async function switchOffTriggers(attacker: pg.Pool): Promise<void> {
  for (const table of LOG_TABLES) await attacker.query(`alter table audit.${table} disable trigger all`);
}

/** @throws {Error} where the log has no such entry: an attack that meets nothing would prove nothing. */
export async function readEntry(attacker: pg.Pool, index: number): Promise<StoredEntry> {
  const { rows } = await attacker.query<StoredEntry>(
    `select leaf.event_id as "eventId", leaf.time, event.canonical from audit.leaf leaf join audit.event event on event.id = leaf.event_id and event.time = leaf.time
     where leaf.log_index = $1`,
    [index],
  );
  if (rows[0] === undefined) throw new Error(`There is no entry ${index} to tamper with`);
  return rows[0];
}

/** The canonical bytes of an event of which some members were changed: as well formed as the real ones. */
export function forgeCanonical(canonical: Buffer, members: Readonly<Record<string, string>>): Buffer {
  const record = JSON.parse(canonical.toString('utf8')) as Parameters<typeof canonicalJson>[0];
  return Buffer.from(canonicalJson({ ...(record as Record<string, string>), ...members }));
}

/** Makes the leaves from this index on agree with their events again: correct hashes for false events. */
export async function rehashLeaves(attacker: pg.Pool, from: number): Promise<void> {
  const { rows } = await attacker.query<{ index: number; canonical: Buffer }>(
    `select leaf.log_index as index, event.canonical from audit.leaf leaf join audit.event event on event.id = leaf.event_id and event.time = leaf.time
     where leaf.log_index >= $1`,
    [from],
  );
  await attacker.query('update audit.leaf set leaf_hash = forged.hash from unnest($1::bigint[], $2::bytea[]) as forged(log_index, hash) where leaf.log_index = forged.log_index', [
    rows.map(({ index }) => index),
    rows.map(({ canonical }) => leafHash(canonical)),
  ]);
}

/** Builds nodes and head anew over the leaves as they stand: a tree in which everything fits. */
export async function rebuildTree(attacker: pg.Pool): Promise<CompactRange> {
  const { rows } = await attacker.query<{ leaf_hash: Buffer }>('select leaf_hash from audit.leaf order by log_index');
  const tree = new CompactRange();
  const levels: number[] = [];
  const positions: number[] = [];
  const hashes: Buffer[] = [];
  for (const { leaf_hash } of rows)
    tree.append(leaf_hash, ({ level, index }, hash) => {
      if (level === 0 || level % TILE_LEVELS !== 0) return;
      levels.push(level / TILE_LEVELS);
      positions.push(index);
      hashes.push(hash);
    });
  await attacker.query('delete from audit.node');
  await attacker.query('insert into audit.node (level, position, hash) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])', [levels, positions, hashes]);
  await attacker.query('update audit.log_head set size = $1, root = $2, edge = $3', [tree.size, tree.root(), Buffer.concat(tree.edge)]);
  return tree;
}

/** Moves every leaf from this index on by so many places. */
export async function shiftLeaves(attacker: pg.Pool, from: number, by: number): Promise<void> {
  // By way of places that no leaf has: the indexes are unique at every moment.
  await attacker.query('alter table audit.leaf drop constraint leaf_log_index_check');
  await attacker.query('update audit.leaf set log_index = -1 - log_index where log_index >= $1', [from]);
  await attacker.query('update audit.leaf set log_index = -1 - log_index + $1 where log_index < 0', [by]);
}

/** Removes every entry from this index on, events and leaves. */
export async function cutTail(attacker: pg.Pool, from: number): Promise<void> {
  await attacker.query('delete from audit.event using audit.leaf where leaf.log_index >= $1 and event.id = leaf.event_id and event.time = leaf.time', [from]);
  await attacker.query('delete from audit.leaf where log_index >= $1', [from]);
}
