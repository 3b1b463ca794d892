import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { CatalogueField, CatalogueRelation, CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';

export interface FactGroup {
  /** Null for the facts that stand under no heading. */
  readonly heading: Text | null;
  readonly fields: readonly CatalogueField[];
  readonly relations: readonly CatalogueRelation[];
}

/** Facts by their declared heading, in the order of first mention; the headless ones and relations come first. */
export function groupFacts(resource: CatalogueResource): readonly FactGroup[] {
  const groups = new Map<string, { heading: Text | null; fields: CatalogueField[] }>();
  for (const field of resource.fields) {
    if (field.name === resource.title || field.name === resource.state) continue;
    const key = field.group?.en ?? '';
    const group = groups.get(key) ?? { heading: field.group, fields: [] };
    group.fields.push(field);
    groups.set(key, group);
  }
  const relations = resource.relations.filter((relation) => relation.kind !== 'many');
  const loose = groups.get('');
  groups.delete('');
  const first: readonly FactGroup[] = loose || relations.length > 0 ? [{ heading: null, fields: loose?.fields ?? [], relations }] : [];
  return [...first, ...[...groups.values()].map((group) => ({ ...group, relations: [] }))];
}
