import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { LogSigner } from '../log-keys.ts';
import { only } from './refused-by-database.ts';

/**
 * Signs what may be absent from the log, as the transaction has it, and keeps the note (`server/src/transparency/retention-statement.ts` reads it). It
 * commits with what has gone, or not at all: nothing is ever absent without a statement.
 * @returns the signed note.
 */
export async function stateRetention(tx: Tx, signer: LogSigner): Promise<string> {
  const { origin, size, text } = only(
    await sql<{ origin: string; size: number; text: string }>`select origin, size, audit.retention_text() as text from audit.hold_head(false)`.execute(tx),
  );
  const note = await signer.sign(tx, origin, text, size);
  await sql`select audit.keep_retention_statement(${note})`.execute(tx);
  return note;
}

/** The newest signed statement of what may be absent, under the name that the log has now; null where nothing was ever pruned. */
export async function latestRetentionNote(db: Db | Tx): Promise<string | null> {
  const { rows } = await sql<{ note: string }>`
    select s.note from audit.retention_statement s join audit.log_head head on head.origin = s.origin order by s.number desc limit 1`.execute(db);
  return rows[0]?.note ?? null;
}

/** Where the log has got another name or key, says anew under it what may be absent; nothing where nothing ever went. */
export async function restateRetention(tx: Tx, signer: LogSigner): Promise<void> {
  const { rows } = await sql`select from audit.pruned_segment`.execute(tx);
  if (rows.length > 0) await stateRetention(tx, signer);
}
