/** The rule that bound when a request was filed, as it is stored. */
export interface StoredRule {
  readonly stated: { readonly en: string; readonly id: string };
  /** Any one of them suffices. */
  readonly alternatives: readonly { readonly approver: string; readonly quorum: number }[];
  readonly denials: number;
  readonly expiresAfterMinutes: number;
}

/** How a request can end; each ends once. */
export const ENDINGS = ['executed', 'denied', 'cancelled', 'expired', 'stale', 'failed'] as const;
export type Ending = (typeof ENDINGS)[number];
/** `approved`: enough approvals, and what follows from them under way in the same transaction. */
export type RequestState = 'pending' | 'approved' | Ending;

/** One review, with the human behind it and what their approval counts for as things stand. */
export interface JudgedReview {
  readonly personId: string;
  readonly decision: 'approve' | 'deny';
  /** Permissions by which the approval counts at this moment; none where the reviewer may not approve any more. */
  readonly approvers: readonly string[];
}

export interface RequestFacts {
  readonly rule: Pick<StoredRule, 'alternatives' | 'denials'>;
  /** ISO 8601 in UTC with six decimals, as `now`: by the database's clock. */
  readonly expiresAt: string;
  readonly now: string;
  readonly reviews: readonly JudgedReview[];
  readonly ending: Ending | null;
}

export interface FoldedRequest {
  readonly state: RequestState;
  /** Different people who have approved, by alternative in the rule's order. */
  readonly approvals: readonly number[];
  /** Different people who have denied. */
  readonly denials: number;
}

/**
 * What a request is, from everything that is known of it: in whatever order the reviews came, each human counts once, and
 * one who has denied under any account does not approve under another. At the very instant of its expiry it has expired.
 * Pure.
 */
export function foldRequest({ rule, expiresAt, now, reviews, ending }: RequestFacts): FoldedRequest {
  const denied = new Set(reviews.filter(({ decision }) => decision === 'deny').map(({ personId }) => personId));
  const approving = reviews.filter(({ decision, personId }) => decision === 'approve' && !denied.has(personId));
  const approvals = rule.alternatives.map(({ approver }) => new Set(approving.filter(({ approvers }) => approvers.includes(approver)).map(({ personId }) => personId)).size);
  const isApproved = rule.alternatives.some(({ quorum }, index) => quorum >= 1 && (approvals[index] ?? 0) >= quorum);
  const open = denied.size >= rule.denials ? 'denied' : isApproved ? 'approved' : 'pending';
  return { state: ending ?? (now >= expiresAt ? 'expired' : open), approvals, denials: denied.size };
}
