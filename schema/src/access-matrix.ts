import { DEEPEST_OFFSET, LARGEST_PAGE, PAGE_SIZE } from './resources/read-records.ts';
import { RELATED_PAGE } from './resources/read-related.ts';
import type { Catalogue } from './vocabulary/catalogue.ts';

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const tick = (value: boolean): string => (value ? 'yes' : '');

/**
 * Who may read and do what, as a page that an auditor can read and a program can parse. Made from the
 * declarations alone; the tests' oracle reads nothing else of us.
 */
export function accessMatrix(catalogue: Catalogue): string {
  const roles = catalogue.roles;
  return `${[
    '# Access matrix',
    '',
    'Made by `npm run gen` from the declarations. Do not edit.',
    '',
    '## How to read it',
    '',
    '- A grant gives a person a role in named tenants or globally. A permission of reach `tenant` holds in the tenants of the grants that carry it, or everywhere under a global grant; one of reach `global` holds under a global grant only.',
    '- What stands under `everyone` holds everywhere for every member of staff who is signed in, with or without a grant. What stands under `break-glass` holds while an emergency of that person is in force, in its session and in the tenants that it names; no other grant carries it for that mark.',
    '- A grant of single permissions carries those that it names, each as its own line says; a permission that stands under no role, not under `everyone` and not under `break-glass` can be held by nobody.',
    '- A record exists for a person where its base permission holds for the tenant of the record. Records without a tenant exist under global reach only. Where the base permission holds nowhere, query, list and relation are null with FORBIDDEN; a single record that is absent, hidden or named by a malformed ID is null with NOT_FOUND.',
    "- Of records with `own rows only`, those that are not the person's own or theirs to decide on do not exist for them either, in lists, counts, relations and single answers alike, whatever the base permission covers.",
    '- A field is answered where its permission holds for the tenant of the record; elsewhere it is null with FORBIDDEN. `id`, `tenantId` and `version` stand under the base permission.',
    '- A list covers the tenants of its base permission, narrowed by each `tenantId` filter (`eq`, `in`) that stands at the top or under `and` alone; where the record is the tenant, `id` narrows too.',
    '- Filtering or ordering by a field, however deep, needs its permission in every tenant that the list covers and in at least one tenant of the base permission. Otherwise the whole list is null with FORBIDDEN. `id` and `tenantId` need the base permission only; a UUID there means the same in any case.',
    '- Search looks into each searchable field in the records where its permission holds, for text anywhere in it, for an `id` as the whole of it; where the person holds none of their permissions anywhere, the list is null with FORBIDDEN.',
    '- Where a field says `words` under search, the search goes over words and beginnings of words, in all such fields together and in records as far as they have been indexed. What is found so is counted up to 1,000, a list without search up to 10,000; `totalIsExact` says whether that is all.',
    '- Where a cross-tenant permission is named, a list that covers more than one tenant and is filtered, ordered or searched by personal fields (search counts as every searchable field whose permission the person holds anywhere) needs that permission, else FORBIDDEN, and a step-up proof, else STEP_UP_REQUIRED.',
    '- Conditions compare as in SQL: a null fits no operator but `isNull`, `not` is what does not fit, an empty `or` fits nothing. `contains`, `startsWith` and search ignore case; `%` and `_` stand for themselves.',
    '- An order is made total by `id` in the direction of its last term; without one, the default order holds. Nulls come last ascending and first descending.',
    '- A relation answers what exists for the person under the base permission of the related record, a hidden one like an absent one; a `many` in its own order, a `count` counts exactly that. `totalCount` counts what the list would show without paging.',
    '- Rights are judged before the bounds of a page; a page out of bounds is null with BAD_INPUT.',
    '- An act needs its permission for the tenant of the record. `actions` names the acts that the person may do with a record, in the order below; one whose state does not fit is there, not enabled, with the reason.',
    "- An act that `makes one` takes no record: it needs its permission anywhere, is in no record's `actions`, and is answered with the record that it made. One marked `own rows only` is in the `actions` of certain records only: the person's own, or those of others that wait for them; elsewhere it is refused. One that is `refused under` a token or break-glass is FORBIDDEN to whoever comes that way.",
    '- Where the rule under `second person` binds, the act is not done: a request is filed, the answer says PENDING_APPROVAL, and the last approval that the rule asks for does it. A token is answered APPROVAL_REQUIRED in place of filing, and FORBIDDEN where a step-up proof is needed.',
    '',
    '## Permissions',
    '',
    table(
      ['permission', 'effect', 'reach', 'tier', ...roles.map((role) => role.name), 'everyone', 'break-glass'],
      catalogue.permissions.map((permission) => [
        permission.name,
        permission.effect,
        permission.reach,
        permission.tier,
        ...roles.map((role) => tick(role.permissions.includes(permission.name))),
        tick(catalogue.everyone.includes(permission.name)),
        tick(catalogue.breakGlass.includes(permission.name)),
      ]),
    ),
    '',
    '## Records',
    '',
    table(
      ['type', 'query', 'list', 'base permission', 'tenant', 'cross-tenant permission', 'default order', 'version', 'own rows only'],
      catalogue.resources.map((resource) => [
        resource.typeName,
        resource.name,
        resource.plural,
        resource.permission,
        resource.name === catalogue.tenantResource ? 'is the tenant' : resource.tenanted ? 'of a tenant' : 'of no tenant',
        resource.crossTenantSearch ?? '',
        `${resource.defaultSort.field} ${resource.defaultSort.direction}`,
        tick(resource.versioned),
        tick(resource.ownRows),
      ]),
    ),
    '',
    '## Fields',
    '',
    table(
      ['field', 'kind', 'permission', 'class', 'filter', 'order', 'search'],
      catalogue.resources.flatMap((resource) =>
        resource.fields.map((field) => [
          `${resource.typeName}.${field.name}`,
          field.type,
          field.permission,
          field.class,
          field.operators.join(' '),
          tick(field.sortable),
          field.searchable && resource.searchesWords ? 'words' : tick(field.searchable),
        ]),
      ),
    ),
    '',
    '## Relations',
    '',
    table(
      ['relation', 'kind', 'to', 'base permission', 'order'],
      catalogue.resources.flatMap((resource) =>
        resource.relations.map((relation) => [
          `${resource.typeName}.${relation.name}`,
          relation.kind,
          catalogue.resources.find((candidate) => candidate.name === relation.resource)?.typeName ?? '',
          relation.permission,
          relation.order ? `${relation.order.field} ${relation.order.direction}` : '',
        ]),
      ),
    ),
    '',
    '## Acts',
    '',
    table(
      ['act', 'on', 'makes one', 'own rows only', 'refused under', 'permission', 'effect', 'reach', 'tier', 'step-up', 'justification', 'second person', 'event', 'only while'],
      catalogue.actions.map((action) => [
        action.name,
        catalogue.resources.find((resource) => resource.name === action.resource)?.typeName ?? '',
        tick(action.creates),
        tick(action.ownRows),
        action.refusedUnder.join(' '),
        action.permission,
        action.effect,
        action.reach,
        action.tier,
        action.sensitiveWhen?.en ?? action.sensitive,
        action.justification,
        action.approval.map((rule) => `${rule.when.en}: ${rule.alternatives.map(({ approver, quorum }) => `${quorum} × ${approver}`).join(' or ')}`).join('; ') || 'never',
        action.event,
        action.allowedIn ? `${action.allowedIn.field}: ${action.allowedIn.values.join(' ')}` : '',
      ]),
    ),
    '',
    '## Pages',
    '',
    table(
      ['argument', 'least', 'most', 'default'],
      [
        ['list first', '1', String(LARGEST_PAGE), String(PAGE_SIZE)],
        ['list offset', '0', String(DEEPEST_OFFSET), '0'],
        ['relation first', '1', String(LARGEST_PAGE), String(RELATED_PAGE)],
      ],
    ),
    '',
    '## Limits in force',
    '',
    table(
      ['module', 'setting', 'value'],
      catalogue.modules.flatMap((module) => Object.entries(module.settings).map(([name, value]) => [module.name, name, String(value)])),
    ),
  ].join('\n')}\n`;
}
