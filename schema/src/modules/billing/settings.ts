/** Limits that the rules of this module speak of, in whole rupiah. Part of the policy's version. */
export const billingSettings = {
  refundStepUpAbove: 1_000_000,
  refundApprovalAbove: 250_000_000,
  creditStepUpAbove: 1_000_000,
  creditApprovalAbove: 250_000_000,
} as const;
