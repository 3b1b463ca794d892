import type { Tx } from '@sallyport/schema/ports.ts';
import { fieldColumn, isKey, keyColumn, snake, table } from '@sallyport/schema/resources/columns.ts';
import type { AnyResource } from '@sallyport/schema/vocabulary/define-module.ts';
import { sql } from 'kysely';

/** Whether the product has the record. */
export async function isRecordThere(tx: Tx, resource: AnyResource, id: string): Promise<boolean> {
  if (!isKey(resource.key.type, id)) return false;
  const { rows } = await sql`select from ${table(resource, 'r')} where ${keyColumn(resource, 'r')} = ${id}::${sql.raw(resource.key.type)}`.execute(tx);
  return rows.length > 0;
}

/**
 * Puts what the resource declares in place of a record's personal values, in its own table.
 * @returns whether anything of it was still another value.
 * @throws {TypeError} for a resource that declares nothing.
 */
export async function replaceValues(tx: Tx, resource: AnyResource, id: string): Promise<boolean> {
  if (!resource.erasure) throw new TypeError(`${resource.name} does not say what stands in place of what is erased`);
  const replaced = Object.entries(resource.erasure).map(([field, replacement]) => ({
    // Declared to be plain columns: what names one in an expression names it in an assignment too.
    assigned: sql.id(columnOf(resource, field)),
    current: fieldColumn(resource, field, 'r'),
    value: sql`${replacement === null ? null : replacement.replaceAll('{id}', id)}`,
  }));
  const assignments = sql.join(replaced.map(({ assigned, value }) => sql`${assigned} = ${value}`));
  const differs = sql.join(
    replaced.map(({ current, value }) => sql`${current}::text is distinct from ${value}::text`),
    sql` or `,
  );
  const { rows } = await sql`
    update ${table(resource, 'r')} set ${assignments} where ${keyColumn(resource, 'r')} = ${id}::${sql.raw(resource.key.type)} and (${differs}) returning 1`.execute(tx);
  return rows.length > 0;
}

/** What the database says where other rows hang on a row, and where the role may not delete there. */
const HELD = new Set(['23503', '23001', '42501']);

/** Takes a record out of the product, within the transaction and leaving it usable whatever becomes of it. */
export async function deleteRecord(tx: Tx, resource: AnyResource, id: string): Promise<'deleted' | 'absent' | 'held'> {
  if (!isKey(resource.key.type, id)) return 'absent';
  const savepoint = sql.id('sallyport_delete');
  await sql`savepoint ${savepoint}`.execute(tx);
  try {
    const { rows } = await sql`delete from ${table(resource, 'r')} where ${keyColumn(resource, 'r')} = ${id}::${sql.raw(resource.key.type)} returning 1`.execute(tx);
    await sql`release savepoint ${savepoint}`.execute(tx);
    return rows.length > 0 ? 'deleted' : 'absent';
  } catch (fault) {
    const state = fault instanceof Error ? (fault as { code?: unknown }).code : null;
    if (typeof state !== 'string' || !HELD.has(state)) throw fault;
    await sql`rollback to savepoint ${savepoint}`.execute(tx);
    return 'held';
  }
}

function columnOf(resource: AnyResource, field: string): string {
  const declared = resource.fields[field]?.column;
  if (typeof declared === 'function') throw new TypeError(`${resource.name}.${field} is no column`);
  return declared ?? snake(field);
}
