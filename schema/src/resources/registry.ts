import { BREAK_GLASS, EVERYONE, type RoleTable } from '../policy/rights.ts';
import { ROLE_NAMES } from '../policy/roles.ts';
import type { ActionDeclaration } from '../vocabulary/define-action.ts';
import type { AnyResource, ModuleDeclaration } from '../vocabulary/define-module.ts';
import type { KeyType } from '../vocabulary/define-resource.ts';
import type { Permission } from '../vocabulary/permission.ts';

/** Everything declared by the loaded modules, by name, checked as a whole. */
export interface Registry {
  readonly modules: readonly ModuleDeclaration[];
  readonly resources: ReadonlyMap<string, AnyResource>;
  readonly moduleOf: ReadonlyMap<string, string>;
  readonly actions: ReadonlyMap<string, ActionDeclaration>;
  readonly permissions: ReadonlyMap<string, Permission>;
  readonly roles: RoleTable;
  readonly tenantResource: AnyResource | null;
  readonly tenantKeyType: KeyType;
}

/**
 * @throws {TypeError} when two modules claim one name, an act or a tenant rule leads nowhere, or more
 * than one resource says it is the tenant.
 */
export function registerModules(modules: readonly ModuleDeclaration[]): Registry {
  const resources = new Map<string, AnyResource>();
  const moduleOf = new Map<string, string>();
  const actions = new Map<string, ActionDeclaration>();
  const permissions = new Map<string, Permission>();
  const taken = new Set<string>();
  const claim = (name: string, module: string): void => {
    if (taken.has(name)) throw new TypeError(`Module ${module}: the name ${name} is taken`);
    taken.add(name);
  };
  for (const module of modules) {
    for (const permission of module.permissions) {
      claim(`permission ${permission.name}`, module.name);
      permissions.set(permission.name, permission);
    }
    for (const resource of module.resources) {
      claim(resource.name, module.name);
      claim(resource.plural, module.name);
      resources.set(resource.name, withKnownRelations(resource, modules));
      moduleOf.set(resource.name, module.name);
    }
    for (const action of module.actions) {
      claim(action.name, module.name);
      actions.set(action.name, action);
      moduleOf.set(action.name, module.name);
    }
    for (const event of module.events) claim(`event ${event.kind}`, module.name);
  }
  const tenants = [...resources.values()].filter((resource) => 'self' in resource.tenant);
  if (tenants.length > 1) throw new TypeError(`Only one resource can be the tenant: ${tenants.map((resource) => resource.name).join(', ')}`);
  for (const resource of resources.values()) {
    for (const [name, relation] of Object.entries(resource.relations ?? {})) {
      const field = relation.kind === 'many' && relation.orderBy ? resources.get(relation.resource)?.fields[relation.orderBy] : undefined;
      if (relation.kind === 'many' && relation.orderBy && field?.access.name !== resources.get(relation.resource)?.read.name)
        throw new TypeError(`Relation ${resource.name}.${name} is ordered by ${relation.orderBy}, which the base permission of ${relation.resource} does not read`);
    }
    if ('through' in resource.tenant && !resources.has(resource.tenant.through))
      throw new TypeError(`Resource ${resource.name} knows its tenant through ${resource.tenant.through}, which no module declares`);
  }
  for (const action of actions.values())
    if (resources.get(action.on.name)?.typeName !== action.on.typeName) throw new TypeError(`Action ${action.name} is on ${action.on.name}, which no module declares`);
  const roles: RoleTable = new Map([
    ...ROLE_NAMES.map((role) => [role as string, modules.flatMap((module) => module.roles[role] ?? [])] as const),
    [EVERYONE, modules.flatMap((module) => module.everyone ?? [])] as const,
    [BREAK_GLASS, modules.flatMap((module) => module.breakGlass ?? [])] as const,
  ]);
  const tenantResource = tenants[0] ?? null;
  return { modules, resources, moduleOf, actions, permissions, roles, tenantResource, tenantKeyType: tenantResource?.key.type ?? 'text' };
}

/** A module can be left out: relations of others to its resources go with it. */
function withKnownRelations(resource: AnyResource, modules: readonly ModuleDeclaration[]): AnyResource {
  if (!resource.relations) return resource;
  const known = new Set(modules.flatMap((module) => module.resources.map(({ name }) => name)));
  return { ...resource, relations: Object.fromEntries(Object.entries(resource.relations).filter(([, relation]) => known.has(relation.resource))) };
}

/** @throws {TypeError} for a name that no module declares; registration has ruled that out for relations. */
export function resourceNamed(registry: Registry, name: string): AnyResource {
  const resource = registry.resources.get(name);
  if (!resource) throw new TypeError(`No module declares the resource ${name}`);
  return resource;
}
