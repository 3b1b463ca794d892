import type { RawBuilder } from 'kysely';
import type { Viewer } from '../viewer.ts';
import type { DataClass, Text } from './axes.ts';
import type { EventDeclaration } from './define-event.ts';
import type { Expression, FieldDeclaration, FieldMap, RowOf } from './field.ts';
import { OPERATORS } from './field.ts';
import type { Permission } from './permission.ts';

export type { RowOf } from './field.ts';

export type KeyType = 'uuid' | 'integer' | 'text';

/**
 * How a row's tenant is known:
 * `self`: the row is the tenant; `column`: the row names it (in a column of the tenant's key type unless
 * `type` says otherwise; rows that name none are seen with global reach only); `through`: the row belongs to another
 * resource's row that knows it; `none`: rows of no tenant, read with a permission of global reach.
 */
export type TenantRule =
  | { readonly self: true }
  | { readonly column: string; readonly type?: KeyType }
  | { readonly through: string; readonly column: string }
  | { readonly none: true };

interface RelationCommon {
  readonly label: Text;
  /** Name of the related resource. Its base permission and row rule hold for the relation. */
  readonly resource: string;
}

export type RelationDeclaration =
  /** This row names the other in `column`. */
  | (RelationCommon & { readonly kind: 'one'; readonly column: string | Expression })
  /** The others name this row in `column` (a column of the other table). */
  | (RelationCommon & { readonly kind: 'many'; readonly column: string; readonly orderBy?: string })
  | (RelationCommon & { readonly kind: 'count'; readonly column: string });

/**
 * Words of the records, kept in a table of their own that may lag behind. Search then finds records by words and beginnings of words,
 * in place of any part of a text; all searchable fields stand under the base permission, for the index is one for all of them.
 */
export interface SearchIndex {
  readonly table: { readonly schema: string; readonly name: string };
  /** Its column of type tsvector. */
  readonly words: string;
  /** Columns that stand under one name in both tables and together tell which row is which: the key, and what the tables are partitioned by. */
  readonly joinedBy: readonly string[];
  /** Field of a time, the default order of the records; with the key it is the order in which the index has its rows. */
  readonly orderedBy: string;
  /**
   * Function `(query tsquery, tenants text[], since timestamptz, until timestamptz, past_time timestamptz, past_id uuid, newest_first boolean,
   * most integer)` that returns the columns of `joinedBy`, in that order, of the rows of the index that hold what is sought.
   */
  readonly find: { readonly schema: string; readonly name: string };
}

export interface ResourceOptions<F extends FieldMap> {
  /** Singular, camelCase: `invoice`. Names the query field, the type (`Invoice`) and events' target type. */
  readonly name: string;
  readonly plural: string;
  readonly label: Text;
  readonly labelPlural: Text;
  readonly description: Text;
  readonly table: { readonly schema: string; readonly name: string };
  /** Primary key column; `uuid`, `integer` or `text`. Shown as `id`. */
  readonly key: { readonly column: string; readonly type: KeyType };
  readonly tenant: TenantRule;
  /** Base permission: without it the row does not exist. Also guards `id`. */
  readonly read: Permission;
  readonly fields: F;
  readonly relations?: Readonly<Record<string, RelationDeclaration>>;
  /** Field that names a record to people; must not be personal unless nothing else does. */
  readonly title: keyof F & string;
  /** Enum field that tells a record's state. */
  readonly state?: keyof F & string;
  readonly defaultSort: { readonly field: keyof F & string; readonly direction: 'asc' | 'desc' };
  /**
   * What changes with every change of the row: a column, `xmin` (PostgreSQL's own row version) for
   * tables that have none, or an expression where other rows tell the record's state too.
   * Absent: rows never change through the gateway.
   */
  readonly version?: { readonly column: string | Expression };
  /**
   * Searching, filtering or ordering by personal fields over more than one tenant is a
   * sensitive act: it needs this permission (global reach) and a step-up proof.
   */
  readonly crossTenantSearch?: Permission;
  /**
   * Narrows, beyond reach, which rows exist for a viewer: their own, or those they may decide on. A condition in SQL
   * over the row's alias; it makes nothing visible that reach hides.
   */
  readonly visibleTo?: (row: string, viewer: Viewer) => RawBuilder<unknown>;
  /** On the tenant itself: the enum field that tells its risk, and the values that count as high. Approval rules go by it. */
  readonly risk?: { readonly field: keyof F & string; readonly high: readonly string[] };
  /** Where search looks; absent: into the searchable fields themselves. */
  readonly searchIndex?: SearchIndex;
  /** Records are counted up to this number; beyond it a list says that there are more. Absent: to the last one. */
  readonly countUpTo?: number;
  /** Reading these records is itself an event of this kind (the log about its readers). */
  readonly readEvent?: EventDeclaration;
  /**
   * What stands in a record once its personal values were erased, by field: null, or a text that names nobody, in which `{id}` is the record's
   * key. Every personal field is among them; all are plain columns.
   */
  readonly erasure?: Readonly<Record<string, string | null>>;
}

