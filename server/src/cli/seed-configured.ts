import { join } from 'node:path';
import type { ModuleDeclaration } from '@sallyport/schema/vocabulary/define-module.ts';
import type { SecretKeys } from '../auth/sealed-secret.ts';
import { seedDemoStaff } from '../auth/seed-demo-staff.ts';
import { type Config, publicUrlOf } from '../config.ts';
import { kyselyOn, openPool } from '../db/connect.ts';
import type { OpenDatabase } from '../db/open-database.ts';
import { OWNER_ROLE } from '../db/roles.ts';
import { StartRefusal } from '../start-refusal.ts';
import { DEMO_SEED_NUMBER, seedDemo } from './seed-demo.ts';

/** Seeds as SEED says. @returns whether the demo was written now. */
export async function seedConfigured(config: Config, database: OpenDatabase, modules: readonly ModuleDeclaration[], keys: SecretKeys): Promise<boolean> {
  if (config.seed === 'none') return false;
  if (database.ownerUrl === null) throw new StartRefusal('SEED=demo needs DATABASE_URL: the serving login alone may not fill the database.');
  const pool = openPool({ connectionString: database.ownerUrl, max: 1, applicationName: 'sallyport-seed', role: OWNER_ROLE, statementTimeoutMs: 0 });
  try {
    return await seedDemo(kyselyOn(pool), {
      modules,
      local: database.local,
      options: { tenants: config.seedTenants, seed: DEMO_SEED_NUMBER },
      seedStaff: (db, tenantIds) => seedDemoStaff(db, { tenantIds, keys, path: join(config.dataDirectory, 'demo-people.json'), publicUrl: publicUrlOf(config) }),
    });
  } finally {
    await pool.end();
  }
}
