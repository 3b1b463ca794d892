import type { DataProvider, GetListParams, GetManyReferenceParams, RaRecord } from 'ra-core';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { orderName, type ConsoleModel } from './catalogue/console-model.ts';
import { listDocument, recordDocument, REFUSED, selectionOf, type GatewayRecord } from './catalogue/documents.ts';
import { knownFilter } from './catalogue/filters.ts';
import { GatewayFailure, type GatewayErrorEntry } from './gateway/gateway-failure.ts';
import { sendWithStepUp } from './gateway/pass-step-up.ts';

/** What pages pass beside react-admin's own parameters. */
export interface ReadMeta {
  readonly personal?: readonly string[] | 'all';
  readonly fields?: readonly string[];
  /** The act in words, should the gateway ask for a fresh code. */
  readonly act?: string;
}

interface ListData {
  readonly list: { readonly nodes: readonly GatewayRecord[]; readonly totalCount: number; readonly totalIsExact: boolean };
}

const asRecord = (record: GatewayRecord): RaRecord => record as unknown as RaRecord;

function markRefused(
  records: readonly GatewayRecord[],
  refused: readonly GatewayErrorEntry[],
  placeOf: (path: readonly (string | number)[]) => { index: number; field: string } | null,
): RaRecord[] {
  const marks = new Map<number, string[]>();
  for (const { path } of refused) {
    const place = path ? placeOf(path) : null;
    if (place) marks.set(place.index, [...(marks.get(place.index) ?? []), place.field]);
  }
  return records.map((record, index) => asRecord(marks.has(index) ? { ...record, [REFUSED]: marks.get(index) } : record));
}

/** react-admin's data provider over the generated GraphQL schema. Reads only: acts go by `useAction`. */
export function createDataProvider(model: ConsoleModel): DataProvider {
  const resourceOf = (plural: string): CatalogueResource => {
    const resource = model.byPlural(plural);
    if (!resource) throw new Error(`The catalogue has no resource ${plural}`);
    return resource;
  };

  const readList = async (plural: string, filter: Record<string, unknown>, params: Pick<GetListParams, 'pagination' | 'sort' | 'meta' | 'signal'>) => {
    const resource = resourceOf(plural);
    const meta = (params.meta ?? {}) as ReadMeta;
    const { page = 1, perPage = 25 } = params.pagination ?? {};
    const selection = selectionOf(model, resource, { compact: true, ...(meta.personal ? { personal: meta.personal } : {}), ...(meta.fields ? { fields: meta.fields } : {}) });
    const variables = {
      filter: knownFilter(resource, filter),
      orderBy: params.sort ? [{ field: orderName(params.sort.field), direction: params.sort.order }] : null,
      first: perPage,
      offset: (page - 1) * perPage,
    };
    const answer = await sendWithStepUp<ListData>(listDocument(resource, selection), variables, { act: meta.act ?? plural, object: null }, { signal: params.signal });
    const { nodes, totalCount, totalIsExact } = answer.data.list;
    const data = markRefused(nodes, answer.refused, ([, , index, field]) => (typeof index === 'number' && typeof field === 'string' ? { index, field } : null));
    return { data, total: totalCount, meta: { totalIsExact } };
  };

  const readOnly = (): Promise<never> => Promise.reject(new Error('Records change by actions only'));

  return {
    supportAbortSignal: true,
    getList: (plural, params) => readList(plural, (params.filter ?? {}) as Record<string, unknown>, params),
    getManyReference: (plural, params: GetManyReferenceParams) => readList(plural, { ...(params.filter as Record<string, unknown>), [params.target]: { eq: params.id } }, params),
    getMany: async (plural, params) => {
      const ids = params.ids.map(String);
      return await readList(plural, { id: { in: ids } }, {
        pagination: { page: 1, perPage: Math.min(100, ids.length) },
        meta: params.meta as unknown,
        signal: params.signal,
      } as GetListParams);
    },
    getOne: async (plural, params) => {
      const resource = resourceOf(plural);
      const meta = (params.meta ?? {}) as ReadMeta;
      const selection = selectionOf(model, resource, { actions: true, ...(meta.personal ? { personal: meta.personal } : {}) });
      const answer = await sendWithStepUp<{ record: GatewayRecord | null }>(
        recordDocument(resource, selection),
        { id: String(params.id) },
        { act: meta.act ?? plural, object: null },
        { signal: params.signal },
      );
      if (!answer.data.record) throw new GatewayFailure({ message: 'Not found.', extensions: { code: 'NOT_FOUND' } }, answer.correlationId);
      const [data] = markRefused([answer.data.record], answer.refused, ([, field]) => (typeof field === 'string' ? { index: 0, field } : null));
      if (!data) throw new GatewayFailure({ message: 'Not found.', extensions: { code: 'NOT_FOUND' } }, answer.correlationId);
      return { data };
    },
    create: readOnly,
    update: readOnly,
    updateMany: readOnly,
    delete: readOnly,
    deleteMany: readOnly,
  } as DataProvider;
}
