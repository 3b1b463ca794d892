import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { useModel } from '../catalogue/console-context.tsx';
import { fieldOf, isPersonal, type ConsoleModel } from '../catalogue/console-model.ts';
import { sendDocument } from '../gateway/send-request.ts';
import { shortId, showHidden } from './format.ts';

/** Records named in one document, at most. */
const MOST = 100;

/** The field that names a record to people, where this viewer may read it in passing; null where it is personal or not theirs. */
export function plainTitle(model: ConsoleModel, resource: CatalogueResource): string | null {
  const title = fieldOf(resource, resource.title);
  return title && !isPersonal(title) && model.holds(resource.permission) && model.holds(title.permission) ? title.name : null;
}

export interface Titled {
  readonly resource: string;
  readonly ids: readonly string[];
}

/** Names records by their titles, one document a resource; an ID stands where the title is not to be had. */
export function useTitles(wanted: readonly Titled[]): (resource: string, id: string) => string {
  const model = useModel();
  const asked = wanted.flatMap(({ resource: name, ids }) => {
    const resource = model.resource(name);
    const title = resource ? plainTitle(model, resource) : null;
    const distinct = [...new Set(ids)].toSorted().slice(0, MOST);
    return resource && title && distinct.length > 0 ? [{ resource, title, ids: distinct }] : [];
  });
  const answers = useQueries({
    queries: asked.map(({ resource, title, ids }) => ({
      queryKey: ['titles', resource.name, ids],
      staleTime: 300_000,
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const document = `query Titles_${resource.plural}($ids: [ID!]) { list: ${resource.plural}(filter: { id: { in: $ids } }, first: ${MOST}) { nodes { id title: ${title} } } }`;
        const { data } = await sendDocument<{ list: { nodes: readonly { id: string; title: string | null }[] } }>(document, { ids }, { signal });
        return data.list.nodes.map((node) => [`${resource.name}/${node.id}`, node.title] as const);
      },
    })),
  });
  const known = useMemo(() => new Map(answers.flatMap((answer) => answer.data ?? [])), [answers.map((answer) => answer.dataUpdatedAt).join()]);
  return (resource, id) => showHidden(known.get(`${resource}/${id}`) ?? shortId(id));
}
