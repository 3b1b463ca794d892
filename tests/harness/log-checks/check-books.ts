import { kyselyOn } from '@sallyport/server/db/connect.ts';
import { createLogReader } from '@sallyport/server/integrity/log-reader.ts';
import { parseCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { CompactRange } from '@sallyport/server/transparency/compact-range.ts';
import { checkConsistency, makeConsistencyProof, type TreeHead } from '@sallyport/server/transparency/consistency-proof.ts';
import { LogFault } from '@sallyport/server/transparency/log-fault.ts';
import { parseNote } from '@sallyport/server/transparency/note.ts';
import { TILE_WIDTH } from '@sallyport/server/transparency/tiles.ts';
import type pg from 'pg';
import { naiveLeaf, naiveRoot } from './naive-tree.ts';

/** What is outside the database, and must fit what is in it. */
export interface OutsideView {
  /** Texts that any process put a signature to, published or not. */
  readonly signed: readonly string[];
  /** Notes that somebody has fetched while the log grew, in the order of fetching. */
  readonly witnessed: readonly string[];
  /** IDs of events that somebody was told of. */
  readonly acknowledged: readonly string[];
}

/** Counts that must all be 0. */
export interface Discrepancies {
  /** Indexes between 0 and the head's size that no leaf has, or several have. */
  readonly gaps: number;
  /** Neither in the tree nor waiting for it. */
  readonly eventsWithoutLeaf: number;
  readonly waitingThoughSealed: number;
  readonly eventsWithSeveralLeaves: number;
  readonly leavesWithoutEvent: number;
  /** Leaves whose hash is not that of their event's bytes. */
  readonly wrongLeafHashes: number;
  /** 1 where the head is not the tree over all leaves, or its edge not the tree's. */
  readonly wrongHead: number;
  /** Roots of tiles that are missing, superfluous or wrong. */
  readonly wrongNodes: number;
  /** Stored checkpoints whose root is not that of the log's first entries: a fork. */
  readonly forkedCheckpoints: number;
  /** Pairs of neighbouring checkpoints for which the log has no proof that the later one continues the earlier. */
  readonly unprovenSteps: number;
  /** Signatures over a head that the log has never had. */
  readonly forkedSignatures: number;
  readonly forkedWitnessed: number;
  readonly acknowledgedButLost: number;
}

export interface Books {
  readonly size: number;
  readonly checkpoints: number;
  readonly discrepancies: Discrepancies;
}

/** Compares events, leaves, nodes, head, checkpoints and the outside with each other, while nobody writes. */
export async function checkBooks(superuser: pg.Pool, outside: OutsideView): Promise<Books> {
  const reader = createLogReader(kyselyOn(superuser));
  const head = await reader.head();
  const size = head?.size ?? 0;
  const leaves: Buffer[] = [];
  let wrongLeafHashes = 0;
  for await (const page of reader.readEntries(0, size))
    for (const { leafHash, canonical } of page) {
      leaves.push(leafHash);
      if (canonical === null || !naiveLeaf(canonical).equals(leafHash)) wrongLeafHashes += 1;
    }
  const rootAt = prefixRoots(leaves);
  const isFork = ({ size: at, root }: TreeHead): boolean => !(at === 0 || rootAt(at)?.equals(root));
  const { rows: stored } = await superuser.query<{ size: number; root: Buffer; note: string }>('select size, root, note from audit.checkpoint where size > 0 order by size');
  const { rows: counted } =
    await superuser.query<Pick<Discrepancies, 'gaps' | 'eventsWithoutLeaf' | 'waitingThoughSealed' | 'eventsWithSeveralLeaves' | 'leavesWithoutEvent'>>(COUNTS);
  const { rows: lost } = await superuser.query<{ count: number }>(
    'select count(*)::int as count from unnest($1::uuid[]) as told(id) where not exists (select from audit.leaf join audit.event on event.id = leaf.event_id where leaf.event_id = told.id)',
    [outside.acknowledged],
  );
  const tree = new CompactRange();
  for (const leaf of leaves) tree.append(leaf);
  const { rows: edges } = await superuser.query<{ edge: Buffer }>('select edge from audit.log_head');
  const isHeadRight = head !== null && naiveRoot(leaves).equals(head.root) && Buffer.concat(tree.edge).equals(edges[0]?.edge ?? Buffer.alloc(0)) && leaves.length === size;
  return {
    size,
    checkpoints: stored.length,
    discrepancies: {
      ...(counted[0] ?? { gaps: size, eventsWithoutLeaf: 0, waitingThoughSealed: 0, eventsWithSeveralLeaves: 0, leavesWithoutEvent: 0 }),
      wrongLeafHashes,
      wrongHead: isHeadRight ? 0 : 1,
      wrongNodes: await countWrongNodes(superuser, leaves),
      forkedCheckpoints: stored.filter((checkpoint) => isFork(checkpoint) || isFork(headOf(checkpoint.note))).length,
      unprovenSteps: await countUnproven(stored, (at) => reader.nodes(at)),
      forkedSignatures: outside.signed.filter((text) => isFork(parseCheckpoint(text))).length,
      forkedWitnessed: outside.witnessed.filter((note) => isFork(headOf(note))).length,
      acknowledgedButLost: lost[0]?.count ?? 0,
    },
  };
}

const headOf = (note: string): TreeHead => parseCheckpoint(parseNote(note).text);

const COUNTS = `
  select
    (select (select size from audit.log_head) - count(distinct log_index) filter (where log_index < (select size from audit.log_head)) + (count(*) - count(distinct log_index)) from audit.leaf)::int as gaps,
    (select count(*)::int from audit.event where not exists (select from audit.leaf where leaf.event_id = event.id) and not exists (select from audit.unsealed where unsealed.event_id = event.id)) as "eventsWithoutLeaf",
    (select count(*)::int from audit.unsealed where exists (select from audit.leaf where leaf.event_id = unsealed.event_id)) as "waitingThoughSealed",
    (select count(*)::int from (select from audit.leaf group by event_id having count(*) > 1) as several) as "eventsWithSeveralLeaves",
    (select count(*)::int from audit.leaf where not exists (select from audit.event where event.id = leaf.event_id)) as "leavesWithoutEvent"`;

/** Roots of the first so many leaves, made in one pass when first asked. */
function prefixRoots(leaves: readonly Buffer[]): (size: number) => Buffer | undefined {
  const roots: Buffer[] = [];
  const tree = new CompactRange();
  return (size) => {
    while (tree.size < Math.min(size, leaves.length)) {
      const leaf = leaves[tree.size];
      if (leaf === undefined) break;
      tree.append(leaf);
      roots.push(tree.root());
    }
    return roots[size - 1];
  };
}

async function countWrongNodes(superuser: pg.Pool, leaves: readonly Buffer[]): Promise<number> {
  const { rows } = await superuser.query<{ level: number; position: number; hash: Buffer }>('select level, position, hash from audit.node');
  const span = (level: number): number => TILE_WIDTH ** level;
  const wrong = rows.filter(({ level, position, hash }) => {
    const [begin, end] = [position * span(level), (position + 1) * span(level)];
    return end > leaves.length || !naiveRoot(leaves, begin, end).equals(hash);
  }).length;
  let expected = 0;
  for (let level = 1; span(level) <= leaves.length; level += 1) expected += Math.floor(leaves.length / span(level));
  return wrong + Math.abs(expected - rows.length);
}

async function countUnproven(checkpoints: readonly TreeHead[], nodes: (size: number) => Parameters<typeof makeConsistencyProof>[0]): Promise<number> {
  let unproven = 0;
  for (const [place, newer] of checkpoints.entries()) {
    const older = checkpoints[place - 1];
    if (older === undefined) continue;
    try {
      checkConsistency(older, newer, await makeConsistencyProof(nodes(newer.size), older.size, newer.size));
    } catch (error) {
      if (!(error instanceof LogFault)) throw error;
      unproven += 1;
    }
  }
  return unproven;
}

/** All of them together. */
export const countDiscrepancies = (discrepancies: Discrepancies): number => Object.values(discrepancies).reduce((sum: number, count: number) => sum + count, 0);
