import type { GraphQLResolveInfo } from 'graphql';
import type { Builder } from '../builder.ts';
import { GatewayError } from '../errors.ts';
import type { RequestContext } from '../ports.ts';
import { reachOf } from '../viewer.ts';
import type { AnyResource } from '../vocabulary/define-module.ts';
import { isRefusedUnder } from '../vocabulary/define-action.ts';
import type { FieldDeclaration } from '../vocabulary/field.ts';
import { open } from '../vocabulary/permission.ts';
import { linkName, offerName, relatedResource, type ResourceRow, stateName } from '../resources/projection.ts';
import { type ListArguments, PAGE_SIZE, readList, readOne, requireViewer } from '../resources/read-records.ts';
import { countNaming, RELATED_PAGE, readLinked, readNaming } from '../resources/read-related.ts';
import type { Registry } from '../resources/registry.ts';
import { below, selectionOf, union } from '../resources/selection.ts';
import { capitalized, upperSnake } from './names.ts';
import type { Plumbing, RecordAction } from './plumbing.ts';

/** What a connection resolves from. */
interface Connection {
  readonly nodes: readonly ResourceRow[];
  readonly edges: readonly { readonly cursor: string; readonly node: ResourceRow }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
  readonly totalCount: number | null;
  readonly totalIsExact: boolean;
}

type ObjectRef = ReturnType<typeof declareObject>;
export type ResourceTypes = ReadonlyMap<string, ObjectRef>;

const declareObject = (builder: Builder, resource: AnyResource) => builder.objectRef<ResourceRow>(resource.typeName);

/** Object types of all resources, before any has fields: relations may form circles. */
export function declareResourceTypes(builder: Builder, registry: Registry): ResourceTypes {
  return new Map([...registry.resources.values()].map((resource) => [resource.name, declareObject(builder, resource)]));
}

export function addResource(builder: Builder, registry: Registry, types: ResourceTypes, plumbing: Plumbing, resource: AnyResource): void {
  const ref = types.get(resource.name);
  if (!ref) throw new TypeError(`No type was declared for ${resource.name}`);
  const enums = addEnums(builder, resource);
  addObject(builder, registry, types, plumbing, resource, ref, enums);
  addQueries(builder, registry, plumbing, resource, ref, enums);
}

/** GraphQL enums of the resource's enum fields, `InvoiceStatus`, with the database's own values inside. */
function addEnums(builder: Builder, resource: AnyResource) {
  const entries = Object.entries(resource.fields).flatMap(([name, field]) => (field.type === 'enum' ? [[name, addEnum(builder, resource, name, field.values)] as const] : []));
  return new Map(entries);
}

const addEnum = (builder: Builder, resource: AnyResource, field: string, values: Readonly<Record<string, unknown>>) =>
  builder.enumType(`${resource.typeName}${capitalized(field)}`, {
    values: Object.fromEntries(Object.keys(values).map((value) => [upperSnake(value), { value }])) as Record<string, { value: string }>,
  });

type Enums = ReturnType<typeof addEnums>;

const SCALARS = {
  id: 'ID',
  text: 'String',
  email: 'String',
  url: 'String',
  integer: 'Int',
  decimal: 'Decimal',
  money: 'Decimal',
  boolean: 'Boolean',
  timestamp: 'DateTime',
  date: 'Date',
  json: 'Json',
} as const;

function outputType(field: FieldDeclaration, name: string, enums: Enums) {
  const enumeration = enums.get(name);
  if (field.type === 'enum') {
    if (!enumeration) throw new TypeError(`No enum was declared for ${name}`);
    return enumeration;
  }
  return SCALARS[field.type];
}

