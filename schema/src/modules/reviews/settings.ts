/** Limits of access reviews, part of the policy's version. */
export const reviewSettings = {
  /** How far back the log is asked for use. */
  accessReviewUseDays: 180,
  /** A week: a campaign opened before a weekend must not take everybody's access by silence. */
  accessReviewShortestDays: 7,
  accessReviewLongestDays: 60,
  accessReviewDefaultDays: 14,
} as const;
