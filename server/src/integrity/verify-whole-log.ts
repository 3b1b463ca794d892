import { randomUUID } from 'node:crypto';
import { logVerified } from '@sallyport/schema/modules/log/log.event.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { COLUMNS } from '../audit/append-statement.ts';
import { canonicalText } from '../audit/event-record.ts';
import { RECORD_COLUMNS, type RecordRow, recordOf } from '../audit/read-records.ts';
import type { AuditLog } from '../kernel/seams.ts';
import { CompactRange } from '../transparency/compact-range.ts';
import { leafHash, sameHash } from '../transparency/merkle-hash.ts';

/** The first thing that does not fit. */
export interface LogFinding {
  readonly index: number | null;
  readonly problem: string;
}

interface Row extends RecordRow {
  readonly index: number;
  readonly leafHash: Buffer;
  readonly isPruned: boolean;
  readonly canonical: Buffer | null;
}

const PAGE = 2000;
/** How often the number of checked events is noted. */
const NOTE_EVERY = 100_000;

/**
 * Recomputes everything from what the database holds: canonical bytes from columns, leaf hashes from bytes, the root from leaf hashes; and
 * looks for events that have no leaf. It shows damage early and from the inside. Whoever can rewrite all of it consistently is caught by what
 * stands outside (`judgeStanding`, the offline verifier), not here.
 */
export async function checkWholeLog(db: Db, size: number, note: (checked: number) => Promise<void>): Promise<LogFinding | null> {
  const tree = new CompactRange();
  while (tree.size < size) {
    const until = Math.min(size, tree.size + PAGE);
    const { rows } = await sql<Row>`
      select leaf.log_index as index, leaf.leaf_hash as "leafHash", event.canonical,
        event.id is null and exists (select from audit.pruned_segment p where p.retention = leaf.retention and leaf.log_index < p.minimum_index) as "isPruned", ${RECORD_COLUMNS}
      from audit.leaf leaf left join audit.event event on event.id = leaf.event_id and event.time = leaf.time and event.retention = leaf.retention
      where leaf.log_index >= ${tree.size} and leaf.log_index < ${until} order by leaf.log_index`.execute(db);
    for (const row of rows) {
      const finding = findingOf(row, tree.size);
      if (finding) return { index: tree.size, problem: finding };
      tree.append(row.leafHash);
      if (tree.size % NOTE_EVERY === 0) await note(tree.size);
    }
    if (tree.size < until) return { index: tree.size, problem: 'The entry is missing from the tree' };
  }
  return compareWithHeads(db, tree);
}

function findingOf({ index, leafHash: stored, isPruned, canonical, ...columns }: Row, expected: number): string | null {
  if (index !== expected) return index < expected ? 'Two entries have one index' : 'The entry is missing from the tree';
  if (canonical === null) return isPruned ? null : 'The event of this entry is missing';
  if (!sameHash(leafHash(canonical), stored)) return 'The bytes of the event are not those that the tree was built from';
  const record = Object.fromEntries([...Object.keys(COLUMNS), 'time'].map((name) => [name, columns[name as keyof RecordRow]])) as unknown as RecordRow;
  return canonicalText(recordOf(record)) === canonical.toString('utf8') ? null : 'The columns of the event do not say what its bytes say';
}

async function compareWithHeads(db: Db, tree: CompactRange): Promise<LogFinding | null> {
  const { rows } = await sql<{ root: Buffer }>`
    select root from audit.checkpoint where size = ${tree.size} union all select root from audit.log_head where size = ${tree.size}`.execute(db);
  if (rows.some(({ root }) => !sameHash(root, tree.root()))) return { index: null, problem: 'The root is not the one that was signed' };
  // A head that was blanked would leave nothing to verify, and the next round of sealing no place to go on from.
  const ends = await sql<{ head: number; leaves: number }>`
    select coalesce((select size from audit.log_head), 0) as head, coalesce((select max(log_index) + 1 from audit.leaf), 0) as leaves`.execute(db);
  if (ends.rows.some(({ head, leaves }) => head !== leaves)) return { index: null, problem: 'The head is not where the tree ends' };
  // Given a minute to be sealed: what still waits is not missing.
  const orphans = await sql<{ id: string }>`
    select id from audit.event e
    where e.time < clock_timestamp() - interval '1 minute' and not exists (select from audit.leaf l where l.event_id = e.id)
      and not exists (select from audit.unsealed u where u.event_id = e.id) limit 1`.execute(db);
  return orphans.rows.length > 0 ? { index: null, problem: 'An event stands in the log and not in the tree' } : null;
}

/** Verifies everything up to the newest checkpoint, and puts the result on the log. One at a time; one that a crash cut short counts as ended after an hour. */
export async function verifyWholeLog(db: Db, audit: AuditLog, verificationId: string): Promise<void> {
  const { rows } = await sql<{ size: number }>`
    update gateway.log_verification set size = coalesce((select max(size) from audit.checkpoint where origin = (select origin from audit.log_head)), 0), checked = 0
    where id = ${verificationId}::uuid and ended_at is null returning size`.execute(db);
  const [begun] = rows;
  if (!begun) return;
  const note = async (checked: number): Promise<void> => {
    await sql`update gateway.log_verification set checked = ${checked} where id = ${verificationId}::uuid`.execute(db);
  };
  const finding = await checkWholeLog(db, begun.size, note);
  await db.transaction().execute(async (tx) => {
    await sql`
      update gateway.log_verification set ended_at = clock_timestamp(), intact = ${finding === null}, first_bad = ${finding?.index ?? null}::bigint,
        problem = ${finding?.problem ?? null}, checked = ${finding?.index ?? begun.size}
      where id = ${verificationId}::uuid`.execute(tx);
    await audit.append(tx, {
      kind: logVerified.kind,
      outcome: finding === null ? 'ok' : 'failed',
      correlationId: randomUUID(),
      surface: 'job',
      ip: null,
      viewer: null,
      actorId: 'gateway',
      actorName: 'Gateway process',
      target: { type: 'logVerification', id: verificationId },
      detail: { size: begun.size, ...(finding && { firstBad: finding.index, problem: finding.problem }) },
    });
  });
}

/** Once a day, with nobody asking. */
export async function verifyLogDaily(db: Db, audit: AuditLog): Promise<void> {
  const id = randomUUID();
  await sql`insert into gateway.log_verification (id, size) values (${id}::uuid, 0)`.execute(db);
  await verifyWholeLog(db, audit, id);
}
