import { useQuery } from '@tanstack/react-query';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import { sendDocument } from '../gateway/send-request.ts';
import { useModel } from './console-context.tsx';
import { orderName } from './console-model.ts';
import { listDocument, selectionOf, type GatewayRecord } from './documents.ts';

/** Records of one page of a list, at most. */
const PAGE = 100;

/** Records of hand-made pages that are asked for again when the gateway says that a topic has moved on. */
export const RECORDS_OF_TOPIC: Readonly<Record<string, readonly string[]>> = {
  viewer: ['accessGrant', 'accessToken'],
  emergencies: ['breakGlassUse'],
  mailbox: ['outgoingMail'],
  reviews: ['accessReview', 'accessReviewItem'],
};

export interface WantedRecords {
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly orderBy?: { readonly field: string; readonly direction: 'ASC' | 'DESC' };
  /** How many; more than a page are asked for page by page. */
  readonly first?: number;
  /** What this viewer may do with each. */
  readonly actions?: boolean;
  readonly fields?: readonly string[];
}

export interface FoundRecords {
  /** Absent where this gateway has no such thing, or it is none of this viewer's business. */
  readonly resource: CatalogueResource | undefined;
  readonly records: readonly GatewayRecord[] | undefined;
  readonly total: number | undefined;
  readonly error: unknown;
  readonly refetch: () => void;
}

/** Records of a resource for a hand-made page, by its name in the catalogue. Asked again after every act. */
export function useRecords(name: string, { filter = {}, orderBy, first = 50, actions = false, fields }: WantedRecords, enabled = true): FoundRecords {
  const model = useModel();
  const declared = model.resource(name);
  const resource = declared && model.holds(declared.permission) ? declared : undefined;
  const query = useQuery({
    queryKey: ['records', name, filter, orderBy ?? null, first, actions, fields ?? null],
    enabled: enabled && resource !== undefined,
    queryFn: async ({ signal }) => {
      if (!resource) return null;
      const document = listDocument(resource, selectionOf(model, resource, { actions, ...(fields ? { fields } : {}) }));
      const nodes: GatewayRecord[] = [];
      let total = 0;
      do {
        const variables = {
          filter,
          orderBy: orderBy ? [{ field: orderName(orderBy.field), direction: orderBy.direction }] : null,
          first: Math.min(PAGE, first - nodes.length),
          offset: nodes.length,
        };
        const { data } = await sendDocument<{ list: { nodes: readonly GatewayRecord[]; totalCount: number } }>(document, variables, { signal });
        nodes.push(...data.list.nodes);
        total = data.list.totalCount;
        if (data.list.nodes.length === 0) break;
      } while (nodes.length < Math.min(first, total));
      return { nodes, total };
    },
  });
  return { resource, records: query.data?.nodes, total: query.data?.total, error: query.error, refetch: () => void query.refetch() };
}

/** A field's value as text; null where it is empty, or not this viewer's to read. */
export const textOf = (record: GatewayRecord, field: string): string | null => {
  const value = record[field];
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
};

/** A field that holds a list of names. */
export const namesOf = (record: GatewayRecord, field: string): readonly string[] => {
  const value = record[field];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
};
