import type { Approvals, ApprovalParts } from './approvals.ts';
import { approveRequest, cancelRequest, denyRequest, mayDecide } from './decide-request.ts';
import { endRequestsOf } from './endings.ts';
import { fileRequest, planFor } from './file-request.ts';

/** Requests for a second person on one gateway's registry and log. */
export function createApprovals(parts: ApprovalParts): Approvals {
  return {
    file: (tx, filing) => fileRequest(parts, tx, filing),
    plan: (tx, rule, viewer, tenantId, changes) => planFor(parts, tx, rule, viewer, tenantId, changes),
    serviceFor: (context, viewer) => ({
      approve: (tx, requestId, shownDigest, comment) => approveRequest(parts, tx, requestId, shownDigest, comment, viewer, context),
      deny: (tx, requestId, comment) => denyRequest(parts, tx, requestId, comment, viewer),
      cancel: (tx, requestId) => cancelRequest(tx, requestId, viewer),
      endAllOf: (tx, staffId) => endRequestsOf(tx, staffId, viewer, context),
    }),
    mayDecide: (requestId, context) => mayDecide(parts, requestId, context),
  };
}
