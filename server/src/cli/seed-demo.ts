import type { ModuleDeclaration, SeedOptions } from '@sallyport/schema/vocabulary/define-module.ts';
import { type Kysely, sql } from 'kysely';
import { StartRefusal } from '../start-refusal.ts';

export interface DemoSeed {
  readonly modules: readonly ModuleDeclaration[];
  readonly options: SeedOptions;
  /** Whether the database is on this machine. */
  readonly local: boolean;
  /** Writes the demo people, who work for these tenants. */
  readonly seedStaff: (db: Kysely<unknown>, tenantIds: readonly string[]) => Promise<unknown>;
}

/** Name of the row of gateway.installation that says that this database was seeded. */
const MARK = 'demo-seed';

/** Generation is fixed: the same rows on every machine. */
export const DEMO_SEED_NUMBER = 20_261_121;

/**
 * Fills an empty database with the demo: rows of every module, then people. All of it in one transaction, once; a database that was
 * seeded before is left as it is.
 * @param owner acts as `sallyport_owner`.
 * @returns whether it was seeded now.
 * @throws {StartRefusal} when the database is elsewhere, or holds people or rows that the demo did not write.
 */
export async function seedDemo(owner: Kysely<unknown>, { modules, options, local, seedStaff }: DemoSeed): Promise<boolean> {
  return owner.transaction().execute(async (tx) => {
    // Of two that start at once on one database, the second waits, then finds it seeded.
    await sql`select pg_advisory_xact_lock(7251003)`.execute(tx);
    if (await isSeeded(tx)) return false;
    if (!local) throw new StartRefusal('SEED=demo writes people whose passwords stand in a file: not into a database on another machine. Set SEED=none.');
    await assertEmpty(tx, modules);
    for (const module of modules) await module.seed?.(tx, options);
    await seedStaff(tx, await readTenantIds(tx, modules));
    await sql`insert into gateway.installation (name, value) values (${MARK}, ${JSON.stringify({ ...options })}::jsonb)`.execute(tx);
    return true;
  });
}

/** Whether the demo was written into this database. */
export async function isSeeded(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql`select 1 from gateway.installation where name = ${MARK}`.execute(db);
  return rows.length > 0;
}

/** The tables that the demo is going to write, or to make, and the people. What other tables hold (a database that was there before) is none of its business. */
async function assertEmpty(db: Kysely<unknown>, modules: readonly ModuleDeclaration[]): Promise<void> {
  const written = modules.filter((module) => module.seed).flatMap((module) => module.resources.map((resource) => resource.table));
  for (const { schema, name } of [{ schema: 'gateway', name: 'staff' }, ...written]) {
    const { rows: tables } = await sql`select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${schema} and c.relname = ${name}`.execute(db);
    if (tables.length === 0) continue;
    const { rows } = await sql`select 1 from ${sql.id(schema, name)} limit 1`.execute(db);
    if (rows.length > 0) throw new StartRefusal(`SEED=demo needs an empty database, and ${schema}.${name} of this one holds rows that the demo did not write. Set SEED=none.`);
  }
}

/** IDs of the first tenants, by the resource that is the tenant itself. */
async function readTenantIds(db: Kysely<unknown>, modules: readonly ModuleDeclaration[]): Promise<readonly string[]> {
  const tenant = modules.flatMap((module) => module.resources).find((resource) => 'self' in resource.tenant);
  if (!tenant) return [];
  const key = sql.id(tenant.key.column);
  const { rows } = await sql<{ id: string }>`select ${key}::text as id from ${sql.id(tenant.table.schema, tenant.table.name)} order by ${key} limit 100`.execute(db);
  return rows.map(({ id }) => id);
}