function addObject(builder: Builder, registry: Registry, types: ResourceTypes, plumbing: Plumbing, resource: AnyResource, ref: ObjectRef, enums: Enums): void {
  builder.objectType(ref, {
    description: resource.description.en,
    fields: (t) => {
      const tenanted = !('none' in resource.tenant);
      const plain = Object.entries(resource.fields).map(([name, field]) => [
        name,
        t.field({
          type: outputType(field, name, enums) as 'String',
          access: field.access,
          dataClass: field.class,
          description: field.label.en,
          extensions: { property: name },
          resolve: (row, _args, context) => {
            requireAt(context, field.access.name, row, `${resource.typeName}.${name}`);
            return row[name] as string;
          },
        }),
      ]);
      const relations = Object.entries(resource.relations ?? {}).map(([name, relation]) => {
        const related = relatedResource(registry, resource, name);
        const type = types.get(related.name);
        if (!type) throw new TypeError(`No type was declared for ${related.name}`);
        const at = (context: RequestContext, info: GraphQLResolveInfo) => ({ registry, resource: related, selection: selectionOf(info), context, nodes: info.fieldNodes });
        const common = { access: related.read, description: relation.label.en };
        if (relation.kind === 'one')
          return [name, t.field({ ...common, type, resolve: (row, _args, context, info) => readLinked(at(context, info), row[linkName(name)] as string | null) })];
        if (relation.kind === 'count')
          return [name, t.field({ ...common, type: 'Int', resolve: (row, _args, context, info) => countNaming(at(context, info), relation.column, resource, row.id) })];
        return [
          name,
          t.field({
            ...common,
            type: [type],
            args: { first: t.arg.int({ defaultValue: RELATED_PAGE, required: true }) },
            resolve: (row, args, context, info) => readNaming(at(context, info), relation.column, relation.orderBy, args.first, resource, row.id),
          }),
        ];
      });
      return {
        id: t.field({ type: 'ID', access: resource.read, nullable: false, extensions: { property: 'id' }, resolve: (row) => row.id }),
        ...(tenanted ? { tenantId: t.field({ type: 'ID', access: resource.read, extensions: { property: 'tenantId' }, resolve: (row) => row.tenantId }) } : {}),
        ...(resource.version
          ? { version: t.field({ type: 'String', access: resource.read, extensions: { property: 'version' }, resolve: (row) => row['version'] as string }) }
          : {}),
        ...Object.fromEntries(plain),
        ...Object.fromEntries(relations),
        actions: t.field({
          type: [plumbing.recordAction],
          nullable: false,
          access: open("the viewer's own possibilities, decided on the server"),
          resolve: (row, _args, context) => actionsOn(registry, resource, row, context),
        }),
      };
    },
  });
}

/** The fields' own row rule: the scope said "somewhere", this says "here" (C17). */
function requireAt(context: RequestContext, permission: string, row: ResourceRow, field: string): void {
  const reach = context.viewer?.rights.get(permission);
  if (reach === 'global' || (reach && row.tenantId !== null && reach.has(row.tenantId))) return;
  context.reads.refuse(permission, field);
  throw new GatewayError('FORBIDDEN', undefined, { permission });
}

function actionsOn(registry: Registry, resource: AnyResource, row: ResourceRow, context: RequestContext): RecordAction[] {
  const viewer = requireViewer(context);
  const result: RecordAction[] = [];
  for (const action of registry.actions.values()) {
    if (action.on.name !== resource.name || action.creates) continue;
    const reach = reachOf(viewer, action.permission);
    if (reach !== 'global' && (row.tenantId === null || !reach.has(row.tenantId))) continue;
    if ((action.onRows ?? action.offeredOn) && row[offerName(action.name)] !== true) continue;
    if (isRefusedUnder(action, viewer)) continue;
    const fits = !action.allowedIn || action.allowedIn.values.includes(row[stateName(action.allowedIn.field)] as string);
    result.push({
      name: action.name,
      enabled: fits && viewer.session.mode === 'normal',
      because: fits ? null : (action.allowedIn?.otherwise ?? null),
      stepUp: action.sensitive === 'always' ? 'ALWAYS' : action.sensitive === 'never' ? 'NEVER' : 'CONDITIONAL',
    });
  }
  return result;
}

