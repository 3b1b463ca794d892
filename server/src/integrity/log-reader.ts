import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { LogFault } from '../transparency/log-fault.ts';
import { type NoteSignature, parseNote, printNote } from '../transparency/note.ts';
import type { NodeReader } from '../transparency/node-reader.ts';
import { packBundle } from '../transparency/tile-data.ts';
import { tileNodes } from '../transparency/tile-nodes.ts';
import { TILE_WIDTH, type TileAddress } from '../transparency/tiles.ts';

/** The tree as committed; not yet signed, perhaps. */
export interface LogHead {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** A checkpoint as it was signed, with what witnesses have said of it since. */
export interface StoredCheckpoint extends LogHead {
  readonly note: string;
  /** ISO 8601, UTC. */
  readonly signedAt: string;
}

/** One entry of the log. */
export interface LogEntry {
  readonly index: number;
  readonly eventId: string;
  /** ISO 8601, UTC, microseconds. */
  readonly time: string;
  readonly retention: string;
  readonly leafHash: Buffer;
  /** Null where the event's segment has served its time and is gone. */
  readonly canonical: Buffer | null;
}

/** Reads the tree, what was signed of it, and its entries. Trusts nothing: whoever hands a proof on lets the other side check it. */
export interface LogReader {
  head(): Promise<LogHead | null>;
  /** The newest checkpoint of the log's present name. */
  latestCheckpoint(): Promise<StoredCheckpoint | null>;
  /** The smallest checkpoint that covers so many entries. */
  checkpointCovering(size: number): Promise<StoredCheckpoint | null>;
  /** Where an event stands in the log; null while it waits to be sealed. */
  leafOf(eventId: string): Promise<{ readonly index: number; readonly leafHash: Buffer } | null>;
  /** Nodes of the tree of so many entries. */
  nodes(size: number): NodeReader;
  /** Hashes of a tile, one after the other; fewer than its width where the tree does not reach so far. */
  readTile(tile: TileAddress): Promise<Buffer>;
  /** The entries below a tile of level 0, as C2SP bundles them. One that has served its time is there with no bytes: its hash stays in the tile. */
  readBundle(tile: Pick<TileAddress, 'index' | 'width'>): Promise<Buffer>;
  /** Entries from one index to another, the end not among them, some at a time. Holds no connection in between. */
  readEntries(begin: number, end: number): AsyncIterable<readonly LogEntry[]>;
}

const PAGE = 1024;

/** Tiles are tables: level 0 is `audit.leaf`, the levels above are `audit.node`. */
export function createLogReader(db: Db): LogReader {
  const readTile = async ({ level, index, width }: TileAddress): Promise<Buffer> => {
    const first = index * TILE_WIDTH;
    const { rows } =
      level === 0
        ? await sql<{ hashes: Buffer | null }>`
            select string_agg(leaf_hash, ''::bytea order by log_index) as hashes from audit.leaf where log_index >= ${first} and log_index < ${first + width}`.execute(db)
        : await sql<{ hashes: Buffer | null }>`
            select string_agg(hash, ''::bytea order by position) as hashes from audit.node
            where level = ${level} and position >= ${first} and position < ${first + width}`.execute(db);
    return rows[0]?.hashes ?? Buffer.alloc(0);
  };
  const reader: LogReader = {
    async head() {
      const { rows } = await sql<LogHead>`select origin, size, root from audit.log_head`.execute(db);
      return rows[0] ?? null;
    },
    async latestCheckpoint() {
      const { rows } = await sql<CheckpointRow>`
        select ${CHECKPOINT} from audit.checkpoint c where c.origin = (select origin from audit.log_head) order by c.size desc limit 1`.execute(db);
      return rows[0] ? withCosignatures(rows[0]) : null;
    },
    async checkpointCovering(size) {
      const { rows } = await sql<CheckpointRow>`
        select ${CHECKPOINT} from audit.checkpoint c where c.origin = (select origin from audit.log_head) and c.size >= ${size} order by c.size limit 1`.execute(db);
      return rows[0] ? withCosignatures(rows[0]) : null;
    },
    async leafOf(eventId) {
      const { rows } = await sql<{ index: number; leafHash: Buffer }>`
        select log_index as index, leaf_hash as "leafHash" from audit.leaf where event_id = ${eventId}::uuid order by log_index limit 1`.execute(db);
      return rows[0] ?? null;
    },
    nodes: (size) => tileNodes(size, readTile),
    readTile,
    async readBundle({ index, width }) {
      const entries: Uint8Array[] = [];
      const begin = index * TILE_WIDTH;
      for await (const page of reader.readEntries(begin, begin + width)) entries.push(...page.map(({ canonical }) => canonical ?? new Uint8Array(0)));
      return packBundle(entries);
    },
    async *readEntries(begin, end) {
      for (let from = begin; from < end; from += PAGE) {
        const { rows } = await sql<LogEntry>`
          select leaf.log_index as index, leaf.event_id as "eventId", leaf.time, leaf.retention, leaf.leaf_hash as "leafHash", event.canonical
          from audit.leaf leaf
          left join lateral (
            select canonical from audit.event e where e.id = leaf.event_id and e.time = leaf.time and e.retention = leaf.retention limit 1
          ) event on true
          where leaf.log_index >= ${from} and leaf.log_index < ${Math.min(end, from + PAGE)} order by leaf.log_index`.execute(db);
        if (rows.length > 0) yield rows;
      }
    },
  };
  return reader;
}

interface CheckpointRow extends StoredCheckpoint {
  readonly cosignatures: readonly string[] | null;
}

const CHECKPOINT = sql`c.origin, c.size, c.root, c.note, c.signed_at as "signedAt",
  (select array_agg(s.line order by s.witness) from audit.cosignature s where s.origin = c.origin and s.size = c.size) as cosignatures`;

function withCosignatures({ cosignatures, ...checkpoint }: CheckpointRow): StoredCheckpoint {
  if (!cosignatures || cosignatures.length === 0) return checkpoint;
  const { text, signatures } = parseNote(checkpoint.note);
  const more = cosignatures.flatMap((line) => signaturesIn(text, line));
  return { ...checkpoint, note: printNote({ text, signatures: [...signatures, ...more] }) };
}

/** None in a line that is no signature: whoever wrote it there must not make the checkpoint unreadable. */
function signaturesIn(text: string, line: string): readonly NoteSignature[] {
  try {
    return parseNote(`${text}\n${line}\n`).signatures;
  } catch (fault) {
    if (fault instanceof LogFault) return [];
    throw fault;
  }
}
