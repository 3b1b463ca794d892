import type { Tx } from '@sallyport/schema/ports.ts';
import { column, fieldAnswer, isKey, keyColumn, statementOwner, table, tenantColumn, within } from '@sallyport/schema/resources/columns.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import { ASKED_VALUE, createMemory, withValue } from '@sallyport/schema/resources/remembered-statement.ts';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import type { AnyResource } from '@sallyport/schema/vocabulary/define-module.ts';
import { type CompiledQuery, type RawBuilder, sql } from 'kysely';

/** A target row in full, as the server needs it to decide; what of it anybody sees is settled elsewhere. */
export interface TargetRow {
  readonly id: string;
  readonly tenantId: string | null;
  readonly version: string | null;
  /** Time of reading by the database's clock, ISO 8601. */
  readonly now: string;
  /** Whether the row is among those on which this viewer may do the act at all. */
  readonly offered: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

const BOOKKEEPING = { id: '$id', tenantId: '$tenantId', version: '$version', now: '$now', offered: '$offered' } as const;

function selectRow(registry: Registry, resource: AnyResource, offered: RawBuilder<unknown>) {
  const tenant = tenantColumn(registry, resource, 'r');
  return sql.join([
    sql`${keyColumn(resource, 'r')}::text as ${sql.id(BOOKKEEPING.id)}`,
    tenant === null ? sql`null as ${sql.id(BOOKKEEPING.tenantId)}` : sql`(${tenant})::text as ${sql.id(BOOKKEEPING.tenantId)}`,
    resource.version ? sql`(${column(resource.version.column, 'r')})::text as ${sql.id(BOOKKEEPING.version)}` : sql`null as ${sql.id(BOOKKEEPING.version)}`,
    sql`clock_timestamp() as ${sql.id(BOOKKEEPING.now)}`,
    sql`coalesce((${offered}), false) as ${sql.id(BOOKKEEPING.offered)}`,
    ...Object.keys(resource.fields).map((name) => sql`${fieldAnswer(resource, name, 'r')} as ${sql.id(name)}`),
  ]);
}

function targetOf(row: Readonly<Record<string, unknown>> | undefined): TargetRow | null {
  if (!row) return null;
  const { [BOOKKEEPING.id]: id, [BOOKKEEPING.tenantId]: tenantId, [BOOKKEEPING.version]: version, [BOOKKEEPING.now]: now, [BOOKKEEPING.offered]: offered, ...fields } = row;
  return { id: id as string, tenantId: tenantId as string | null, version: version as string | null, now: now as string, offered: offered === true, fields };
}

/** What stands in for the record of an act that makes one. */
export async function noTargetYet(tx: Tx, tenantId: string | null): Promise<TargetRow> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp() as now`.execute(tx);
  return { id: '', tenantId, version: null, now: rows[0]?.now ?? '', offered: true, fields: {} };
}

interface LockStatements {
  /** Null where the row itself holds all that is decided on. */
  readonly lock: CompiledQuery | null;
  readonly read: CompiledQuery;
}

const lockStatements = createMemory<LockStatements>();
const rereadStatements = createMemory<CompiledQuery>();
const EVERYWHERE = {};

/**
 * Finds the row as this viewer may see it and locks it for the rest of the transaction. Null where it is
 * absent or hidden: the caller can't tell which.
 */
export async function lockTarget(tx: Tx, registry: Registry, action: ActionDeclaration, id: string, reach: TenantReach, viewer: Viewer): Promise<TargetRow | null> {
  const resource = action.on;
  if (!isKey(resource.key.type, id)) return null;
  const { lock, read } = lockStatements(
    [registry, action, reach === 'global' ? EVERYWHERE : reach, action.onRows ? viewer : resource.visibleTo ? statementOwner(resource, viewer) : EVERYWHERE],
    () => {
      const visible = sql`${table(resource, 'r')} where ${keyColumn(resource, 'r')} = ${ASKED_VALUE} and ${within(registry, resource, 'r', reach, viewer)} for update of r`;
      return {
        lock: looksAtOtherRows(resource) ? sql`select 1 from ${visible}`.compile(tx) : null,
        read: sql`select ${selectRow(registry, resource, action.onRows?.('r', viewer) ?? sql`true`)} from ${visible}`.compile(tx),
      };
    },
  );
  // Where the lock had to be waited for, PostgreSQL reads this row anew but not what its expressions say of others: those are asked once it is held.
  if (lock) await tx.executeQuery(withValue(lock, id));
  const found = await tx.executeQuery<Record<string, unknown>>(withValue(read, id));
  return targetOf(found.rows[0]);
}

/** Whether anything that is decided on may come from rows that this row's lock does not hold still. */
const looksAtOtherRows = (resource: AnyResource): boolean =>
  typeof resource.version?.column === 'function' || 'through' in resource.tenant || Object.values(resource.fields).some((field) => typeof field.column === 'function');

/** The row as it stands after the effect, inside the same transaction; null where the effect removed it. */
export async function rereadTarget(tx: Tx, registry: Registry, resource: AnyResource, id: string): Promise<TargetRow | null> {
  const statement = rereadStatements([registry, resource], () =>
    sql`select ${selectRow(registry, resource, sql`true`)} from ${table(resource, 'r')} where ${keyColumn(resource, 'r')} = ${ASKED_VALUE}`.compile(tx),
  );
  const found = await tx.executeQuery<Record<string, unknown>>(withValue(statement, id));
  return targetOf(found.rows[0]);
}