function addQueries(builder: Builder, registry: Registry, plumbing: Plumbing, resource: AnyResource, ref: ObjectRef, enums: Enums): void {
  const name = resource.typeName;
  const filterInput = addFilter(builder, plumbing, resource, enums);
  const orderField = builder.enumType(`${name}OrderField`, {
    values: Object.fromEntries([
      ['ID', { value: 'id' }],
      ...Object.entries(resource.fields).flatMap(([field, { sort }]) => (sort ? [[upperSnake(field), { value: field }]] : [])),
    ]) as Record<string, { value: string }>,
  });
  const orderInput = builder.inputType(`${name}Order`, {
    access: open('each order field is checked against the rule of the field it names'),
    fields: (t) => ({ field: t.field({ type: orderField, required: true }), direction: t.field({ type: plumbing.direction, required: true, defaultValue: 'asc' }) }),
  });
  const page = open('a page of records that each stand under their own rule');
  const edge = builder.objectRef<Connection['edges'][number]>(`${name}Edge`).implement({
    fields: (t) => ({
      cursor: t.exposeString('cursor', { access: page, nullable: false }),
      node: t.field({ type: ref, access: resource.read, nullable: false, extensions: { property: 'node' }, resolve: (edge) => edge.node }),
    }),
  });
  const connection = builder.objectRef<Connection>(`${name}Connection`).implement({
    fields: (t) => ({
      nodes: t.field({ type: [ref], access: resource.read, nullable: false, extensions: { property: 'nodes' }, resolve: (list) => list.nodes }),
      edges: t.field({ type: [edge], access: resource.read, nullable: false, extensions: { property: 'edges' }, resolve: (list) => list.edges }),
      pageInfo: t.field({ type: plumbing.pageInfo, access: page, nullable: false, extensions: { property: 'pageInfo' }, resolve: (list) => list.pageInfo }),
      totalCount: t.field({ type: 'Int', access: resource.read, nullable: false, extensions: { property: 'totalCount' }, resolve: (list) => list.totalCount ?? 0 }),
      totalIsExact: t.field({
        type: 'Boolean',
        access: page,
        nullable: false,
        description: 'False where there may be more records than `totalCount` says: very long lists are not counted to their end.',
        extensions: { property: 'totalIsExact' },
        resolve: (list) => list.totalIsExact,
      }),
    }),
  });
  builder.queryField(resource.name, (t) =>
    t.field({
      type: ref,
      access: resource.read,
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_root, args, context, info) => {
        const row = await readOne(registry, resource, args.id, selectionOf(info), context);
        if (!row) throw new GatewayError('NOT_FOUND');
        return row;
      },
    }),
  );
  builder.queryField(resource.plural, (t) =>
    t.field({
      type: connection,
      nullable: true,
      access: resource.read,
      ...(resource.crossTenantSearch ? { sensitive: 'searching, filtering or ordering by personal fields over more than one tenant' } : {}),
      args: {
        filter: t.arg({ type: filterInput }),
        orderBy: t.arg({ type: [orderInput] }),
        first: t.arg.int({ defaultValue: PAGE_SIZE }),
        after: t.arg.string(),
        offset: t.arg.int(),
      },
      resolve: async (_root, args, context, info): Promise<Connection> => {
        const asked = selectionOf(info);
        const pages = below(asked, 'pageInfo').names;
        const cursors = below(asked, 'edges').names.has('cursor') || pages.has('startCursor') || pages.has('endCursor');
        const wanted = union(below(asked, 'nodes'), below(asked, 'edges', 'node'));
        const list = await readList(
          registry,
          resource,
          args as ListArguments,
          wanted,
          { total: asked.names.has('totalCount') || asked.names.has('totalIsExact'), cursors },
          context,
        );
        const [firstRow, lastRow] = [list.rows[0], list.rows.at(-1)];
        return {
          nodes: list.rows,
          edges: asked.names.has('edges') ? list.rows.map((node) => ({ node, cursor: cursors ? list.cursorOf(node) : '' })) : [],
          totalCount: list.totalCount,
          totalIsExact: list.totalIsExact,
          pageInfo: {
            hasNextPage: list.hasNextPage,
            hasPreviousPage: list.hasPreviousPage,
            startCursor: pages.has('startCursor') && firstRow ? list.cursorOf(firstRow) : null,
            endCursor: pages.has('endCursor') && lastRow ? list.cursorOf(lastRow) : null,
          },
        };
      },
    }),
  );
}

const SEARCH_OF_WORDS =
  'Words: each has to stand, whole or from its beginning (three letters or more), in one of the searchable fields. Records are found as far as they have been indexed, some seconds after they were written.';

function addFilter(builder: Builder, plumbing: Plumbing, resource: AnyResource, enums: Enums) {
  const filterable = Object.entries(resource.fields).filter(([, field]) => field.filter);
  const searchable = Object.values(resource.fields).some((field) => field.search);
  const enumFilters = new Map(
    filterable.flatMap(([name]) => {
      const enumeration = enums.get(name);
      if (!enumeration) return [];
      const input = builder.inputType(`${resource.typeName}${capitalized(name)}Filter`, {
        access: open('plumbing, holds no data'),
        fields: (t) => ({ eq: t.field({ type: enumeration }), in: t.field({ type: [enumeration] }), isNull: t.boolean() }),
      });
      return [[name, input] as const];
    }),
  );
  const ref = builder.inputRef<Record<string, unknown>>(`${resource.typeName}Filter`);
  ref.implement({
    access: resource.read,
    fields: (t) => ({
      and: t.field({ type: [ref] }),
      or: t.field({ type: [ref] }),
      not: t.field({ type: ref }),
      id: t.field({ type: plumbing.operatorInputs.id }),
      ...('none' in resource.tenant ? {} : { tenantId: t.field({ type: plumbing.operatorInputs.id }) }),
      ...(searchable
        ? { search: t.string({ description: resource.searchIndex ? SEARCH_OF_WORDS : 'Free text, looked for in every searchable field that the caller may read.' }) }
        : {}),
      ...Object.fromEntries(
        filterable.map(([name, field]) => {
          const { operatorInputs } = plumbing;
          const input =
            enumFilters.get(name) ??
            (field.type === 'email' ? operatorInputs.text : field.type === 'money' ? operatorInputs.decimal : operatorInputs[field.type as keyof typeof operatorInputs]);
          return [name, t.field({ type: input, access: field.access })];
        }),
      ),
    }),
  });
  return ref;
}
