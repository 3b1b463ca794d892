import { readFile } from 'node:fs/promises';
import type { SecretKeys } from '@sallyport/server/auth/sealed-secret.ts';
import { kyselyOn, openPool } from '@sallyport/server/db/connect.ts';
import { type EmbeddedDatabase, ensureDatabase, startEmbedded } from '@sallyport/server/db/embedded.ts';
import { migrate } from '@sallyport/server/db/migrate.ts';
import { addressAs, ensureServingLogin, OWNER_ROLE, readServingLogin } from '@sallyport/server/db/roles.ts';
import { addLogKey } from '@sallyport/server/integrity/log-keys.ts';
import { migrateJobs } from '@sallyport/server/jobs/migrate-jobs.ts';
import { sql } from 'kysely';
import pg from 'pg';

const ORIGIN = 'bench.example/log';

/** Key of sealed secrets. It guards nothing here, and every process of the benchmark has to have the same. */
export const BENCH_SECRETS: SecretKeys = { currentKeyId: 'bench', keys: { bench: Buffer.alloc(32, 7) } };

export interface LogDatabase {
  readonly name: string;
  readonly adminUrl: string;
  /** The login that a gateway serves with. */
  readonly appUrl: string;
}

/** Databases of one cluster, each with the product's own migrations. */
export interface LogCluster {
  readonly embedded: EmbeddedDatabase;
  /** Opens a database, made and migrated unless it is there; `design` is SQL that the bench alone runs on a new one, as owner. */
  open(name: string, design?: URL): Promise<LogDatabase>;
}

/**
 * Starts a PostgreSQL on a folder. Nothing is measured across one of its checkpoints: they are put off, and `settle` makes one between measurements.
 */
export async function startLogCluster(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<LogCluster> {
  const embedded = await startEmbedded(folder);
  const maintenance = embedded.urlOf('postgres');
  for (const [name, value] of Object.entries({ max_wal_size: '16GB', checkpoint_timeout: '1h', ...settings })) await run(maintenance, `alter system set ${name} = '${value}'`);
  await run(maintenance, 'select pg_reload_conf()');
  return {
    embedded,
    async open(name, design) {
      const adminUrl = await ensureDatabase(embedded, name);
      const landed = await migrate(adminUrl);
      const login = await readServingLogin(folder);
      if (landed.length > 0) {
        await migrateJobs(adminUrl);
        const client = new pg.Client({ connectionString: adminUrl });
        await client.connect();
        await ensureServingLogin(client, login).finally(() => client.end());
        const pool = openPool({ connectionString: adminUrl, max: 1, role: OWNER_ROLE });
        const db = kyselyOn(pool);
        if (design) await sql.raw(await readFile(design, 'utf8')).execute(db);
        await sql`select audit.begin_log(${ORIGIN})`.execute(db);
        await db.transaction().execute((tx) => addLogKey(tx, BENCH_SECRETS, ORIGIN, 0));
        await pool.end();
      }
      return { name, adminUrl, appUrl: addressAs(adminUrl, login) };
    },
  };
}

/** Runs one statement as superuser. */
export async function run<Row extends pg.QueryResultRow>(url: string, statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
  }
}

/** What was written before is not paid for by what is measured next. */
export async function settle({ adminUrl }: LogDatabase): Promise<void> {
  await run(adminUrl, 'vacuum audit.unsealed');
  await run(adminUrl, 'checkpoint');
}
