import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import { type Config, readConfig } from '../../config.ts';
import { kyselyOn, openPool } from '../../db/connect.ts';
import type { OpenDatabase } from '../../db/open-database.ts';
import { readSecretKeys } from '../../secret-keys.ts';
import type { Command } from '../command.ts';
import { loadModules } from '../load-modules.ts';
import { openAuditLog } from '../open-audit-log.ts';
import { prepareDatabase } from '../prepare-database.ts';
import { describePeople } from '../print-people.ts';
import { requireWritableLog } from '../require-writable-log.ts';
import { seedConfigured } from '../seed-configured.ts';

export const seedCommand: Command = {
  name: 'seed',
  summary: 'Fills an empty database with the demo.',
  help: [
    'npm run -- sallyport seed',
    '',
    'Migrates, then writes the demo product and demo people into an empty database on this machine; SEED_TENANTS says how many tenants.',
    'A database that was seeded before is left as it is. One that holds anything else, or is on another machine, is refused.',
    'The people stand in DATA_DIR/demo-people.json.',
  ].join('\n'),
  async run(_words, write) {
    const config = { ...readConfig(), seed: 'demo' as const };
    const modules = await loadModules(config.modulesFile);
    const keys = await readSecretKeys(config);
    const database = await prepareDatabase(config, modules, { beside: true });
    try {
      await requireWritable(config, database, modules);
      const seeded = await seedConfigured(config, database, modules, keys);
      write(seeded ? 'The database was filled with the demo.\n' : 'The demo is in this database already. Nothing was changed.\n');
    } finally {
      await database.stop();
    }
    write(await describePeople(config.dataDirectory));
    return 0;
  },
};

async function requireWritable(config: Config, database: OpenDatabase, modules: readonly ModuleDeclaration[]): Promise<void> {
  const pool = openPool({ connectionString: database.appUrl, max: 2, applicationName: 'sallyport-cli' });
  try {
    const db = kyselyOn(pool);
    await requireWritableLog({ config, db, audit: await openAuditLog(db, modules, config.environment), command: 'seed' });
  } finally {
    await pool.end();
  }
}
