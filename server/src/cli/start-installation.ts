import { once } from 'node:events';
import { createServer } from 'node:net';
import { createGateway, type Gateway } from '../app.ts';
import type { Config } from '../config.ts';
import { kyselyOn, openPool } from '../db/connect.ts';
import { assertAppRole } from '../db/guard.ts';
import type { OpenDatabase } from '../db/open-database.ts';
import { createLog } from '../kernel/log.ts';
import { readSecretKeys } from '../secret-keys.ts';
import { StartRefusal } from '../start-refusal.ts';
import { buildConsole, CONSOLE_FOLDER } from './build-console.ts';
import { loadModules } from './load-modules.ts';
import { openAnchors } from './open-anchors.ts';
import { prepareDatabase } from './prepare-database.ts';
import { describeInvitation, describePeople } from './print-people.ts';
import { seedConfigured } from './seed-configured.ts';
import { storePlaceOf } from './store-place.ts';

export interface Installation {
  readonly url: string;
  /** Ends the gateway (requests in flight first), then what it needed. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Whether to build the console where its sources changed. */
  readonly withConsole: boolean;
  /** Aborted by a signal; looked at between the steps, which undo themselves. */
  readonly interrupted: AbortSignal;
  readonly write: (text: string) => void;
}

/**
 * Everything behind `npm start`, in order: database, migrations, demo, console, gateway. What was started is stopped again when a later step fails.
 * @throws {StartRefusal} with a text for the operator.
 */
export async function startInstallation(config: Config, { withConsole, interrupted, write }: StartOptions): Promise<Installation> {
  await assertPortFree(config);
  const modules = await loadModules(config.modulesFile);
  const keys = await readSecretKeys(config);
  const database = await prepareDatabase(config, modules);
  const undo: (() => Promise<unknown>)[] = [() => database.stop()];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    if (database.migrated.length > 0) write(`Migrations landed: ${database.migrated.length}`);
    interrupted.throwIfAborted();
    const seeded = await seedConfigured(config, database, modules, keys);
    if (seeded) write('The database was filled with the demo.');
    interrupted.throwIfAborted();
    if (withConsole && (await buildConsole())) write('The console was built.');
    interrupted.throwIfAborted();
    const log = createLog(config.logLevel);
    const pool = openPool({
      connectionString: database.appUrl,
      max: config.databasePoolSize,
      applicationName: 'sallyport',
      onIdleError: () => log.warn('A database connection broke.'),
    });
    undo.push(async () => (pool.ended ? undefined : pool.end()));
    const db = kyselyOn(pool);
    await assertAppRole(db);
    const anchors = await openAnchors(config, db, keys, (line) => log.warn({ witness: line }, 'The local witness has something to say.'));
    undo.push(() => anchors.stop());
    const gateway = await createGateway({ config, pool, db, modules, keys, log, staticDirectory: CONSOLE_FOLDER, anchors: anchors.places, store: storePlaceOf(config) });
    undo.push(() => gateway.close());
    const { url } = await listen(gateway, config);
    write(await welcome(url, config, database, seeded));
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Tries the port before anything is written: a second copy should say so at once. Listening itself is tried again at the end. */
async function assertPortFree(config: Config): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(config.port, config.host);
    await once(probe, 'listening');
  } catch (error) {
    throw explain(error, config);
  } finally {
    probe.close();
  }
}

async function listen(gateway: Gateway, config: Config): Promise<{ url: string }> {
  try {
    return await gateway.listen();
  } catch (error) {
    throw explain(error, config);
  }
}

/** What the operating system answered to `listen`, in words. */
function explain(cause: unknown, { port, host }: Config): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new StartRefusal(`PORT ${port} of ${host} is taken by another program, perhaps another gateway. Stop that one, or choose another PORT.`, { cause });
  if (code === 'EACCES') return new StartRefusal(`PORT ${port} may not be used by this user. Choose one above 1023.`, { cause });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return new StartRefusal(`HOST ${host} is no address of this machine.`, { cause });
  return cause;
}

async function welcome(url: string, config: Config, database: OpenDatabase, seeded: boolean): Promise<string> {
  const people = config.seed === 'demo' ? await describePeople(config.dataDirectory) : '';
  const where = `\nSallyport is ready: ${config.publicUrl ?? url}\n`;
  if (people)
    return `${where}\n${people}\n${seeded ? await describeInvitation(config.dataDirectory, config.publicUrl ?? url) : ''}  Ctrl-C ends everything. The data stays in ${config.dataDirectory}.\n`;
  return `${where}\n  First administrator of an empty installation: npm run -- sallyport staff add-first-administrator --help\n${database.local ? '' : '  The database is on another machine.\n'}`;
}
