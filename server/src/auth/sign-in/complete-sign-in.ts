import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { answer } from '../request-body.ts';
import { failGuard } from '../second-factor/guard.ts';
import { endHalfSession } from '../sessions/end-half-session.ts';
import type { HalfSession } from '../sessions/find-half-session.ts';
import { type StartedSession, startFullSession } from '../sessions/start-session.ts';
import { rememberDevice } from './known-device.ts';

export interface CompletedSignIn {
  readonly session: StartedSession;
  readonly secondFactor: 'totp' | 'recovery-code';
  /** Set when this browser is new for the person. */
  readonly deviceToken: string | null;
}

/**
 * Exchanges a half-session for a full one under a new random ID. Sign-ins of one person queue on an advisory lock, which
 * keeps the limit of sessions exact without holding the person's row before other sessions' (house order: session, person).
 */
export async function completeSignIn(
  access: AccessContext,
  tx: Tx,
  half: HalfSession,
  secondFactor: 'totp' | 'recovery-code',
  headers: Headers,
  facts: RequestFacts,
): Promise<CompletedSignIn> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sallyport/sign-in/${half.person.id}`}, 0))`.execute(tx);
  if (!(await endHalfSession(tx, half.id))) failGuard();
  const deviceToken = await rememberDevice(access, tx, half.person.id, headers);
  return { session: await startFullSession(access, tx, half.person, secondFactor, facts), secondFactor, deviceToken };
}

/** `{viewer, session}` with the new cookie; the half-session's is dead. */
export function answerSignedIn(access: AccessContext, half: HalfSession, { session, secondFactor, deviceToken }: CompletedSignIn): Response {
  const { id, email, displayName } = half.person;
  return answer({ viewer: { id, email, displayName }, session: { id: session.id, secondFactor, expiresAt: session.expiresAt } }, [
    access.cookies.setSession(session.token),
    ...(deviceToken === null ? [] : [access.cookies.setDevice(deviceToken)]),
  ]);
}
