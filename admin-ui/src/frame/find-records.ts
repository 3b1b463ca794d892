import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { fieldOf, isPersonal, maySearch, searchesPersonal, type ConsoleModel } from '../catalogue/console-model.ts';
import { sendDocument } from '../gateway/send-request.ts';

export interface FoundRecord {
  readonly resource: CatalogueResource;
  readonly id: string;
  readonly title: string;
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const titleSelection = (model: ConsoleModel, resource: CatalogueResource): string => {
  const title = fieldOf(resource, resource.title);
  return title && !isPersonal(title) && model.holds(title.permission) ? ` title: ${title.name}` : '';
};

/** A search that reads personal fields is recorded, over many tenants even an act of its own: it is offered, never done in passing. */
export const searchableInPassing = (model: ConsoleModel, resource: CatalogueResource): boolean =>
  maySearch(model, resource) && model.holds(resource.permission) && !searchesPersonal(resource, model.holds);

/** Records whose searchable fields hold the text, or whose ID it is: one document, a few per resource. */
export async function findRecords(model: ConsoleModel, text: string, tenantId: string | null, signal?: AbortSignal): Promise<readonly FoundRecord[]> {
  const byId = UUID.test(text);
  const resources = model.modules
    .flatMap((entry) => entry.resources)
    .filter((resource) => byId || searchableInPassing(model, resource))
    .slice(0, 16);
  if (resources.length === 0) return [];
  const tenant = (resource: CatalogueResource): string => (tenantId && resource.tenanted && resource.name !== model.tenant?.name ? ', tenantId: { eq: $tenant }' : '');
  const uses = resources.some((resource) => tenant(resource) !== '');
  const fields = resources.map((resource) => {
    const condition = byId ? `id: { eq: $text }` : `search: $text`;
    return `  ${resource.plural}(filter: { ${condition}${tenant(resource)} }, first: ${byId ? 1 : 4}) { nodes { id${titleSelection(model, resource)} } }`;
  });
  const document = `query Find($text: ${byId ? 'ID' : 'String'}${uses ? ', $tenant: ID' : ''}) {\n${fields.join('\n')}\n}`;
  const answer = await sendDocument<Record<string, { nodes: readonly { id: string; title?: string | null }[] } | null>>(
    document,
    { text, ...(uses ? { tenant: tenantId } : {}) },
    { signal },
  );
  return resources.flatMap((resource) => (answer.data[resource.plural]?.nodes ?? []).map((node) => ({ resource, id: node.id, title: node.title ?? node.id })));
}
