import pg from 'pg';
import type { Config } from '../config.ts';
import { migrateJobs } from '../jobs/migrate-jobs.ts';
import { StartRefusal } from '../start-refusal.ts';
import { ensureDatabase, findRunningEmbedded, startEmbedded } from './embedded.ts';
import { CORE_MIGRATIONS, type MigrationFolder, migrate } from './migrate.ts';
import { addressAs, ensureServingLogin, readServingLogin } from './roles.ts';

/** The database of this installation, ready to be used. */
export interface OpenDatabase {
  /** A login that may act as owner; null where only DATABASE_APP_URL was given. */
  readonly ownerUrl: string | null;
  /** The login that the gateway serves with. */
  readonly appUrl: string;
  /** Whether it is on this machine. */
  readonly local: boolean;
  /** Migrations that were run just now. */
  readonly migrated: readonly string[];
  /** Stops what was started; nothing to stop for a database that is not ours. */
  stop(): Promise<void>;
}

export interface OpenDatabaseOptions {
  readonly folders?: readonly MigrationFolder[];
  /** Use the embedded database of a gateway that is running now, instead of refusing. For the command line. */
  readonly beside?: boolean;
}

const DATABASE = 'sallyport';
const OLDEST_VERSION = 150_000;

/**
 * Starts the embedded database or reaches the one of DATABASE_URL, migrates it and makes the serving login.
 * @throws {StartRefusal} when it can't be reached, is too old, may not be migrated or is in use.
 */
export async function openDatabase(config: Config, options: OpenDatabaseOptions = {}): Promise<OpenDatabase> {
  if (config.databaseUrl === null && config.databaseAppUrl !== null) return openAsIs(config.databaseAppUrl);
  const { ownerUrl, stop } = await findOwnerUrl(config, options.beside ?? false);
  try {
    await assertVersion('DATABASE_URL', ownerUrl);
    const migrated = await migrate(ownerUrl, options.folders ?? [CORE_MIGRATIONS]);
    await migrateJobs(ownerUrl);
    const appUrl = config.databaseAppUrl ?? (await makeServingLogin(ownerUrl, config.dataDirectory));
    return { ownerUrl, appUrl, local: isLocal(ownerUrl), migrated, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findOwnerUrl(config: Config, beside: boolean): Promise<{ ownerUrl: string; stop(): Promise<void> }> {
  const nothing = async (): Promise<void> => undefined;
  if (config.databaseUrl !== null) return { ownerUrl: config.databaseUrl, stop: nothing };
  const running = beside ? await findRunningEmbedded(config.dataDirectory, DATABASE) : null;
  if (running !== null) return { ownerUrl: running, stop: nothing };
  const embedded = await startEmbedded(config.dataDirectory);
  return { ownerUrl: await ensureDatabase(embedded, DATABASE), stop: () => embedded.stop() };
}

async function openAsIs(appUrl: string): Promise<OpenDatabase> {
  await assertVersion('DATABASE_APP_URL', appUrl);
  return { ownerUrl: null, appUrl, local: isLocal(appUrl), migrated: [], stop: async () => undefined };
}

async function makeServingLogin(ownerUrl: string, dataDirectory: string): Promise<string> {
  const login = await readServingLogin(dataDirectory);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'sallyport-migrate' });
  await client.connect();
  try {
    await ensureServingLogin(client, login);
  } finally {
    await client.end();
  }
  return addressAs(ownerUrl, login);
}

async function assertVersion(variable: string, connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: 'sallyport-migrate', connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (cause) {
    // The driver's own message may hold the address; its code does not.
    const { code } = cause as { code?: string };
    throw new StartRefusal(`${variable}: the database can't be reached or refuses this login (${code ?? 'no answer'}).`, { cause });
  }
  try {
    const { rows } = await client.query<{ version: number }>(`select current_setting('server_version_num')::int as version`);
    if ((rows[0]?.version ?? 0) < OLDEST_VERSION) throw new StartRefusal(`${variable}: this PostgreSQL is too old. 15 or newer is needed.`);
  } finally {
    await client.end();
  }
}

/** A loopback address or a socket of this machine. */
function isLocal(connectionString: string): boolean {
  const url = new URL(connectionString);
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  return host === '' || host.startsWith('/') || host === 'localhost' || host === '[::1]' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
