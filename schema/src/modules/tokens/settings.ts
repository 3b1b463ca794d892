/** Bounds of tokens (T1, T2). Part of the policy's version. */
export const tokenSettings = {
  /** Minutes that a token lives unless its maker says otherwise. */
  tokenDefaultMinutes: 15,
  tokenShortestMinutes: 5,
  tokenLongestMinutes: 480,
  /** Live tokens of one person at a time. */
  liveTokensPerPerson: 20,
} as const;
