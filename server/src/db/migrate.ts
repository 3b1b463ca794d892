import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { StartRefusal } from '../start-refusal.ts';
import { ensureRoles, OWNER_ROLE } from './roles.ts';

/** A folder of numbered SQL files. `name` is what the database remembers them under: it must not change. */
export interface MigrationFolder {
  readonly name: string;
  readonly url: URL;
}

/** The gateway's own migrations. */
export const CORE_MIGRATIONS: MigrationFolder = { name: 'core', url: new URL('../../../migrations/', import.meta.url) };

export interface MigrationFile {
  readonly folder: string;
  readonly file: string;
  readonly sql: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly checksum: string;
}

/** One migrator at a time per database. */
const MIGRATION_LOCK = 7_251_002;

/**
 * Brings a database to the state of the folders' files: in order of folder and name, each in a transaction of its own together with
 * its row in `gateway.migration`, as `sallyport_owner`. Cut short anywhere, it goes on from there next time.
 * @param connectionString a login that may act as owner.
 * @returns the files that were run, `folder/file`.
 * @throws {StartRefusal} when a landed file was changed, or when the database knows a file that we don't (it is newer than this gateway).
 */
export async function migrate(connectionString: string, folders: readonly MigrationFolder[] = [CORE_MIGRATIONS]): Promise<readonly string[]> {
  const files = (await Promise.all(folders.map(readMigrations))).flat();
  const client = new pg.Client({ connectionString, application_name: 'sallyport-migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await ensureRoles(client);
    await ensureBook(client);
    const landed = await readLanded(client);
    const pending = findPending(files, landed, new Set(folders.map((folder) => folder.name)));
    for (const file of pending) await land(client, file);
    return pending.map(({ folder, file }) => `${folder}/${file}`);
  } finally {
    await client.end();
  }
}

/** The `.sql` files of a folder in order of their names, which begin with a number of four digits. */
export async function readMigrations(folder: MigrationFolder): Promise<readonly MigrationFile[]> {
  const names = (await readdir(folder.url)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (file) => {
      if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(file)) throw new StartRefusal(`Migration ${folder.name}/${file} is not named like 0042_what_it_does.sql`);
      const bytes = await readFile(new URL(file, folder.url));
      return { folder: folder.name, file, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
}

/** Pure: which files are still to run, given what has landed (`folder/file` → checksum). */
export function findPending(files: readonly MigrationFile[], landed: ReadonlyMap<string, string>, folders: ReadonlySet<string>): readonly MigrationFile[] {
  const known = new Set(files.map(({ folder, file }) => `${folder}/${file}`));
  for (const name of landed.keys())
    if (!known.has(name) && folders.has(name.split('/')[0] ?? ''))
      throw new StartRefusal(`The database has migration ${name}, which this gateway does not know: the database is newer. Start the newer gateway.`);
  return files.filter(({ folder, file, checksum }) => {
    const before = landed.get(`${folder}/${file}`);
    if (before !== undefined && before !== checksum)
      throw new StartRefusal(`Migration ${folder}/${file} was changed after it had landed in this database. Restore the file and write a new migration instead.`);
    return before === undefined;
  });
}

async function ensureBook(client: pg.Client): Promise<void> {
  await client.query('begin');
  await client.query(`set local role ${OWNER_ROLE}`);
  await client.query('create schema if not exists gateway');
  await client.query(
    'create table if not exists gateway.migration (folder text not null, file text not null, checksum text not null, landed_at timestamptz not null default clock_timestamp(), primary key (folder, file))',
  );
  await client.query('commit');
}

async function readLanded(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  await client.query('begin read only');
  await client.query(`set local role ${OWNER_ROLE}`);
  const { rows } = await client.query<{ name: string; checksum: string }>(`select folder || '/' || file as name, checksum from gateway.migration`);
  await client.query('commit');
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

async function land(client: pg.Client, { folder, file, sql, checksum }: MigrationFile): Promise<void> {
  try {
    await client.query('begin');
    await client.query(`set local role ${OWNER_ROLE}`);
    await client.query(sql);
    // A file that commits by itself would land in pieces: it is refused before it is booked.
    const { rows } = await client.query<{ role: string }>('select current_user::text as role');
    if (rows[0]?.role !== OWNER_ROLE) throw new StartRefusal('it ends the transaction or changes the role that it is run in');
    await client.query('insert into gateway.migration (folder, file, checksum) values ($1, $2, $3)', [folder, file, checksum]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    throw new StartRefusal(`Migration ${folder}/${file} failed: ${(cause as Error).message}`, { cause });
  }
}
