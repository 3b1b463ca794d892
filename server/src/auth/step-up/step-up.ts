import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { StepUp, StepUpBinding } from '../../kernel/seams.ts';
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
        update gateway.step_up set consumed_at = clock_timestamp() where ${isGoodFor(hash, binding)} returning id`.execute(tx);
      return rows[0] ? { stepUpId: rows[0].id } : null;
    },
    async isGoodProof(proof, binding) {
      const hash = hashIfToken(proof);
      if (hash === null) return false;
      const { rows } = await sql`select from gateway.step_up where ${isGoodFor(hash, binding)}`.execute(access.db);
      return rows.length > 0;
    },
  };
}

const isGoodFor = (hash: Buffer, { viewer, action, targetType, targetId, actionDigest }: StepUpBinding): RawBuilder<unknown> => sql`
  proof_hash = ${hash} and consumed_at is null and expires_at > clock_timestamp()
  and staff_id = ${viewer.actor.id} and session_id = ${viewer.session.id} and action = ${action}
  and target_type = ${targetType} and target_id is not distinct from ${targetId}::text and action_digest = ${actionDigest}`;
