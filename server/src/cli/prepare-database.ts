import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import type { Config } from '../config.ts';
import { CORE_MIGRATIONS, type MigrationFolder } from '../db/migrate.ts';
import { type OpenDatabase, openDatabase } from '../db/open-database.ts';

/** Opens the configured database and brings it to the state of the gateway and of its modules. */
export async function prepareDatabase(config: Config, modules: readonly ModuleDeclaration[], { beside = false } = {}): Promise<OpenDatabase> {
  return openDatabase(config, { folders: migrationFolders(modules), beside });
}

/** The gateway's own migrations, then those that modules bring along. */
export function migrationFolders(modules: readonly ModuleDeclaration[]): readonly MigrationFolder[] {
  const brought = modules.flatMap(({ name, migrations }) =>
    migrations === undefined ? [] : [{ name, url: new URL(migrations.href.endsWith('/') ? migrations : `${migrations.href}/`) }],
  );
  return [CORE_MIGRATIONS, ...brought];
}
