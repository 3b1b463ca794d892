import { type RawBuilder, sql } from 'kysely';
import { isNowhere, type TenantReach, type Viewer } from '../viewer.ts';
import type { AnyResource } from '../vocabulary/define-module.ts';
import type { KeyType } from '../vocabulary/define-resource.ts';
import type { Expression } from '../vocabulary/field.ts';
import { type Registry, resourceNamed } from './registry.ts';

/** Name of the column in which a field stands unless it says otherwise. */
export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const table = (resource: AnyResource, alias: string): RawBuilder<unknown> => sql`${sql.id(resource.table.schema, resource.table.name)} as ${sql.id(alias)}`;

export function column(spec: string | Expression, alias: string): RawBuilder<unknown> {
  return typeof spec === 'function' ? sql`(${spec(alias)})` : spec === 'xmin' ? sql`${sql.id(alias, 'xmin')}::text` : sql`${sql.id(alias, spec)}`;
}

/** The SQL of a declared field, to compare and to order by. Of a column of type date the cast is nothing; of a time it is the day. */
export function fieldColumn(resource: AnyResource, field: string, alias: string): RawBuilder<unknown> {
  const declaration = resource.fields[field];
  const plain = column(declaration?.column ?? snake(field), alias);
  return declaration?.type === 'date' ? sql`(${plain})::date` : plain;
}

/** The SQL of a declared field as it is answered: `FieldValue` says in what form. */
export function fieldAnswer(resource: AnyResource, field: string, alias: string): RawBuilder<unknown> {
  const plain = fieldColumn(resource, field, alias);
  return resource.fields[field]?.type === 'id' ? sql`(${plain})::text` : plain;
}

export const keyColumn = (resource: AnyResource, alias: string): RawBuilder<unknown> => sql`${sql.id(alias, resource.key.column)}`;

/** The SQL of a row's tenant; null where rows of the resource have none. */
export function tenantColumn(registry: Registry, resource: AnyResource, alias: string): RawBuilder<unknown> | null {
  const rule = resource.tenant;
  if ('none' in rule) return null;
  if ('self' in rule) return keyColumn(resource, alias);
  if (!('through' in rule)) return sql`${sql.id(alias, rule.column)}`;
  const parent = resourceNamed(registry, rule.through);
  const inner = `${alias}_${parent.name}`;
  const above = tenantColumn(registry, parent, inner);
  if (above === null) return null;
  return sql`(select ${above} from ${table(parent, inner)} where ${keyColumn(parent, inner)} = ${sql.id(alias, rule.column)})`;
}

/** Type of the column in which a row names its tenant. */
function tenantType(registry: Registry, resource: AnyResource): KeyType {
  const rule = resource.tenant;
  if ('through' in rule) return tenantType(registry, resourceNamed(registry, rule.through));
  return 'column' in rule && rule.type ? rule.type : registry.tenantKeyType;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INTEGER = /^-?(0|[1-9]\d{0,9})$/;

/** Whether a text can be a key of that type at all; what can't, names no row. */
export function isKey(type: KeyType, value: string): boolean {
  if (type === 'uuid') return UUID.test(value);
  if (type === 'integer') return INTEGER.test(value) && Math.abs(Number(value)) <= 2_147_483_647;
  return value.length <= 200 && !value.includes('\0');
}

/** A key as the database prints it: UUIDs mean the same in any case. */
export const canonicalKey = (type: KeyType, value: string): string => (type === 'uuid' ? value.toLowerCase() : value);

/**
 * The truth about rows: which of them lie within a reach. Rows without a tenant lie within
 * global reach only; a reach that is empty or names malformed tenants contains nothing. Where the resource
 * shows each viewer rows of their own, only those.
 */
export function within(registry: Registry, resource: AnyResource, alias: string, reach: TenantReach, viewer: Viewer): RawBuilder<unknown> {
  const reached = withinReach(registry, resource, alias, reach);
  return resource.visibleTo ? sql`(${reached} and (${resource.visibleTo(alias, viewer)}))` : reached;
}

/** What statements about a resource depend on, besides what is asked for: rights alone, or who exactly asks. */
export const statementOwner = (resource: AnyResource, viewer: Viewer): object => (resource.visibleTo ? viewer : viewer.rights);

function withinReach(registry: Registry, resource: AnyResource, alias: string, reach: TenantReach): RawBuilder<unknown> {
  if (reach === 'global') return sql`true`;
  const tenant = tenantColumn(registry, resource, alias);
  if (tenant === null || isNowhere(reach)) return sql`false`;
  const type = tenantType(registry, resource);
  const ids = [...reach].filter((id) => isKey(type, id));
  if (ids.length === 0) return sql`false`;
  // Of one tenant an index gives the rows in their order; of several it does not.
  return ids.length === 1 ? sql`${tenant} = ${ids[0]}::${sql.raw(type)}` : sql`${tenant} = any(${ids}::${sql.raw(type)}[])`;
}
