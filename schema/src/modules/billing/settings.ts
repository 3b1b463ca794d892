/** Limits that the rules of this module speak of, in whole rupiah. Part of the policy's version. */
export const billingSettings = {
  refundStepUpAbove: 1_000_000,
  refundApprovalAbove: 250_000_000,
  /** Five times the limit takes two people. */
  refundTwoApprovalsAbove: 1_250_000_000,
  creditStepUpAbove: 1_000_000,
  /** Of all adjustments of one tenant within 24 hours together. */
  creditApprovalAbove: 250_000_000,
  creditTwoApprovalsAbove: 1_250_000_000,
} as const;
