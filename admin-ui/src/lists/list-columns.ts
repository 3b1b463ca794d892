import type { CatalogueField, CatalogueRelation, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { isPersonal, tenantRelation, type ConsoleModel } from '../catalogue/console-model.ts';

export type ListColumn =
  | { readonly kind: 'field'; readonly name: string; readonly field: CatalogueField; readonly shown: boolean; readonly sortable: boolean }
  | { readonly kind: 'relation'; readonly name: string; readonly relation: CatalogueRelation; readonly shown: boolean; readonly sortable: false };

/** Columns that a list can show to this viewer: title first, then state, tenant, the others as declared. */
export function columnsOf(model: ConsoleModel, resource: CatalogueResource, tenantId: string | null): readonly ListColumn[] {
  const fields = resource.fields.filter((field) => model.holds(field.permission) && (field.type !== 'json' || field.inList));
  const rank = (field: CatalogueField): number => (field.name === resource.title ? 0 : field.name === resource.state ? 1 : 2);
  const ordered = fields.toSorted((a, b) => rank(a) - rank(b));
  const columns: ListColumn[] = ordered.map((field) => ({
    kind: 'field',
    name: field.name,
    field,
    shown: field.inList || field.name === resource.title || field.name === resource.state,
    sortable: field.sortable && model.holdsThroughout(field.permission, resource.permission, tenantId),
  }));
  const own = tenantRelation(model, resource);
  const relations = resource.relations
    .filter((relation) => relation.kind !== 'many' && model.holds(relation.permission))
    .map((relation): ListColumn => ({ kind: 'relation', name: relation.name, relation, shown: relation.name === own?.name && tenantId === null, sortable: false }));
  const lead = columns.findIndex((column) => column.kind === 'field' && rank(column.field) === 2);
  const at = lead === -1 ? columns.length : lead;
  return [...columns.slice(0, at), ...relations.filter((column) => column.name === own?.name), ...columns.slice(at), ...relations.filter((column) => column.name !== own?.name)];
}

/** Names of the personal fields among the columns in view. */
export const personalColumns = (columns: readonly ListColumn[], hidden: readonly string[]): readonly string[] =>
  columns.flatMap((column) => (column.kind === 'field' && isPersonal(column.field) && !hidden.includes(column.name) ? [column.name] : []));
