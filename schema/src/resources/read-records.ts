import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { GatewayError } from '../errors.ts';
import type { RequestContext } from '../ports.ts';
import { covers, intersect, isNowhere, reachOf, type TenantReach, type Viewer } from '../viewer.ts';
import type { AnyResource } from '../vocabulary/define-module.ts';
import type { SearchIndex } from '../vocabulary/define-resource.ts';
import { fieldAnswer, fieldColumn, isKey, keyColumn, statementOwner, table, tenantColumn, within } from './columns.ts';
import { type CursorScope, type CursorValues, openCursor, sealCursor } from './cursor.ts';
import { type FilterInput, fieldsTouched, filterCondition, likeLiteral, narrowed } from './filter.ts';
import { foundRows, isFoundByWords, isOrderOfIndex, MOST_CANDIDATES, MOST_COUNTED, needsNoTable, type Sought, splitSearches, withTable } from './indexed-search.ts';
import { afterCondition, type OrderTerm, orderClause, totalOrder } from './order.ts';
import { noteFetched, offersByRow, type Projection, project, type ResourceRow } from './projection.ts';
import type { Registry } from './registry.ts';
import { ASKED_VALUE, createMemory, withValue } from './remembered-statement.ts';
import type { Selection } from './selection.ts';

export interface ListArguments {
  readonly filter?: FilterInput | null;
  readonly orderBy?: readonly OrderTerm[] | null;
  readonly first?: number | null;
  readonly after?: string | null;
  readonly offset?: number | null;
}

