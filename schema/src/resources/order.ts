import { type RawBuilder, sql } from 'kysely';
import type { AnyResource } from '../vocabulary/define-module.ts';
import { fieldColumn, keyColumn } from './columns.ts';
import type { CursorValues } from './cursor.ts';

export interface OrderTerm {
  /** Declared field, or `id`. */
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

/** The order asked for, made total by the key; the resource's own where none is asked for. */
export function totalOrder(resource: AnyResource, asked: readonly OrderTerm[] | null | undefined): readonly OrderTerm[] {
  const terms = asked && asked.length > 0 ? [...asked] : [resource.defaultSort];
  const last = terms.at(-1)?.direction ?? 'asc';
  return terms.some((term) => term.field === 'id') ? terms : [...terms, { field: 'id', direction: last }];
}

/** The order in which a relation of kind `many` is answered: newest by the field it names, or as the related resource sorts itself. */
export const relatedOrder = (related: AnyResource, orderBy: string | undefined): OrderTerm => (orderBy ? { field: orderBy, direction: 'desc' } : related.defaultSort);

const expressionOf = (resource: AnyResource, alias: string, term: OrderTerm): RawBuilder<unknown> =>
  term.field === 'id' ? keyColumn(resource, alias) : fieldColumn(resource, term.field, alias);

/** PostgreSQL's own order of nulls: last ascending, first descending. */
export function orderClause(resource: AnyResource, alias: string, order: readonly OrderTerm[]): RawBuilder<unknown> {
  return sql.join(order.map((term) => sql`${expressionOf(resource, alias, term)} ${sql.raw(term.direction)}`));
}

/** Rows that come after the place which the cursor names. */
export function afterCondition(resource: AnyResource, alias: string, order: readonly OrderTerm[], values: CursorValues): RawBuilder<unknown> {
  const [first] = order;
  // One direction throughout and no null at the place: a row comparison, which an index can answer.
  if (first && values.every((value) => value !== null) && order.every((term) => term.direction === first.direction)) {
    const row = sql`(${sql.join(order.map((term) => expressionOf(resource, alias, term)))})`;
    const place = sql`(${sql.join(values)})`;
    if (first.direction === 'desc') return sql`${row} < ${place}`;
    if (order.length === 2) return sql`(${row} > ${place} or ${expressionOf(resource, alias, first)} is null)`;
  }
  const options = order.map((term, index) => {
    const equal = order.slice(0, index).map((earlier, at) => sql`${expressionOf(resource, alias, earlier)} is not distinct from ${values[at] ?? null}`);
    return sql`(${sql.join([...equal, beyond(expressionOf(resource, alias, term), term.direction, values[index] ?? null)], sql` and `)})`;
  });
  return sql`(${sql.join(options, sql` or `)})`;
}

function beyond(expression: RawBuilder<unknown>, direction: 'asc' | 'desc', value: string | number | boolean | null): RawBuilder<unknown> {
  if (direction === 'asc') return value === null ? sql`false` : sql`(${expression} > ${value} or ${expression} is null)`;
  return value === null ? sql`${expression} is not null` : sql`${expression} < ${value}`;
}
