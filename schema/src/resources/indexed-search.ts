import { type RawBuilder, sql } from 'kysely';
import type { TenantReach } from '../viewer.ts';
import type { AnyResource } from '../vocabulary/define-module.ts';
import type { SearchIndex } from '../vocabulary/define-resource.ts';
import type { CursorValues } from './cursor.ts';
import type { FilterInput } from './filter.ts';
import type { OrderTerm } from './order.ts';
import { searchQueryOf, tenantWord } from './search-words.ts';

/** What is found and then judged in the table itself, at most: beyond it, the search has to be narrowed. */
export const MOST_CANDIDATES = 10_000;
/** What is found by words is counted up to this number: to count is to look at each. */
export const MOST_COUNTED = 1_000;
/** More tenants than this are told apart row by row. */
const MOST_TENANTS_SOUGHT = 50;

/** The texts sought at the top of a filter or under `and`, and what else it says: rows are found by the texts, then judged by the rest. */
export function splitSearches(filter: FilterInput): { readonly texts: readonly string[]; readonly rest: FilterInput } {
  const texts: string[] = [];
  const without = (node: FilterInput): FilterInput => {
    const { search, and, ...others } = node;
    if (typeof search === 'string') texts.push(search);
    return Array.isArray(and) ? { ...others, and: (and as FilterInput[]).map(without) } : others;
  };
  const rest = without(filter);
  return { texts, rest };
}

type Operators = Readonly<Record<string, unknown>>;
const isAbsent = (value: unknown): boolean => value === null || value === undefined;
const hasOnly = (operators: Operators, names: readonly string[]): boolean => Object.entries(operators).every(([name, value]) => isAbsent(value) || names.includes(name));

/** Whether the index alone tells which rows fit: a filter by nothing but tenants, which the reach has taken in, and by time. */
export const needsNoTable = (index: SearchIndex, filter: FilterInput): boolean =>
  Object.entries(filter).every(([name, value]) => {
    if (isAbsent(value)) return true;
    if (name === 'and') return (value as FilterInput[]).every((part) => needsNoTable(index, part));
    if (name === 'tenantId') return hasOnly(value as Operators, ['eq', 'in']);
    return name === index.orderedBy && hasOnly(value as Operators, ['gt', 'gte', 'lt', 'lte']);
  });

/** Bounds of time at the top of a filter or under `and`: from the first, not among them the second. Times have microseconds. */
function boundsOf(index: SearchIndex, filter: FilterInput): { readonly since: RawBuilder<unknown>[]; readonly until: RawBuilder<unknown>[] } {
  const own = (isAbsent(filter[index.orderedBy]) ? {} : filter[index.orderedBy]) as Operators;
  const parts = ((filter['and'] ?? []) as FilterInput[]).map((part) => boundsOf(index, part));
  const at = (operator: string, next: boolean): RawBuilder<unknown>[] =>
    isAbsent(own[operator]) ? [] : [next ? sql`${own[operator]}::timestamptz + interval '1 microsecond'` : sql`${own[operator]}::timestamptz`];
  return {
    since: [...at('gte', false), ...at('gt', true), ...parts.flatMap(({ since }) => since)],
    until: [...at('lt', false), ...at('lte', true), ...parts.flatMap(({ until }) => until)],
  };
}

/** Whether the index has its rows in this order. */
export const isOrderOfIndex = (index: SearchIndex, order: readonly OrderTerm[]): boolean =>
  order.length === 2 && order[0]?.field === index.orderedBy && order[1]?.field === 'id' && order[0].direction === order[1].direction;

export interface Sought {
  readonly texts: readonly string[];
  readonly rest: FilterInput;
  readonly reach: TenantReach;
  readonly order: readonly OrderTerm[];
}

/** Rows of the index, in its order, that hold everything sought and lie within the reach: at most so many, beyond a place of the list. */
export function foundRows(index: SearchIndex, { texts, rest, reach, order }: Sought, place: CursorValues | null, most: number): RawBuilder<unknown> {
  const queries = texts.map(searchQueryOf);
  const tenants = reach === 'global' ? null : [...reach];
  const words = queries.map((query) => `(${query})`);
  if (tenants && tenants.length <= MOST_TENANTS_SOUGHT) words.push(`(${tenants.map(tenantWord).join(' | ')})`);
  const { since, until } = boundsOf(index, rest);
  const one = (name: 'greatest' | 'least', bounds: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
    bounds.length === 0 ? sql`null` : sql`${sql.raw(name)}(${sql.join(bounds)})`;
  // A text without a word in it is found nowhere.
  const limit = queries.includes(null) || tenants?.length === 0 ? 0 : most;
  return sql`${sql.id(index.find.schema, index.find.name)}(${queries.includes(null) ? '' : words.join(' & ')}::tsquery, ${tenants}::text[], ${one('greatest', since)}, ${one('least', until)},
    ${place?.[0] ?? null}::timestamptz, ${place?.[1] ?? null}::uuid, ${order[0]?.direction === 'desc'}::boolean, ${limit}::integer) as s`;
}

/** Each of them in the table itself. The limit keeps the planner to looking them up one by one. */
export const withTable = (resource: AnyResource, index: SearchIndex, found: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`${found} cross join lateral (select * from ${sql.id(resource.table.schema, resource.table.name)} as whole where ${sameRow(index, 'whole', 's')} limit 1) as r`;

const sameRow = (index: SearchIndex, one: string, other: string): RawBuilder<unknown> =>
  sql.join(
    index.joinedBy.map((name) => sql`${sql.id(one, name)} = ${sql.id(other, name)}`),
    sql` and `,
  );

/** The same as a condition on a row of the table, wherever in a filter it stands. */
export function isFoundByWords(index: SearchIndex, text: string): RawBuilder<unknown> {
  const query = searchQueryOf(text);
  if (query === null) return sql`false`;
  const entry = sql`${sql.id(index.table.schema, index.table.name)} as ${sql.id('entry')}`;
  return sql`exists (select from ${entry} where ${sameRow(index, 'entry', 'r')} and ${sql.id('entry', index.words)} @@ ${query}::tsquery)`;
}
