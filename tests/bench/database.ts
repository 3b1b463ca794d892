import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modules } from '@sallyport/schema/index.ts';
import type { SecretKeys } from '@sallyport/server/auth/sealed-secret.ts';
import { migrationFolders } from '@sallyport/server/cli/prepare-database.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { ensureDatabase, startEmbedded } from '@sallyport/server/db/embedded.ts';
import { migrate } from '@sallyport/server/db/migrate.ts';
import { addressAs, ensureServingLogin, OWNER_ROLE, readServingLogin } from '@sallyport/server/db/roles.ts';
import { migrateJobs } from '@sallyport/server/jobs/migrate-jobs.ts';
import { sql } from 'kysely';
import pg from 'pg';
import { type Colleague, hireColleagues } from './colleagues.ts';
import { fillLog } from './fill-log.ts';

/** The database that all three servers are measured on. */
export interface BenchDatabase {
  /** Superuser's address, for figures of the server itself. */
  readonly adminUrl: string;
  /** The login that all three servers serve with. */
  readonly appUrl: string;
  readonly keys: SecretKeys;
  readonly colleagues: readonly Colleague[];
  /** Rows by what they are, for the table's caption. */
  readonly sizes: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface BenchDatabaseOptions {
  /** Throws the folder of an earlier run away. */
  readonly fresh: boolean;
  /** Loads pg_stat_statements, which costs a little of everything. */
  readonly profile: boolean;
  readonly write: (line: string) => void;
}

const DATABASE = 'bench';
const TENANTS = 8_400;
const EVENTS = 1_000_000;
const FOLDER = join(tmpdir(), 'sallyport-bench');
const NOTES = join(FOLDER, 'bench.json');

interface Notes {
  readonly key: string;
  readonly colleagues: readonly Colleague[];
}

/** Starts the embedded PostgreSQL on a folder that is filled once and used again. */
export async function openBenchDatabase({ fresh, profile, write }: BenchDatabaseOptions): Promise<BenchDatabase> {
  if (fresh) await rm(FOLDER, { recursive: true, force: true });
  await preload(profile);
  const embedded = await startEmbedded(FOLDER);
  try {
    const adminUrl = await ensureDatabase(embedded, DATABASE);
    const landed = await migrate(adminUrl, migrationFolders(modules));
    await migrateJobs(adminUrl);
    const login = await readServingLogin(FOLDER);
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    await ensureServingLogin(client, login);
    if (profile) await client.query('create extension if not exists pg_stat_statements');
    await client.end();
    const notes = await readNotes();
    const { key, colleagues } = notes && landed.length === 0 ? notes : await fill(adminUrl, write);
    return {
      adminUrl,
      appUrl: addressAs(adminUrl, login),
      keys: keysOf(key),
      colleagues,
      sizes: await sizesOf(adminUrl),
      stop: () => embedded.stop(),
    };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

const keysOf = (key: string): SecretKeys => ({ currentKeyId: 'bench', keys: { bench: Buffer.from(key, 'base64') } });

const readNotes = async (): Promise<Notes | null> =>
  readFile(NOTES, 'utf8').then(
    (text) => JSON.parse(text) as Notes,
    () => null,
  );

/** `shared_preload_libraries` is read at the start of the server only. */
async function preload(profile: boolean): Promise<void> {
  const path = join(FOLDER, 'postgres', 'postgresql.auto.conf');
  await readFile(path).then(
    () => writeFile(path, profile ? "shared_preload_libraries = 'pg_stat_statements'\ntrack_io_timing = on\n" : ''),
    () => undefined,
  );
}

/** Seeds the demo company at its large size, then people of our own, then the log. */
async function fill(adminUrl: string, write: (line: string) => void): Promise<Notes> {
  const pool = openPool({ connectionString: adminUrl, max: 2, statementTimeoutMs: 0, role: OWNER_ROLE });
  const owner = kyselyOn(pool);
  try {
    const { rows } = await sql`select 1 from product.tenant limit 1`.execute(owner);
    if (rows.length > 0) throw new Error('This folder holds data of an earlier schema or of a run that was cut short. Run again with --fresh.');
    write(`Seeding ${TENANTS} tenants with their people and invoices …`);
    for (const module of modules) await module.seed?.(owner, { tenants: TENANTS, seed: 2026 });
    const key = randomBytes(32).toString('base64');
    const colleagues = await hireColleagues(owner, keysOf(key));
    write(`Writing ${EVENTS} events to the log …`);
    await fillLog(adminUrl, owner, EVENTS);
    await settle(adminUrl);
    const notes = { key, colleagues };
    await writeFile(NOTES, JSON.stringify(notes), { mode: 0o600 });
    return notes;
  } finally {
    await pool.end();
  }
}

async function sizesOf(adminUrl: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; total: number }>(`
      select 'tenants' as name, count(*)::int as total from product.tenant union all
      select 'people', count(*)::int from product.person union all
      select 'invoices', count(*)::int from product.invoice union all
      select 'audit events', count(*)::int from audit.event`);
    return Object.fromEntries(rows.map(({ name, total }) => [name, total]));
  } finally {
    await client.end();
  }
}

/** Statistics and visibility as a database in use has them, and nothing left to write. */
async function settle(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}
