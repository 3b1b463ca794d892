import { fieldColumn, keyColumn, table } from '@sallyport/schema/resources/columns.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { AnyResource } from '@sallyport/schema/vocabulary/define-module.ts';
import { type Kysely, sql } from 'kysely';

/** One changed field of one record, as the database tells it. */
export interface FieldDifference {
  readonly resource: AnyResource;
  readonly id: string;
  readonly field: string;
  /** Undefined where the record did not exist. */
  readonly before: unknown;
  readonly after: unknown;
}

type Fields = Readonly<Record<string, unknown>>;
/** `resource` → ID → declared fields that are columns. */
export type FieldDump = ReadonlyMap<string, ReadonlyMap<string, Fields>>;

/** Names of fields that are columns; what is computed from other rows changes without anybody having written it. */
export const storedFields = (resource: AnyResource): readonly string[] => Object.keys(resource.fields).filter((name) => typeof resource.fields[name]?.column !== 'function');

/** All declared columns of all records of the product, as the owner sees them. The log itself is left out. */
export async function dumpFields(owner: Kysely<unknown>, registry: Registry): Promise<FieldDump> {
  const dump = new Map<string, ReadonlyMap<string, Fields>>();
  for (const resource of registry.resources.values()) {
    if (resource.table.schema === 'audit' && resource.table.name === 'event') continue;
    const columns = sql.join([
      sql`${keyColumn(resource, 'r')}::text as "$id"`,
      ...storedFields(resource).map((name) => sql`${fieldColumn(resource, name, 'r')} as ${sql.id(name)}`),
    ]);
    const { rows } = await sql<Record<string, unknown>>`select ${columns} from ${table(resource, 'r')}`.execute(owner);
    dump.set(resource.name, new Map(rows.map(({ $id, ...fields }) => [String($id), fields])));
  }
  return dump;
}

export function differences(registry: Registry, before: FieldDump, after: FieldDump): readonly FieldDifference[] {
  const found: FieldDifference[] = [];
  for (const [name, now] of after) {
    const resource = registry.resources.get(name);
    const then = before.get(name);
    if (!resource || !then) continue;
    for (const id of new Set([...then.keys(), ...now.keys()])) {
      for (const field of storedFields(resource)) {
        const [was, is] = [then.get(id)?.[field], now.get(id)?.[field]];
        if (JSON.stringify(was ?? null) !== JSON.stringify(is ?? null)) found.push({ resource, id, field, before: was, after: is });
      }
    }
  }
  return found;
}