export interface ListResult {
  readonly rows: readonly ResourceRow[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly totalCount: number | null;
  /** Whether `totalCount` is all; else there are more than it says. */
  readonly totalIsExact: boolean;
  /** Makes the cursor of a row; only where cursors were asked for. */
  readonly cursorOf: (row: ResourceRow) => string;
}

export const PAGE_SIZE = 25;
export const LARGEST_PAGE = 100;
export const DEEPEST_OFFSET = 100_000;

/** The viewer of a request that may only be made signed in. @throws {GatewayError} UNAUTHENTICATED. */
export function requireViewer(context: RequestContext): Viewer {
  if (!context.viewer) throw new GatewayError('UNAUTHENTICATED');
  return context.viewer;
}

/** Where rows of the resource exist for the viewer. @throws {GatewayError} FORBIDDEN where nowhere. */
export function baseReach(context: RequestContext, resource: AnyResource): TenantReach {
  const reach = reachOf(requireViewer(context), resource.read);
  if (isNowhere(reach)) throw refused(context, resource.read.name, resource.plural);
  return reach;
}

const oneStatements = createMemory<{ readonly projection: Projection; readonly statement: CompiledQuery }>();

/** One record, or null where it is absent or hidden: the two are the same to the caller (C03). */
export async function readOne(registry: Registry, resource: AnyResource, id: string, selection: Selection, context: RequestContext): Promise<ResourceRow | null> {
  const reach = baseReach(context, resource);
  if (!isKey(resource.key.type, id)) return null;
  const viewer = requireViewer(context);
  const { projection, statement } = oneStatements([offersByRow(registry, resource) ? viewer : statementOwner(resource, viewer), selection, registry, resource], () => {
    const made = project(registry, resource, 'r', selection, viewer, reach);
    const one = sql<ResourceRow>`select ${made.columns} from ${table(resource, 'r')} where ${keyColumn(resource, 'r')} = ${ASKED_VALUE} and ${within(registry, resource, 'r', reach, viewer)}`;
    return { projection: made, statement: one.compile(context.db) };
  });
  const found = await context.db.executeQuery<ResourceRow>(withValue(statement, id));
  noteFetched(context.reads, resource, projection, found.rows);
  if (resource.readEvent) context.reads.noteListing(resource.readEvent.kind, ['id']);
  return found.rows[0] ?? null;
}

/**
 * A page of records. Filters, order and search are reads of the fields they touch: one that may not be
 * read in every tenant listed refuses the whole list, none is ever dropped (C04, C05, C07, C08).
 * @throws {GatewayError} FORBIDDEN, BAD_INPUT, STEP_UP_REQUIRED (cross-tenant search).
 */
export async function readList(
  registry: Registry,
  resource: AnyResource,
  args: ListArguments,
  selection: Selection,
  wants: ListWants,
  context: RequestContext,
): Promise<ListResult> {
  const viewer = requireViewer(context);
  const base = baseReach(context, resource);
  const reach = narrowed(registry, base, resource, args.filter);
  const { fields, searches } = fieldsTouched(args.filter);
  const order = totalOrder(resource, args.orderBy);
  for (const term of order) if (term.field !== 'id') fields.add(term.field);
  for (const field of fields) requireField(context, resource, field, base, reach);
  const searched = searches.length > 0 ? searchableFields(context, resource) : [];
  await passCrossTenantSearch(registry, resource, [...fields, ...searched], reach, args, context);
  if (resource.readEvent) context.reads.noteListing(resource.readEvent.kind, [...fields, ...(searches.length > 0 ? ['search'] : [])]);

  const first = bounded(args.first ?? PAGE_SIZE, 'first', 1, LARGEST_PAGE);
  const offset = bounded(args.offset ?? 0, 'offset', 0, DEEPEST_OFFSET);
  if (args.after && offset > 0) throw badInput('offset', 'not together with after');
  const scope: CursorScope = { key: context.cursorKey, personId: viewer.subject.id, resource: resource.name, query: [order, args.filter ?? null] };
  const search = (text: string) => searchCondition(registry, resource, searched, text, viewer, reach);
  const place = args.after ? openCursor(scope, args.after) : null;
  const index = resource.searchIndex;
  const split = index && searches.length > 0 && isOrderOfIndex(index, order) ? splitSearches(args.filter ?? {}) : null;
  const { texts, rest } = split ?? { texts: [], rest: args.filter ?? {} };
  const matching = sql`${within(registry, resource, 'r', reach, viewer)} and ${filterCondition(registry, resource, 'r', rest, search)}`;
  const projection = project(registry, resource, 'r', selection, viewer, reach);
  const places = wants.cursors ? order.map((term, at) => sql`, ${placeOf(resource, term)} as ${sql.id(`place:${at}`)}`) : [];
  const columns = sql`${projection.columns}${sql.join(places, sql``)}`;
  const pageOf: PageOf = (from, condition) =>
    sql<ResourceRow>`select ${columns} from ${from} where ${condition} order by ${orderClause(resource, 'r', order)} limit ${sql.lit(first + 1)}${offset > 0 ? sql` offset ${offset}` : sql``}`;

  const sought = { texts: texts.map(soughtText), rest, reach, order };
  const asked =
    index && texts.length > 0 ? readByWords(resource, index, sought, matching, place, offset + first + 1, pageOf) : readInOrder(resource, order, matching, place, pageOf);
  const [found, counted] = await Promise.all([asked.page.execute(context.db), wants.total ? asked.total.execute(context.db) : undefined]);
  // Among so many candidates some beyond the last one might fit: that is said, and nothing is left out in silence.
  if (asked.isCut && found.rows.length <= first && (await asked.isCut.execute(context.db)).rows[0]?.cut)
    throw badInput('filter.search', `found in more than ${MOST_CANDIDATES} records: search in a shorter time or in one tenant, or for more words`);
  const all = counted?.rows[0]?.total ?? null;
  const most = asked.countsTo ?? Number.POSITIVE_INFINITY;
  const rows = found.rows.slice(0, first);
  noteFetched(context.reads, resource, projection, rows);
  return {
    rows,
    hasNextPage: found.rows.length > first,
    hasPreviousPage: offset > 0 || Boolean(args.after),
    totalCount: all === null ? null : Math.min(all, most),
    totalIsExact: all === null || (all <= most && counted?.rows[0]?.isCut !== true),
    cursorOf: (row) =>
      sealCursor(
        scope,
        order.map((_, index) => row[`place:${index}`] as string | number | boolean | null),
      ),
  };
}

interface Counted {
  readonly total: number;
  /** Whether more may fit among what was not looked at. */
  readonly isCut?: boolean;
}

type PageOf = (from: RawBuilder<unknown>, condition: RawBuilder<unknown>) => RawBuilder<ResourceRow>;

interface Statements {
  readonly page: RawBuilder<ResourceRow>;
  readonly total: RawBuilder<Counted>;
  /** Asks whether there were more candidates than were looked at; null where all of them were. */
  readonly isCut: RawBuilder<{ cut: boolean }> | null;
  /** The number beyond which nothing is counted. */
  readonly countsTo: number | undefined;
}

/** A list whose rows are found in the index, and then judged in the table itself. */
function readByWords(
  resource: AnyResource,
  index: SearchIndex,
  sought: Sought,
  matching: RawBuilder<unknown>,
  place: CursorValues | null,
  wanted: number,
  pageOf: PageOf,
): Statements {
  const isWhole = needsNoTable(index, sought.rest) && !resource.visibleTo;
  const page = pageOf(withTable(resource, index, foundRows(index, sought, place, isWhole ? wanted : MOST_CANDIDATES)), matching);
  const toCount = foundRows(index, sought, null, MOST_COUNTED + 1);
  const total = isWhole
    ? sql<Counted>`select count(*)::int as total from ${toCount}`
    : sql<Counted>`select count(*) filter (where ${matching})::int as total, count(*) > ${MOST_COUNTED} as "isCut" from ${withTable(resource, index, toCount)}`;
  return {
    page,
    total,
    countsTo: MOST_COUNTED,
    isCut: isWhole ? null : sql<{ cut: boolean }>`select count(*) >= ${MOST_CANDIDATES} as cut from ${foundRows(index, sought, place, MOST_CANDIDATES)}`,
  };
}

/** A list whose rows are read from the table in its order. */
const readInOrder = (resource: AnyResource, order: readonly OrderTerm[], matching: RawBuilder<unknown>, place: CursorValues | null, pageOf: PageOf): Statements => ({
  page: pageOf(table(resource, 'r'), sql`${matching} and ${place ? afterCondition(resource, 'r', order, place) : sql`true`}`),
  total: countMatching(resource, matching),
  countsTo: resource.countUpTo,
  isCut: null,
});

/** One more than the resource is counted up to says that there are more. */
const countMatching = (resource: AnyResource, matching: RawBuilder<unknown>): RawBuilder<Counted> =>
  resource.countUpTo === undefined
    ? sql<Counted>`select count(*)::int as total from ${table(resource, 'r')} where ${matching}`
    : sql<Counted>`select count(*)::int as total from (select from ${table(resource, 'r')} where ${matching} limit ${sql.lit(resource.countUpTo + 1)}) as counted`;

export interface ListWants {
  readonly total: boolean;
  readonly cursors: boolean;
}

/** @throws {GatewayError} FORBIDDEN unless the field may be read in every tenant that the list covers. */
function requireField(context: RequestContext, resource: AnyResource, field: string, base: TenantReach, reach: TenantReach): void {
  const declaration = resource.fields[field];
  if (!declaration) throw badInput('filter', 'unknown field');
  const held = reachOf(requireViewer(context), declaration.access);
  if (isNowhere(intersect(held, base)) || !covers(held, reach)) throw refused(context, declaration.access.name, `${resource.name}.${field}`);
  if (declaration.class === 'personal') context.reads.noteCondition(resource.name, field);
}

/** Fields that free text is looked for in: those that the viewer may read anywhere. */
function searchableFields(context: RequestContext, resource: AnyResource): string[] {
  const viewer = requireViewer(context);
  const fields = Object.entries(resource.fields).filter(([, field]) => field.search);
  const readable = fields.filter(([, field]) => !isNowhere(reachOf(viewer, field.access)));
  if (readable.length === 0) throw fields[0] ? refused(context, fields[0][1].access.name, `${resource.plural}.search`) : badInput('filter.search', 'not offered here');
  for (const [name, field] of readable) if (field.class === 'personal') context.reads.noteCondition(resource.name, name);
  return readable.map(([name]) => name);
}

/** @throws {GatewayError} BAD_INPUT for what can't be looked for. */
function soughtText(text: string): string {
  const wanted = text.trim();
  if (wanted === '' || wanted.length > 200 || wanted.includes('\0')) throw badInput('filter.search', '1 to 200 characters');
  return wanted;
}

/** Each field is searched in the rows where this viewer may read it, and in no other. */
function searchCondition(registry: Registry, resource: AnyResource, searched: readonly string[], text: string, viewer: Viewer, rows: TenantReach): RawBuilder<unknown> {
  const wanted = soughtText(text);
  if (resource.searchIndex) return isFoundByWords(resource.searchIndex, wanted);
  const tenant = tenantColumn(registry, resource, 'r');
  const options = searched.map((name) => {
    const held = resource.fields[name] ? reachOf(viewer, resource.fields[name].access) : new Set<string>();
    const match =
      resource.fields[name]?.type === 'id' ? sql`${fieldAnswer(resource, name, 'r')} = ${wanted}` : sql`${fieldColumn(resource, name, 'r')} ilike ${`%${likeLiteral(wanted)}%`}`;
    if (covers(held, rows)) return match;
    return tenant === null || held === 'global' ? sql`false` : sql`((${tenant})::text = any(${[...held]}::text[]) and ${match})`;
  });
  return sql`(${sql.join(options, sql` or `)})`;
}

/** G7: looking for people over more than one tenant is a sensitive act of its own. */
async function passCrossTenantSearch(
  registry: Registry,
  resource: AnyResource,
  touched: readonly string[],
  reach: TenantReach,
  args: ListArguments,
  context: RequestContext,
): Promise<void> {
  const permission = resource.crossTenantSearch;
  if (!permission || (reach !== 'global' && reach.size <= 1)) return;
  if (!touched.some((field) => resource.fields[field]?.class === 'personal')) return;
  if (reachOf(requireViewer(context), permission) !== 'global') throw refused(context, permission.name, `${resource.plural}.search`);
  const { first: _first, after: _after, offset: _offset, ...searched } = args;
  await context.door.passSensitiveRead(registry.resources.get(resource.name) ?? resource, searched, context);
}

function refused(context: RequestContext, permission: string, field: string): GatewayError {
  context.reads.refuse(permission, field);
  return new GatewayError('FORBIDDEN', undefined, { permission });
}

/** Order values travel in the cursor as the database prints them, so that no precision is lost. */
const placeOf = (resource: AnyResource, term: OrderTerm): RawBuilder<unknown> =>
  term.field === 'id' ? sql`${keyColumn(resource, 'r')}::text` : sql`${fieldColumn(resource, term.field, 'r')}::text`;

function bounded(value: number, path: string, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) throw badInput(path, `a whole number from ${least} to ${most}`);
  return value;
}

const badInput = (path: string, message: string): GatewayError => new GatewayError('BAD_INPUT', undefined, { issues: [{ path, message }] });
