import { GatewayError } from '@sallyport/schema/errors.ts';
import type { AuditLog, Authentication, StepUpBinding } from '../kernel/seams.ts';
import { type Attempt, type DoorParts, type RefusedRequest, requestFacts } from './attempt.ts';

export interface Refusals {
  /** Writes the refusal's own event, then throws it. Exactly one event for each refusal, before the answer. */
  refuse(attempt: Attempt, error: unknown, context: RefusedRequest): Promise<never>;
}

/** Nothing was decided against the caller here; something broke. */
const FAILURES = new Set(['INTERNAL', 'UNAVAILABLE', 'AUDIT_UNAVAILABLE', 'OUTCOME_UNKNOWN']);

/** What refusing works with. */
export interface RefusalParts extends Pick<DoorParts, 'classify'> {
  readonly audit: Pick<AuditLog, 'record'>;
  readonly authentication: Pick<Authentication, 'stepUp'>;
}

export function createRefusals({ audit, authentication, classify }: RefusalParts): Refusals {
  const withChallenge = async (binding: StepUpBinding, context: RefusedRequest): Promise<GatewayError> => {
    try {
      const issued = await authentication.stepUp.issueChallenge(binding, requestFacts(context));
      return new GatewayError('STEP_UP_REQUIRED', undefined, { challenge: issued.challenge, maxAgeSeconds: issued.maxAgeSeconds, actionDigest: binding.actionDigest });
    } catch (failure) {
      return classify(failure);
    }
  };
  return {
    async refuse(attempt, error, context) {
      const refusal = classify(error);
      const failed = FAILURES.has(refusal.code);
      const recording = audit.record({
        ...attempt.facts,
        kind: attempt.kind,
        outcome: failed ? 'failed' : 'denied',
        reasonCode: refusal.code,
        correlationId: attempt.joins ?? context.correlationId,
        surface: context.surface,
        ip: context.ip,
        viewer: context.viewer,
        ...(refusal.detail.issues ? { detail: { ...attempt.facts.detail, issues: refusal.detail.issues.map((issue) => issue.path) } } : {}),
      });
      // A failure of the database would fail this event too: the caller is told of the first cause.
      await (failed ? recording.catch(() => undefined) : recording);
      // The refusal is on the log by now; a challenge that can't be made is a failure of its own.
      if (refusal.code === 'STEP_UP_REQUIRED' && attempt.binding) throw await withChallenge(attempt.binding, context);
      // The original is kept where it is no refusal of ours, for the server's own log.
      throw error instanceof GatewayError ? refusal : Object.assign(refusal, { cause: error });
    },
  };
}
