import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import { printCheckpoint } from '../transparency/checkpoint.ts';
import { sameHash } from '../transparency/merkle-hash.ts';
import { readRoot } from '../transparency/node-reader.ts';
import type { LogSigner } from './log-keys.ts';
import { createLogReader, type LogHead } from './log-reader.ts';

/** A head that has been signed. */
export interface SignedHead extends LogHead {
  readonly note: string;
}

/** The head does not continue what this process has signed: the database was put back, or rewritten, while it ran. */
export class LogContradiction extends Error {
  constructor() {
    super('The log does not continue what this process has signed of it');
    this.name = 'LogContradiction';
  }
}

/**
 * Signs the head as it is committed, once; null where that has been done. Only what has been committed is signed, and of two gateways at it the
 * first note is kept, over the same root: no two signed checkpoints can contradict each other, whatever crashes when. Whoever may move the head may
 * write any root into it, so it is computed anew before it is signed.
 * @param last what this process has signed before; null where it has signed nothing yet
 * @throws {LogContradiction} where the head does not continue that
 * @throws {Error} where the tree comes to another root, and where another root was signed for this size: the database has been rewritten.
 */
export async function signHead(db: Db, signer: LogSigner, last: SignedHead | null = null): Promise<SignedHead | null> {
  return db.transaction().execute(async (tx) => {
    // Shared with readers and other signers, so that a key's end (`retireLogKey`, under the head's lock) and this signature have an order.
    const { rows } = await sql<LogHead>`
      select h.origin, h.size, h.root from audit.hold_head(false) h
      where h.origin is not null and not exists (select from audit.checkpoint c where c.origin = h.origin and c.size = h.size)`.execute(tx);
    const head = rows[0];
    if (!head) return null;
    const nodes = createLogReader(tx).nodes(head.size);
    if (last?.origin === head.origin && (last.size > head.size || !sameHash(await readRoot(nodes, last.size), last.root))) throw new LogContradiction();
    if (!sameHash(await readRoot(nodes, head.size), head.root)) throw new Error('The leaves of the log do not lead to the root of its head');
    const signed = await signer.sign(tx, head.origin, printCheckpoint({ ...head, extensions: [] }), head.size);
    const kept = await sql<{ note: string }>`select audit.keep_checkpoint(${head.origin}, ${head.size}::bigint, ${head.root}::bytea, ${signed}) as note`.execute(tx);
    return { ...head, note: kept.rows[0]?.note ?? signed };
  });
}
