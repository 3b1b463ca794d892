import { type RawBuilder, sql } from 'kysely';
import type { PersonalReads } from '../ports.ts';
import { covers, isNowhere, reachOf, type TenantReach, type Viewer } from '../viewer.ts';
import type { ActionDeclaration } from '../vocabulary/define-action.ts';
import type { AnyResource } from '../vocabulary/define-module.ts';
import { column, fieldAnswer, fieldColumn, keyColumn, tenantColumn } from './columns.ts';
import { type Registry, resourceNamed } from './registry.ts';
import type { Selection } from './selection.ts';

/** A fetched row: the fields that were asked for and may be read, by field name, and what resolvers need besides. */
export interface ResourceRow {
  readonly id: string;
  readonly tenantId: string | null;
  readonly [name: string]: unknown;
}

/** Key under which a row carries the other's key for a relation of kind `one`. */
export const linkName = (relation: string): string => `link:${relation}`;
/** Key under which a row carries a state that its actions depend on. */
export const stateName = (field: string): string => `state:${field}`;
/** Key under which a row carries whether an action is for this viewer to do on it. */
export const offerName = (action: string): string => `offer:${action}`;

export interface Projection {
  readonly columns: RawBuilder<unknown>;
  /** Personal fields in it, each with where it is readable. */
  readonly personal: readonly { readonly field: string; readonly reach: TenantReach }[];
}

/**
 * The columns of a selection as this viewer may have them: a field held nowhere is left out, one
 * held in some of the tenants listed is null in the others. What is not selected is not fetched.
 */
export function project(registry: Registry, resource: AnyResource, alias: string, selection: Selection, viewer: Viewer, rows: TenantReach): Projection {
  const columns: RawBuilder<unknown>[] = [sql`${keyColumn(resource, alias)}::text as ${sql.id('id')}`];
  const personal: { field: string; reach: TenantReach }[] = [];
  const tenant = tenantColumn(registry, resource, alias);
  columns.push(tenant === null ? sql`null as ${sql.id('tenantId')}` : sql`(${tenant})::text as ${sql.id('tenantId')}`);
  for (const [name, field] of Object.entries(resource.fields)) {
    if (!selection.names.has(name)) continue;
    const reach = reachOf(viewer, field.access);
    if (isNowhere(reach)) continue;
    const plain = fieldAnswer(resource, name, alias);
    if (covers(reach, rows)) columns.push(sql`${plain} as ${sql.id(name)}`);
    else if (tenant !== null && reach !== 'global') columns.push(sql`case when (${tenant})::text = any(${[...reach]}::text[]) then ${plain} end as ${sql.id(name)}`);
    else continue;
    if (field.class === 'personal') personal.push({ field: name, reach });
  }
  for (const [name, relation] of Object.entries(resource.relations ?? {})) {
    if (relation.kind === 'one' && selection.names.has(name)) columns.push(sql`(${column(relation.column, alias)})::text as ${sql.id(linkName(name))}`);
  }
  if (selection.names.has('version') && resource.version) columns.push(sql`(${column(resource.version.column, alias)})::text as ${sql.id('version')}`);
  if (selection.names.has('actions')) {
    for (const field of statesOfActions(registry, resource)) columns.push(sql`${fieldColumn(resource, field, alias)} as ${sql.id(stateName(field))}`);
    for (const action of actionsByRow(registry, resource)) columns.push(sql`coalesce((${action.offered(alias, viewer)}), false) as ${sql.id(offerName(action.name))}`);
  }
  return { columns: sql.join(columns), personal };
}

function statesOfActions(registry: Registry, resource: AnyResource): Set<string> {
  const fields = new Set<string>();
  for (const action of registry.actions.values()) if (action.on.name === resource.name && action.allowedIn) fields.add(action.allowedIn.field);
  return fields;
}

interface ActionByRow {
  readonly name: string;
  readonly offered: NonNullable<ActionDeclaration['onRows']>;
}

/** Actions that are offered on some rows of the resource and not on others, whatever the viewer's rights. */
function actionsByRow(registry: Registry, resource: AnyResource): ActionByRow[] {
  return [...registry.actions.values()].flatMap((action) => {
    const offered = action.offeredOn ?? action.onRows;
    return action.on.name === resource.name && offered ? [{ name: action.name, offered }] : [];
  });
}

/** Whether statements about the resource depend on who exactly asks, and not on rights alone. */
export const offersByRow = (registry: Registry, resource: AnyResource): boolean => actionsByRow(registry, resource).length > 0;

/** Notes every personal field of every row that was fetched. */
export function noteFetched(reads: PersonalReads, resource: AnyResource, projection: Projection, rows: readonly ResourceRow[]): void {
  for (const { field, reach } of projection.personal) {
    for (const row of rows) if (reach === 'global' || (row.tenantId !== null && reach.has(row.tenantId))) reads.note(resource.name, field, row.id, row.tenantId);
  }
}

export const relatedResource = (registry: Registry, resource: AnyResource, relation: string): AnyResource =>
  resourceNamed(registry, resource.relations?.[relation]?.resource ?? '');
