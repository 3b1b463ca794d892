import type { Catalogue, CatalogueAction, CatalogueField, CatalogueModule, CatalogueRelation, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { ConsoleViewer } from './viewer.ts';

/** The catalogue as this viewer meets it: look-ups by name, and what is theirs to read. Grants nothing: the gateway decides again. */
export interface ConsoleModel {
  readonly catalogue: Catalogue;
  readonly viewer: ConsoleViewer;
  /** Whether the viewer holds the permission anywhere. */
  holds(permission: string): boolean;
  /** Whether the viewer holds it wherever `base` holds, or in the one tenant given: what filters and sorts need. */
  holdsThroughout(permission: string, base: string, tenantId?: string | null): boolean;
  /** Whether the viewer holds it everywhere, or in the one tenant given. */
  holdsAt(permission: string, tenantId: string | null): boolean;
  /** Whether the act is open to this viewer as they come now; on which records is said by each record. */
  mayAct(action: CatalogueAction): boolean;
  /** Acts that make a record of this resource, as far as they are open to this viewer. */
  creating(resource: CatalogueResource): readonly CatalogueAction[];
  resource(name: string): CatalogueResource | undefined;
  /** By the plural, which is also the page's path. */
  byPlural(plural: string): CatalogueResource | undefined;
  action(name: string): CatalogueAction | undefined;
  /** Modules with at least one resource that the viewer may read, each with those resources. */
  readonly modules: readonly { readonly module: CatalogueModule; readonly resources: readonly CatalogueResource[] }[];
  readonly tenant: CatalogueResource | null;
}

export function createModel(catalogue: Catalogue, viewer: ConsoleViewer): ConsoleModel {
  const held = new Map(viewer.permissions.map((permission) => [permission.name, permission]));
  const resources = new Map(catalogue.resources.map((resource) => [resource.name, resource]));
  const plurals = new Map(catalogue.resources.map((resource) => [resource.plural, resource]));
  const actions = new Map(catalogue.actions.map((action) => [action.name, action]));
  const holds = (permission: string): boolean => held.has(permission);
  const holdsThroughout = (permission: string, base: string, tenantId?: string | null): boolean => {
    const reach = held.get(permission);
    const needed = held.get(base);
    if (!reach || !needed) return false;
    if (reach.global) return true;
    const within = reach.tenantIds ?? [];
    if (tenantId) return within.includes(tenantId);
    return !needed.global && (needed.tenantIds ?? []).every((id) => within.includes(id));
  };
  const holdsAt = (permission: string, tenantId: string | null): boolean => {
    const reach = held.get(permission);
    return reach !== undefined && (reach.global || (tenantId !== null && (reach.tenantIds ?? []).includes(tenantId)));
  };
  const mayAct = (action: CatalogueAction): boolean => holds(action.permission) && !(viewer.breakGlass !== null && action.refusedUnder.includes('break-glass'));
  const modules = catalogue.modules
    .map((module) => ({
      module,
      resources: module.resources
        .map((name) => resources.get(name))
        .filter((resource) => resource !== undefined)
        .filter((resource) => holds(resource.permission)),
    }))
    .filter((entry) => entry.resources.length > 0);
  return {
    catalogue,
    viewer,
    holds,
    holdsThroughout,
    holdsAt,
    mayAct,
    creating: (resource) => resource.actions.flatMap((name) => actions.get(name) ?? []).filter((action) => action.creates && mayAct(action)),
    resource: (name) => resources.get(name),
    byPlural: (plural) => plurals.get(plural),
    action: (name) => actions.get(name),
    modules,
    tenant: catalogue.tenantResource ? (resources.get(catalogue.tenantResource) ?? null) : null,
  };
}

export const isPersonal = (field: CatalogueField): boolean => field.class === 'personal';

const searchable = (resource: CatalogueResource, holds: (permission: string) => boolean): readonly CatalogueField[] =>
  resource.fields.filter((field) => field.searchable && holds(field.permission));

/** Whether free text is looked for in personal fields, for this viewer: search reads the searchable fields that they may read. */
export const searchesPersonal = (resource: CatalogueResource, holds: (permission: string) => boolean): boolean => searchable(resource, holds).some(isPersonal);

export const maySearch = (model: ConsoleModel, resource: CatalogueResource): boolean => searchable(resource, model.holds).length > 0;

/** The `one` relation by which a record names its tenant; absent for the tenant itself. */
export const tenantRelation = (model: ConsoleModel, resource: CatalogueResource): CatalogueRelation | undefined =>
  resource.relations.find((relation) => relation.kind === 'one' && relation.resource === model.tenant?.name && model.holds(relation.permission));

export const fieldOf = (resource: CatalogueResource, name: string): CatalogueField | undefined => resource.fields.find((field) => field.name === name);

/** Screaming snake case, as GraphQL names the fields to order by: `dueAt` → `DUE_AT`. */
export const orderName = (field: string): string => field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
