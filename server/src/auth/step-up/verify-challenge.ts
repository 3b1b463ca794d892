import { STEP_UP_REFUSED, STEP_UP_VERIFIED } from '@sallyport/schema/modules/access/events.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { describeAccessEvent } from '../access-event.ts';
import { hashIfToken, makeToken } from '../opaque-token.ts';
import type { RefusalRecord } from '../refuse.ts';
import { answer, readBody, readText } from '../request-body.ts';
import { acceptTotp } from '../second-factor/accept-totp.ts';
import { refuseCode } from '../second-factor/attempt-second-factor.ts';
import { failGuard } from '../second-factor/guard.ts';
import { rotateSessionToken } from '../sessions/rotate-session-token.ts';
import { STEP_SECONDS } from '../totp.ts';
import { STEP_UP_SECONDS } from './step-up.ts';

interface OpenChallenge {
  readonly id: string;
  readonly action: string;
  readonly target_type: string;
  readonly target_id: string | null;
}

/**
 * `/auth/step-up {challenge, code}` → `{proof, expiresAt}`. The session continues under a new cookie, and the old one is dead
 * (THREATS A02); its row, to which proofs are bound, stays.
 */
export async function verifyChallenge(access: AccessContext, viewer: Viewer, request: Request, facts: RequestFacts): Promise<Response> {
  const body = await readBody(request, ['challenge', 'code']);
  const open = await findOpenChallenge(access, viewer, hashIfToken(readText(body, 'challenge', 128)));
  const refusal: RefusalRecord = {
    event: STEP_UP_REFUSED,
    facts,
    about: { viewer, ...(open ? { action: open.action, stepUpId: open.id, ...targetOf(open) } : { detail: { challenge: 'unknown' } }) },
  };
  // No code is compared for a challenge that isn't this session's: nothing to guess here, so no attempt is spent.
  if (open === null) throw await refuseCode(access, refusal, STEP_SECONDS);

  const proof = makeToken();
  const verified = await acceptTotp(access, viewer.actor.id, body['code'], refusal, async (tx) => {
    const token = await rotateSessionToken(tx, viewer.session.id, access.cookies.readSession(request.headers));
    const expiresAt = await markVerified(tx, open.id, proof.hash);
    if (token === null || expiresAt === null) failGuard();
    await access.audit.append(tx, describeAccessEvent(STEP_UP_VERIFIED, facts, { viewer, action: open.action, stepUpId: open.id, ...targetOf(open) }));
    return { token, expiresAt };
  });
  return answer({ proof: proof.token, expiresAt: verified.expiresAt }, [access.cookies.setSession(verified.token)]);
}

async function findOpenChallenge(access: AccessContext, viewer: Viewer, hash: Buffer | null): Promise<OpenChallenge | null> {
  if (hash === null) return null;
  const { rows } = await sql<OpenChallenge>`
    select id, action, target_type, target_id from gateway.step_up
    where challenge_hash = ${hash} and staff_id = ${viewer.actor.id} and session_id = ${viewer.session.id}
      and verified_at is null and expires_at > clock_timestamp()`.execute(access.db);
  return rows[0] ?? null;
}

/** Turns the challenge into a proof, once; the time of its use begins. */
async function markVerified(tx: Tx, id: string, proofHash: Buffer): Promise<string | null> {
  const { rows } = await sql<{ expires_at: string }>`
    update gateway.step_up set proof_hash = ${proofHash}, verified_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => ${STEP_UP_SECONDS})
    where id = ${id} and verified_at is null and expires_at > clock_timestamp()
    returning expires_at`.execute(tx);
  return rows[0]?.expires_at ?? null;
}

const targetOf = (open: OpenChallenge) => (open.target_id === null ? {} : { target: { type: open.target_type, id: open.target_id } });
