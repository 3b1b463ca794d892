import type { Text } from '@sallyport/schema/vocabulary/axes.ts';
import type { CatalogueResource } from '@sallyport/schema/vocabulary/catalogue.ts';
import type { Change } from '../actions/changes-between.ts';
import type { ConsoleModel } from '../catalogue/console-model.ts';
import { listDocument, selectionOf, type GatewayRecord } from '../catalogue/documents.ts';
import { sendDocument } from '../gateway/send-request.ts';

/** The resource of requests, by its name in the catalogue. */
export const REQUEST = 'approvalRequest';
const REVIEW = 'approvalReview';
export const PENDING = 'PENDING';

export interface RequestRule {
  readonly stated: Text;
  readonly alternatives: readonly { readonly approver: string; readonly quorum: number }[];
  readonly denials: number;
  readonly expiresAfterMinutes: number;
}

/** What an approver should look at twice: a code, and what goes with it. */
export interface Oddity {
  readonly code: string;
  readonly [fact: string]: string | number;
}

/** A request as the gateway shows it; what this viewer may not read is absent. */
export interface ApprovalRequest extends GatewayRecord {
  readonly action: string;
  readonly state: string;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly requesterId: string;
  readonly requesterName?: string | null;
  readonly targetType: string;
  readonly targetId?: string | null;
  readonly targetTitle?: string | null;
  readonly reason?: string | null;
  readonly ticket?: string | null;
  readonly rule?: RequestRule | null;
  readonly oddities?: readonly Oddity[] | null;
  readonly endedAt?: string | null;
  readonly cause?: string | null;
  readonly correlationId: string;
}

export interface ApprovalReview extends GatewayRecord {
  readonly decision: string;
  readonly comment?: string | null;
  readonly reviewedAt: string;
  readonly reviewerId?: string | null;
  readonly reviewerName?: string | null;
}

/** What is asked for, in full, and whether this viewer may decide on it. */
export interface ApprovalDecision {
  /** Names exactly this: an approval of anything else approves nothing. */
  readonly shownDigest: string;
  readonly changes: readonly Change[];
  readonly input: readonly { readonly name: string; readonly value: string | null; readonly masked: boolean }[];
  /** `because` is the code with which approving would be refused now. */
  readonly mayDecide: { readonly allowed: boolean; readonly because: string | null; readonly permission: string | null };
}

export type InboxTab = 'review' | 'mine' | 'history';

/** Requests of a tab that are asked for at once. */
export const PAGE = 50;

export const requestResource = (model: ConsoleModel): CatalogueResource | null => {
  const resource = model.resource(REQUEST);
  return resource && model.holds(resource.permission) ? resource : null;
};

/** The act by which one agrees, by its name in the catalogue. */
export const APPROVE = 'approveRequest';

/** Whether the gateway offers the viewer to decide on it. */
const waitsForViewer = (request: ApprovalRequest): boolean => (request.actions ?? []).some((action) => action.name === APPROVE && action.enabled);

export function filterOf(model: ConsoleModel, tab: InboxTab): Record<string, unknown> {
  const own = { requesterId: { eq: model.viewer.id } };
  if (tab === 'mine') return own;
  if (tab === 'review') return { state: { in: [PENDING] }, not: own };
  return { not: { state: { in: [PENDING] } } };
}

export interface RequestPage {
  readonly requests: readonly ApprovalRequest[];
  readonly total: number;
}

/** One tab's requests, the newest first; those to review by how soon they run out. */
export async function loadRequests(model: ConsoleModel, resource: CatalogueResource, tab: InboxTab, first: number, signal?: AbortSignal): Promise<RequestPage> {
  const orderBy = tab === 'review' ? [{ field: 'EXPIRES_AT', direction: 'ASC' }] : [{ field: 'REQUESTED_AT', direction: 'DESC' }];
  const variables = { filter: filterOf(model, tab), orderBy, first, offset: 0 };
  const answer = await sendDocument<{ list: { nodes: readonly ApprovalRequest[]; totalCount: number } }>(
    listDocument(resource, selectionOf(model, resource, { actions: true })),
    variables,
    { signal },
  );
  const { nodes, totalCount } = answer.data.list;
  return { requests: tab === 'review' ? nodes.filter(waitsForViewer) : nodes, total: totalCount };
}

export interface RequestInView {
  readonly request: ApprovalRequest;
  readonly reviews: readonly ApprovalReview[];
  readonly decision: ApprovalDecision | null;
}

/** One request with what has been decided so far and what may be decided now. Personal values that are shown are on the log. */
export async function loadRequest(model: ConsoleModel, resource: CatalogueResource, id: string, signal?: AbortSignal): Promise<RequestInView | null> {
  const review = model.resource(REVIEW);
  const reviews =
    review && model.holds(review.permission)
      ? `reviews: ${review.plural}(filter: { requestId: { eq: $id } }, first: 20, orderBy: [{ field: REVIEWED_AT, direction: ASC }]) { nodes { ${selectionOf(model, review)} } }`
      : '';
  const document = `query Request($id: ID!) {
    request: ${resource.name}(id: $id) { ${selectionOf(model, resource, { actions: true })} }
    decision: approvalDecision(id: $id) { shownDigest changes { resource id field before after masked } input { name value masked } mayDecide { allowed because permission } }
    ${reviews}
  }`;
  const { data } = await sendDocument<{ request: ApprovalRequest | null; decision: ApprovalDecision | null; reviews?: { nodes: readonly ApprovalReview[] } | null }>(
    document,
    { id },
    { signal },
  );
  return data.request ? { request: data.request, decision: data.decision, reviews: data.reviews?.nodes ?? [] } : null;
}

export interface ApprovalCounts {
  readonly toReview: number;
  readonly mine: number;
}

export async function loadCounts(signal?: AbortSignal): Promise<ApprovalCounts> {
  const { data } = await sendDocument<{ counts: ApprovalCounts }>('query ApprovalCounts { counts: approvalCounts { toReview mine } }', {}, { signal });
  return data.counts;
}
