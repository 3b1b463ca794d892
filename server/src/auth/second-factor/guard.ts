/** A guard inside a transaction failed (a replayed step, a session that ended meanwhile): nothing of it is kept. */
export class GuardFailed extends Error {}

/** Ends a second-factor transaction without effect; the caller is told STEP_UP_FAILED. */
export function failGuard(): never {
  throw new GuardFailed('guard failed');
}
