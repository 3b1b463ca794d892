import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { CompactRange } from '../transparency/compact-range.ts';
import { HASH_BYTES } from '../transparency/merkle-hash.ts';
import { TILE_LEVELS } from '../transparency/tiles.ts';

interface Taken {
  readonly first: number | null;
  readonly edge: Buffer | null;
  readonly leaf_hashes: Buffer | null;
}

/** From the index of the round's first entry to the size of the tree with it. */
export type SealedNotice = (tx: Tx, first: number, size: number) => Promise<void>;

/**
 * One round: gives at most `most` waiting events the next indexes of the tree and moves its head, in one transaction under the lock of
 * the head's row. Crash points: before the commit nothing has happened and the events wait on; after it they are in the tree, and
 * whoever comes next signs it.
 * @param notice told of the indexes that were given, in that transaction
 * @returns how many were sealed; null where another gateway is at it.
 */
export async function sealEvents(db: Db, most: number, notice?: SealedNotice): Promise<number | null> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<Taken>`select * from audit.seal(${most}::integer)`.execute(tx);
    const { first = null, edge = null, leaf_hashes: leaves = null } = rows[0] ?? {};
    if (first === null || edge === null) return null;
    if (leaves === null) return 0;
    const tree = CompactRange.resume(first, hashesIn(edge));
    const levels: number[] = [];
    const positions: number[] = [];
    const hashes: Buffer[] = [];
    for (const leaf of hashesIn(leaves))
      tree.append(leaf, ({ level, index }, hash) => {
        if (level === 0 || level % TILE_LEVELS !== 0) return;
        levels.push(level / TILE_LEVELS);
        positions.push(index);
        hashes.push(hash);
      });
    await sql`
      select audit.advance(${first}::bigint, ${tree.size}::bigint, ${tree.root()}::bytea, ${Buffer.concat(tree.edge)}::bytea,
        ${levels}::smallint[], ${positions}::bigint[], ${hashes}::bytea[])`.execute(tx);
    await notice?.(tx, first, tree.size);
    return tree.size - first;
  });
}

/** Whether events wait to be sealed. Takes no lock. */
export async function isAnythingUnsealed(db: Db): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`select exists (select from audit.unsealed) as waits`.execute(db);
  return rows[0]?.waits ?? false;
}

const hashesIn = (bytes: Buffer): readonly Buffer[] =>
  Array.from({ length: bytes.length / HASH_BYTES }, (_, place) => bytes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES));
