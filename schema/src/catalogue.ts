import { upperSnake, capitalized } from './graphql/names.ts';
import { sensitivity } from './graphql/action-types.ts';
import { BREAK_GLASS, EVERYONE } from './policy/rights.ts';
import { ROLE_NAMES, ROLES } from './policy/roles.ts';
import { relatedOrder } from './resources/order.ts';
import { type Registry, resourceNamed } from './resources/registry.ts';
import type { Catalogue, CatalogueAction, CatalogueEnumValue, CatalogueInput, CatalogueResource } from './vocabulary/catalogue.ts';
import { type ActionDeclaration, type InputDeclaration, REQUEST_MINUTES } from './vocabulary/define-action.ts';
import type { AnyResource } from './vocabulary/define-module.ts';
import { type EnumValue, OPERATORS } from './vocabulary/field.ts';

/** Everything declared, as data. Deterministic: the same modules give the same bytes. */
export function catalogueOf(registry: Registry): Catalogue {
  return {
    formatVersion: 1,
    tenantResource: registry.tenantResource?.name ?? null,
    modules: registry.modules.map((module) => ({
      name: module.name,
      label: module.label,
      description: module.description,
      icon: module.icon,
      resources: module.resources.map((resource) => resource.name),
      settings: module.settings ?? {},
    })),
    permissions: registry.modules.flatMap((module) => module.permissions.map((permission) => ({ ...permission, module: module.name }))),
    roles: ROLE_NAMES.map((name) => ({ name, ...ROLES[name], permissions: (registry.roles.get(name) ?? []).map((permission) => permission.name).sort() })),
    everyone: (registry.roles.get(EVERYONE) ?? []).map((permission) => permission.name).sort(),
    breakGlass: (registry.roles.get(BREAK_GLASS) ?? []).map((permission) => permission.name).sort(),
    resources: [...registry.resources.values()].map((resource) => resourceEntry(registry, resource)),
    actions: [...registry.actions.values()].map((action) => actionEntry(registry, action)),
    events: registry.modules.flatMap((module) => module.events.map((event) => ({ ...event, module: module.name }))),
  };
}

const enumValues = (values: Readonly<Record<string, EnumValue>>): CatalogueEnumValue[] =>
  Object.entries(values).map(([value, { label, tone }]) => ({ value: upperSnake(value), label, tone: tone ?? 'neutral' }));

function resourceEntry(registry: Registry, resource: AnyResource): CatalogueResource {
  return {
    name: resource.name,
    plural: resource.plural,
    typeName: resource.typeName,
    module: registry.moduleOf.get(resource.name) ?? '',
    label: resource.label,
    labelPlural: resource.labelPlural,
    description: resource.description,
    permission: resource.read.name,
    tenanted: !('none' in resource.tenant),
    title: resource.title,
    state: resource.state ?? null,
    defaultSort: resource.defaultSort,
    versioned: resource.version !== undefined,
    crossTenantSearch: resource.crossTenantSearch?.name ?? null,
    ownRows: resource.visibleTo !== undefined,
    searchesWords: resource.searchIndex !== undefined,
    fields: Object.entries(resource.fields).map(([name, field]) => ({
      name,
      type: field.type,
      label: field.label,
      help: field.help ?? null,
      group: field.group ?? null,
      permission: field.access.name,
      class: field.class,
      operators: field.filter ? OPERATORS[field.type] : [],
      sortable: field.sort ?? false,
      searchable: field.search ?? false,
      inList: field.inList ?? false,
      values: field.type === 'enum' ? enumValues(field.values) : null,
      currency: field.type === 'money' ? field.currency : null,
    })),
    relations: Object.entries(resource.relations ?? {}).map(([name, relation]) => {
      const related = resourceNamed(registry, relation.resource);
      return {
        name,
        kind: relation.kind,
        label: relation.label,
        resource: relation.resource,
        permission: related.read.name,
        inverseFilter: relation.kind === 'one' ? null : inverseFilter(related, relation.column),
        order: relation.kind === 'many' ? relatedOrder(related, relation.orderBy) : null,
      };
    }),
    actions: [...registry.actions.values()].filter((action) => action.on.name === resource.name).map((action) => action.name),
  };
}

/** Name under which the related list can be filtered by the column that names its parent. */
function inverseFilter(related: AnyResource, column: string): string | null {
  if ('column' in related.tenant && !('through' in related.tenant) && related.tenant.column === column) return 'tenantId';
  const named = Object.entries(related.fields).find(
    ([name, field]) => field.filter && field.type === 'id' && (field.column ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) === column,
  );
  return named?.[0] ?? null;
}

function actionEntry(registry: Registry, action: ActionDeclaration): CatalogueAction {
  const { sensitive } = action;
  return {
    name: action.name,
    inputType: `${capitalized(action.name)}Input`,
    payloadType: `${capitalized(action.name)}Payload`,
    module: registry.moduleOf.get(action.name) ?? '',
    resource: action.on.name,
    permission: action.permission.name,
    effect: action.permission.effect,
    reach: action.permission.reach,
    tier: action.permission.tier,
    label: action.label,
    description: action.description,
    confirm: action.confirm,
    done: action.done,
    sensitive: sensitivity(action) === undefined ? 'never' : sensitive === 'always' ? 'always' : 'conditional',
    sensitiveWhen: typeof sensitive === 'string' ? null : sensitive.stated,
    justification: action.justification,
    approval: (action.approval ?? []).map((rule) => ({
      when: rule.stated,
      alternatives: rule.alternatives.map(({ approver, quorum }) => ({ approver: approver.name, quorum })),
      denials: rule.denials ?? 1,
      expiresAfterMinutes: rule.expiresAfterMinutes ?? REQUEST_MINUTES,
    })),
    creates: action.creates ?? false,
    ownRows: (action.onRows ?? action.offeredOn) !== undefined,
    refusedUnder: action.refusedUnder ?? [],
    allowedIn: action.allowedIn ? { field: action.allowedIn.field, values: action.allowedIn.values.map(upperSnake), otherwise: action.allowedIn.otherwise } : null,
    input: Object.entries(action.input).map(([name, input]) => inputEntry(name, input)),
    reveals: Object.entries(action.reveals ?? {}).map(([name, label]) => ({ name, label })),
    event: action.event.kind,
  };
}

function inputEntry(name: string, input: InputDeclaration): CatalogueInput {
  const text = input.type === 'text' || input.type === 'email' || input.type === 'url' ? input : null;
  const bounded =
    input.type === 'integer' || input.type === 'money' ? input : input.type === 'tenants' || input.type === 'permissions' ? { min: input.optional ? 0 : 1, max: input.max } : null;
  return {
    name,
    type: input.type,
    label: input.label,
    help: input.help ?? null,
    required: !input.optional,
    prefill: input.prefill ?? null,
    class: input.class ?? 'internal',
    minLength: text ? (text.minLength ?? (input.optional ? 0 : 1)) : null,
    maxLength: text?.maxLength ?? null,
    multiline: text?.multiline ?? false,
    min: bounded ? String(bounded.min) : null,
    max: bounded ? String(bounded.max) : null,
    resource: input.type === 'reference' ? input.resource : null,
    currency: input.type === 'money' ? input.currency : null,
    values: input.type === 'enum' ? enumValues(input.values) : null,
  };
}
