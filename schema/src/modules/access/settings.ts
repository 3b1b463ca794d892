/** Bounds of grants and elevations. Part of the policy's version. */
export const accessSettings = {
  grantLongestDays: 366,
  elevationShortestMinutes: 5,
  elevationLongestMinutes: 480,
  /** Most tenants for which one approver suffices where privileged power is lent; beyond, it takes two as for all of them. */
  elevationTenantsByOne: 5,
  /** Minutes for which a request for an elevation may be decided on. */
  elevationRequestMinutes: 240,
  /** Hours in which an approved elevation that waits must be activated. */
  elevationActivationHours: 24,
  /** Failures of the second factor in a row after which a person must enrol anew (NIST SP 800-63B §5.2.2). */
  secondFactorFailuresInARow: 100,
  /** Days before the last administrator's access ends by time from which the log says so every day. */
  administrationWarningDays: 14,
} as const;
