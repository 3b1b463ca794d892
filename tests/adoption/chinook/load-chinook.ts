import { access, readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Kysely, sql, type Transaction } from 'kysely';

/** Where the database's own script lies: CHINOOK_SQL, or beside the project. It is no part of the project. */
export const CHINOOK_SQL: URL = process.env['CHINOOK_SQL'] ? pathToFileURL(process.env['CHINOOK_SQL']) : new URL('../../../../shared/data/chinook/chinook.sql', import.meta.url);

export const hasChinook = (): Promise<boolean> =>
  access(CHINOOK_SQL).then(
    () => true,
    () => false,
  );

/**
 * Runs the script, unchanged, in a schema of its own, and lets the serving role do what the two actions do. All of it or nothing.
 * @param db acts as owner.
 * @throws {Error} when the script is not there, or the schema is there already.
 */
export async function loadChinook(db: Kysely<unknown>): Promise<void> {
  if (!(await hasChinook())) throw new Error(`The sample database is not here: ${fileURLToPath(CHINOOK_SQL)}. Set CHINOOK_SQL to its script.`);
  const script = await readFile(CHINOOK_SQL, 'utf8');
  await inTransaction(db, async (tx) => {
    await sql`create schema chinook`.execute(tx);
    // The script names its tables without a schema; the path is put back for what else this transaction does.
    await sql`set local search_path to chinook`.execute(tx);
    await sql.raw(script).execute(tx);
    await sql`set local search_path to default`.execute(tx);
    await sql`grant usage on schema chinook to sallyport_app`.execute(tx);
    await sql`grant select on all tables in schema chinook to sallyport_app`.execute(tx);
    await sql`grant update ("BillingAddress", "BillingCity", "BillingState", "BillingCountry", "BillingPostalCode", "Total") on chinook."Invoice" to sallyport_app`.execute(tx);
    // UPDATE is what locking the table asks for; nothing updates a line.
    await sql`grant insert, update on chinook."InvoiceLine" to sallyport_app`.execute(tx);
    for (const table of ['Customer', 'Employee', 'Invoice', 'InvoiceLine', 'Track', 'Album']) await sql`analyze ${sql.id('chinook', table)}`.execute(tx);
  });
}

const inTransaction = (db: Kysely<unknown>, work: (tx: Transaction<unknown>) => Promise<void>): Promise<void> =>
  db.isTransaction ? work(db as Transaction<unknown>) : db.transaction().execute(work);
