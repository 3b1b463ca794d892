import { readConfig } from '../../config.ts';
import type { Command } from '../command.ts';
import { loadModules } from '../load-modules.ts';
import { prepareDatabase } from '../prepare-database.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'Brings the database to the state of this version.',
  help: [
    'npm run -- sallyport migrate',
    '',
    'Runs the migrations that the database does not have yet, each in a transaction of its own, as sallyport_owner.',
    'DATABASE_URL has to be a login that may migrate; without it, the embedded database of DATA_DIR is meant.',
    'Refuses when a migration that has landed was changed, and when the database is newer than this version.',
  ].join('\n'),
  async run(_words, write) {
    const config = readConfig();
    const database = await prepareDatabase(config, await loadModules(config.modulesFile), { beside: true });
    await database.stop();
    write(database.migrated.length === 0 ? 'The database is up to date.' : `Landed:\n${database.migrated.map((name) => `  ${name}`).join('\n')}`);
    return 0;
  },
};
