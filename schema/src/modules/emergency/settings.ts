/** Bounds of an emergency (B2, B3). Part of the policy's version. */
export const emergencySettings = {
  breakGlassShortestMinutes: 5,
  breakGlassLongestMinutes: 30,
  /** Hours after which an emergency that nobody has reviewed raises an alert. */
  breakGlassReviewHours: 24,
} as const;
