import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { StepUp } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { hashIfToken, makeToken } from '../opaque-token.ts';

/** Seconds for which a challenge may be answered, and then again for which its proof may be used. */
export const STEP_UP_SECONDS = 300;

/**
 * Challenges and proofs for one exact act. Both are random and kept as hashes; what they are good for stands in
 * the row, written by the server, so nothing that a caller sends can widen it (THREATS B12-B15).
 */
export function createStepUp(access: AccessContext): StepUp {
  return {
    async issueChallenge(binding) {
      const { token, hash } = makeToken();
      await sql`
        insert into gateway.step_up (id, staff_id, session_id, action, target_type, target_id, action_digest, challenge_hash, expires_at)
        values (${randomUUID()}, ${binding.viewer.actor.id}, ${binding.viewer.session.id}, ${binding.action}, ${binding.targetType}, ${binding.targetId},
          ${binding.actionDigest}, ${hash}, clock_timestamp() + make_interval(secs => ${STEP_UP_SECONDS}))`.execute(access.db);
      return { challenge: token, maxAgeSeconds: STEP_UP_SECONDS };
    },
    async claimProof(tx, proof, binding) {
      const hash = hashIfToken(proof);
      if (hash === null) return null;
      const { rows } = await sql<{ id: string }>`
        update gateway.step_up set consumed_at = clock_timestamp()
        where proof_hash = ${hash} and consumed_at is null and expires_at > clock_timestamp()
          and staff_id = ${binding.viewer.actor.id} and session_id = ${binding.viewer.session.id} and action = ${binding.action}
          and target_type = ${binding.targetType} and target_id is not distinct from ${binding.targetId}::text and action_digest = ${binding.actionDigest}
        returning id`.execute(tx);
      return rows[0] ? { stepUpId: rows[0].id } : null;
    },
  };
}
