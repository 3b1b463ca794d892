import { productModules } from '@sallyport/schema/index.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import { fieldColumn, keyColumn, table, tenantColumn } from '@sallyport/schema/resources/columns.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import type { ActionDeclaration, ActionEffect } from '@sallyport/schema/vocabulary/define-action.ts';
import type { AnyResource } from '@sallyport/schema/vocabulary/define-module.ts';
import { tenantFacts } from '@sallyport/server/gates/tenant-facts.ts';
import { type Kysely, sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { NO_SERVICES } from '../../helpers/services.ts';
import { viewerHolding } from '../../helpers/viewers.ts';

export const demoRegistry = registerModules(productModules);
export const CORRELATION = '018f5a7e-0000-7000-8000-00000000c0de';

/** A database of its own with a small demo company in it. */
export async function openDemoCompany(tenants = 40): Promise<TestDatabase> {
  const database = await createTestDatabase();
  for (const module of productModules) await module.seed?.(database.app, { tenants, seed: 2026 });
  return database;
}

const somebody = viewerHolding(demoRegistry);

/** Where the product's rows have been changed and are to be looked at before they vanish. */
export type LookInside = (tx: Tx, effect: ActionEffect) => Promise<void>;

/**
 * Runs an action's effect alone, without the door: the locked row as the door would hand it over, then `run`,
 * then a look inside the same transaction, which is rolled back.
 */
export async function runEffect(
  db: Kysely<unknown>,
  action: ActionDeclaration,
  id: string,
  input: Readonly<Record<string, unknown>>,
  look: LookInside = async () => undefined,
): Promise<ActionEffect> {
  const tx = await db.startTransaction().execute();
  try {
    const effect = await action.run(tx, await factsFor(tx, action, id, input), NO_SERVICES);
    await look(tx, effect);
    return effect;
  } finally {
    await tx.rollback().execute();
  }
}

export async function factsFor(
  tx: Kysely<unknown>,
  action: ActionDeclaration,
  id: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Parameters<ActionDeclaration['run']>[1]> {
  const { row, tenantId, now } = await readRow(tx, action.on, id);
  const parsed = { id, values: input, reason: 'A test', ticket: 'TEST-1', expectedVersion: null, preview: false };
  const tenants = await tenantFacts(tx as Tx, demoRegistry, action, parsed, tenantId);
  const { roles } = demoRegistry;
  const said = { reason: parsed.reason, ticket: parsed.ticket, correlationId: CORRELATION, now };
  return { target: row, tenantId, tenants, input, viewer: somebody, approval: null, roles, ...said } as Parameters<ActionDeclaration['run']>[1];
}

async function readRow(tx: Kysely<unknown>, resource: AnyResource, id: string): Promise<{ row: Record<string, unknown>; tenantId: string; now: string }> {
  const fields = Object.keys(resource.fields).map((name) => sql`${fieldColumn(resource, name, 'r')} as ${sql.id(name)}`);
  const { rows } = await sql<Record<string, unknown>>`
    select ${sql.join([sql`${keyColumn(resource, 'r')}::text as id`, ...fields, sql`${tenantColumn(demoRegistry, resource, 'r')} as "$tenant", now() as "$now"`])}
    from ${table(resource, 'r')} where ${keyColumn(resource, 'r')} = ${id} for update of r`.execute(tx);
  const { $tenant, $now, ...row } = rows[0] ?? {};
  return { row, tenantId: String($tenant), now: String($now) };
}

/** One row of one column set; fails when there is none. */
export async function readOne<T>(db: Kysely<unknown>, query: ReturnType<typeof sql<T>>): Promise<T> {
  const { rows } = await query.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('the demo company has no such row');
  return row;
}
