import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { fieldOf, isPersonal, maySearch, orderName, searchesPersonal, type ConsoleModel } from '../catalogue/console-model.ts';
import { plainTitle } from '../fields/titles.ts';
import { sendDocument } from '../gateway/send-request.ts';

export interface Choice {
  readonly id: string;
  readonly title: string;
  /** State of the record in the gateway's own words; null where it has none or it is not to be had. */
  readonly state: string | null;
}

/** Records on offer at once. */
const OFFERED = 20;

/** The condition that finds records by a text without reading anything personal; null where there is none. */
function conditionFor(model: ConsoleModel, resource: CatalogueResource, text: string): Record<string, unknown> | null {
  const title = plainTitle(model, resource);
  if (title && fieldOf(resource, title)?.operators.includes('contains')) return { [title]: { contains: text } };
  return maySearch(model, resource) && !searchesPersonal(resource, model.holds) ? { search: text } : null;
}

/** A few records whose title holds the text. Where nothing can be searched in passing, the first ones. */
export async function pickRecords(model: ConsoleModel, resource: CatalogueResource, typed: string, signal: AbortSignal): Promise<readonly Choice[]> {
  const title = plainTitle(model, resource);
  const text = typed.trim();
  const condition = text === '' ? null : conditionFor(model, resource, text);
  const order = title && fieldOf(resource, title)?.sortable ? `[{ field: ${orderName(title)}, direction: ASC }]` : 'null';
  const state = resource.state ? fieldOf(resource, resource.state) : undefined;
  const stated = state && !isPersonal(state) && model.holds(state.permission) ? ` state: ${state.name}` : '';
  const document = `query Pick_${resource.plural}($filter: ${resource.typeName}Filter) { list: ${resource.plural}(filter: $filter, orderBy: ${order}, first: ${OFFERED}) { nodes { id${title ? ` title: ${title}` : ''}${stated} } } }`;
  const { data } = await sendDocument<{ list: { nodes: readonly { id: string; title?: string | null; state?: string | null }[] } }>(
    document,
    { filter: condition ?? {} },
    { signal },
  );
  return data.list.nodes.map((node) => ({ id: node.id, title: node.title ?? node.id, state: node.state ?? null }));
}