/** A declared resource. Field names are plain texts here, so that any resource is one of `AnyResource`. */
export interface ResourceDeclaration<F extends FieldMap = FieldMap> extends Omit<ResourceOptions<F>, 'title' | 'state' | 'defaultSort' | 'risk'> {
  readonly typeName: string;
  readonly title: string;
  readonly state?: string;
  readonly defaultSort: { readonly field: string; readonly direction: 'asc' | 'desc' };
  readonly risk?: { readonly field: string; readonly high: readonly string[] };
}

const CAMEL = /^[a-z][a-zA-Z0-9]*$/;
const RESERVED = new Set(['id', 'actions', 'version', '__typename']);
/** GraphQL type names that mean something else. */
const RESERVED_TYPES = new Set([
  'Query',
  'Mutation',
  'Subscription',
  'Viewer',
  'PageInfo',
  'RecordAction',
  'FieldChange',
  'ActionPayload',
  'ApprovalPlan',
  'ApprovalAlternative',
  'ApprovalApprover',
  'LocalizedText',
  'DateTime',
  'Date',
  'Decimal',
  'Json',
]);
const CLASS_ORDER: readonly DataClass[] = ['public', 'internal', 'personal', 'secret'];

/**
 * Declares a thing that staff may look at: its table, tenant rule, fields with permission and data
 * class, and relations. Query fields, filters, SQL conditions and console pages follow from it.
 * @throws {TypeError} naming the rule that the declaration breaks.
 */
export function defineResource<const F extends FieldMap>(options: ResourceOptions<F>): ResourceDeclaration<F> {
  const wrong = (message: string): never => {
    throw new TypeError(`Resource ${options.name}: ${message}`);
  };
  if (!CAMEL.test(options.name) || !CAMEL.test(options.plural)) wrong('names are camelCase');
  if (options.name === options.plural) wrong('singular and plural must differ');
  if (options.read.effect !== 'read') wrong(`base permission ${options.read.name} must have effect read`);
  if ('none' in options.tenant && options.read.reach !== 'global') wrong('rows without a tenant need a base permission of global reach');
  for (const [name, field] of Object.entries<FieldDeclaration>(options.fields)) {
    if (!CAMEL.test(name) || RESERVED.has(name)) wrong(`field name ${name} is not camelCase or is reserved`);
    if (field.access.effect !== 'read') wrong(`field ${name}: ${field.access.name} must have effect read`);
    if (field.class === 'personal' && field.access.name === options.read.name) wrong(`field ${name} is personal and needs a permission of its own`);
    if (field.class === 'secret') wrong(`field ${name} is secret: secrets are replaceable, never readable; leave them out`);
    if (field.filter && OPERATORS[field.type].length === 0) wrong(`field ${name}: type ${field.type} can't be filtered`);
    if (field.search && !['id', 'text', 'email', 'url'].includes(field.type)) wrong(`field ${name}: only text and IDs can be searched`);
    if (field.search && options.searchIndex && (field.access.name !== options.read.name || typeof field.column === 'function'))
      wrong(`field ${name}: an index serves columns under the base permission only`);
    if (!CLASS_ORDER.includes(field.class)) wrong(`field ${name}: unknown class`);
  }
  for (const name of Object.keys(options.relations ?? {})) {
    if (!CAMEL.test(name) || RESERVED.has(name) || name in options.fields) wrong(`relation name ${name} is taken, reserved or not camelCase`);
  }
  const title = options.fields[options.title];
  if (title === undefined) wrong(`title field ${options.title} is not declared`);
  if (options.state !== undefined && options.fields[options.state]?.type !== 'enum') wrong('state must be an enum field');
  if (options.risk !== undefined && (!('self' in options.tenant) || options.fields[options.risk.field]?.type !== 'enum')) wrong('risk is an enum field of the tenant itself');
  if (options.fields[options.defaultSort.field]?.sort !== true) wrong('default sort must be a sortable field');
  if (options.fields[options.defaultSort.field]?.access.name !== options.read.name) wrong('default sort must be readable with the base permission');
  if (options.crossTenantSearch && options.crossTenantSearch.reach !== 'global') wrong('cross-tenant search needs a permission of global reach');
  if (options.erasure) {
    const { erasure } = options;
    for (const [name, field] of Object.entries<FieldDeclaration>(options.fields))
      if (field.class === 'personal' && !(name in erasure)) wrong(`field ${name} is personal, and erasing leaves it`);
    for (const name of Object.keys(erasure)) if (!(name in options.fields) || typeof options.fields[name]?.column === 'function') wrong(`erasure of ${name}, which is no column`);
  }
  const typeName = options.name.charAt(0).toUpperCase() + options.name.slice(1);
  if (RESERVED_TYPES.has(typeName)) wrong(`${typeName} is a type of GraphQL or of the gateway; choose another name`);
  return Object.freeze({ ...options, typeName });
}

export type RowOfResource<R> = R extends ResourceDeclaration<infer F> ? RowOf<F> : never;
