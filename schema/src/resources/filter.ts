import { type RawBuilder, sql } from 'kysely';
import { GatewayError } from '../errors.ts';
import { intersect, type TenantReach } from '../viewer.ts';
import type { AnyResource } from '../vocabulary/define-module.ts';
import type { FieldType } from '../vocabulary/field.ts';
import { canonicalKey, fieldColumn, isKey, keyColumn, tenantColumn } from './columns.ts';
import type { Registry } from './registry.ts';

/** A filter as GraphQL hands it over: validated in shape by the generated input type. */
export type FilterInput = Readonly<Record<string, unknown>>;

const MOST_CONDITIONS = 40;
const DEEPEST = 5;

/** Names of the declared fields that a filter touches, wherever they stand in it. `search` counts as its own. */
export function fieldsTouched(filter: FilterInput | null | undefined): { fields: Set<string>; searches: string[] } {
  const fields = new Set<string>();
  const searches: string[] = [];
  let conditions = 0;
  const visit = (node: FilterInput, depth: number): void => {
    if (depth > DEEPEST) throw badFilter('filter', `nested more than ${DEEPEST} deep`);
    for (const [name, value] of Object.entries(node)) {
      if (value === null || value === undefined) continue;
      if (++conditions > MOST_CONDITIONS) throw badFilter('filter', `more than ${MOST_CONDITIONS} conditions`);
      if (name === 'and' || name === 'or') for (const part of value as FilterInput[]) visit(part, depth + 1);
      else if (name === 'not') visit(value as FilterInput, depth + 1);
      else if (name === 'search') searches.push(value as string);
      else if (name !== 'id' && name !== 'tenantId') fields.add(name);
    }
  };
  if (filter) visit(filter, 0);
  return { fields, searches };
}

/**
 * The reach that remains when a filter itself names tenants: by `tenantId` (eq or in), or by `id` where the
 * row is the tenant; at the top or under `and`, where nothing can widen it again.
 */
export function narrowed(registry: Registry, reach: TenantReach, resource: AnyResource, filter: FilterInput | null | undefined): TenantReach {
  if (!filter) return reach;
  const tenants = (values: readonly string[]) => new Set(values.map((value) => canonicalKey(registry.tenantKeyType, value)));
  let result = reach;
  for (const name of 'self' in resource.tenant ? ['tenantId', 'id'] : ['tenantId']) {
    const own = filter[name] as { eq?: string | null; in?: string[] | null } | null | undefined;
    if (typeof own?.eq === 'string') result = intersect(result, tenants([own.eq]));
    if (Array.isArray(own?.in)) result = intersect(result, tenants(own.in));
  }
  for (const part of (filter['and'] as FilterInput[] | null | undefined) ?? []) result = narrowed(registry, result, resource, part);
  return result;
}

/**
 * A filter as SQL. Rights were settled before: every field touched may be read in every tenant
 * listed, except those that `searchable` offers, which bring their own row condition (C17).
 */
export function filterCondition(registry: Registry, resource: AnyResource, alias: string, filter: FilterInput, search: (text: string) => RawBuilder<unknown>): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [];
  for (const [name, value] of Object.entries(filter)) {
    if (value === null || value === undefined) continue;
    if (name === 'and') for (const part of value as FilterInput[]) parts.push(filterCondition(registry, resource, alias, part, search));
    else if (name === 'or') {
      const options = (value as FilterInput[]).map((part) => filterCondition(registry, resource, alias, part, search));
      parts.push(options.length === 0 ? sql`false` : sql`(${sql.join(options, sql` or `)})`);
    } else if (name === 'not') parts.push(sql`not coalesce(${filterCondition(registry, resource, alias, value as FilterInput, search)}, false)`);
    else if (name === 'search') parts.push(search(value as string));
    else parts.push(...operatorConditions(registry, resource, alias, name, value as FilterInput));
  }
  return parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`;
}

function operatorConditions(registry: Registry, resource: AnyResource, alias: string, name: string, operators: FilterInput): RawBuilder<unknown>[] {
  const isKeyField = name === 'id';
  const expression = isKeyField ? keyColumn(resource, alias) : name === 'tenantId' ? tenantColumn(registry, resource, alias) : fieldColumn(resource, name, alias);
  if (expression === null) return [];
  const keyType = isKeyField ? resource.key.type : name === 'tenantId' ? null : undefined;
  const type: FieldType = keyType === undefined ? (resource.fields[name]?.type ?? 'text') : 'id';
  // IDs are compared as text unless their type is known, so that a malformed one names no row instead of failing.
  const comparable = type === 'id' && !isKeyField ? sql`(${expression})::text` : expression;
  const conditions: RawBuilder<unknown>[] = [];
  for (const [operator, given] of Object.entries(operators)) {
    if (given === null || given === undefined) continue;
    const value = name === 'tenantId' ? canonical(registry, given) : given;
    conditions.push(condition(comparable, operator, value, isKeyField ? (text) => isKey(resource.key.type, text) : null, `filter.${name}.${operator}`));
  }
  return conditions;
}

/** Tenants named by `eq` or `in`; `isNull` brings no text. */
function canonical(registry: Registry, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => canonical(registry, item));
  return typeof value === 'string' ? canonicalKey(registry.tenantKeyType, value) : value;
}

function condition(expression: RawBuilder<unknown>, operator: string, value: unknown, accepts: ((text: string) => boolean) | null, path: string): RawBuilder<unknown> {
  // PostgreSQL has no text with a NUL in it; an ID that can't be one names no row.
  if (!accepts && [value].flat().some((item) => typeof item === 'string' && item.includes('\0'))) throw badFilter(path, 'holds a NUL character');
  switch (operator) {
    case 'eq':
      return accepts && !accepts(String(value)) ? sql`false` : sql`${expression} = ${value}`;
    case 'in': {
      const values = (value as unknown[]).filter((item) => !accepts || accepts(String(item)));
      if (values.length > 200) throw badFilter(path, 'more than 200 values');
      return values.length === 0 ? sql`false` : sql`${expression} in (${sql.join(values)})`;
    }
    case 'contains':
      return sql`${expression} ilike ${`%${likeLiteral(text(value, path))}%`}`;
    case 'startsWith':
      return sql`${expression} ilike ${`${likeLiteral(text(value, path))}%`}`;
    case 'gt':
      return sql`${expression} > ${value}`;
    case 'gte':
      return sql`${expression} >= ${value}`;
    case 'lt':
      return sql`${expression} < ${value}`;
    case 'lte':
      return sql`${expression} <= ${value}`;
    case 'isNull':
      return value === true ? sql`${expression} is null` : sql`${expression} is not null`;
    default:
      throw badFilter(path, 'unknown operator');
  }
}

function text(value: unknown, path: string): string {
  const result = String(value);
  if (result.length > 200) throw badFilter(path, 'longer than 200 characters');
  return result;
}

/** `%`, `_` and `\` stand for themselves. */
export const likeLiteral = (value: string): string => value.replace(/[\\%_]/g, (character) => `\\${character}`);

const badFilter = (path: string, message: string): GatewayError => new GatewayError('BAD_INPUT', undefined, { issues: [{ path, message }] });
