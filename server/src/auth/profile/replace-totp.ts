import { randomUUID } from 'node:crypto';
import { GatewayError } from '@sallyport/schema/errors.ts';
import { SECOND_FACTOR_REFUSED, TOTP_REPLACED, TOTP_REPLACEMENT_STARTED } from '@sallyport/schema/modules/access/events.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { describeAccessEvent } from '../access-event.ts';
import { releaseAttempt, SECOND_FACTOR } from '../attempt-budget.ts';
import { hashIfToken, makeToken } from '../opaque-token.ts';
import { readPassword } from '../password.ts';
import { answer, readBody, readText } from '../request-body.ts';
import { openSecret, sealSecret } from '../sealed-secret.ts';
import { acceptTotp } from '../second-factor/accept-totp.ts';
import { refuseCode, refuseForm, spendSecondFactorAttempt } from '../second-factor/attempt-second-factor.ts';
import { failGuard, GuardFailed } from '../second-factor/guard.ts';
import { replaceRecoveryCodes } from '../second-factor/recovery-codes.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { rotateSessionToken } from '../sessions/rotate-session-token.ts';
import { describeAuthenticator, findStep, isTotpForm, makeTotpSecret, secondsToNextCode } from '../totp.ts';
import { totpFingerprint } from '../totp-fingerprint.ts';
import { confirmOwnPassword } from './confirm-own-password.ts';

/** Minutes in which the new authenticator must give its first code. */
const REPLACEMENT_MINUTES = 10;

/**
 * `/auth/totp/replace {password, code}` → a new secret to scan and the token that confirms it. A stolen session is not
 * enough: password and current code are asked again (THREATS B17). Until it is confirmed the old secret stays in force.
 */
export async function startTotpReplacement(access: AccessContext, viewer: Viewer, request: Request, facts: RequestFacts): Promise<Response> {
  const body = await readBody(request, ['password', 'code']);
  await confirmOwnPassword(access, viewer, readPassword(body['password']), request.headers, facts, 'password');
  const secret = makeTotpSecret();
  const sealed = sealSecret(access.keys, viewer.actor.id, secret);
  const replacement = makeToken();
  const refusal = { event: SECOND_FACTOR_REFUSED, facts, about: { viewer, detail: { purpose: 'totp-replacement' } } };
  const token = await acceptTotp(access, viewer.actor.id, body['code'], refusal, async (tx) => {
    const rotated = await rotateSessionToken(tx, viewer.session.id, access.cookies.readSession(request.headers));
    if (rotated === null) failGuard();
    await sql`delete from gateway.enrolment_link where staff_id = ${viewer.actor.id} and purpose = 'replacement'`.execute(tx);
    await sql`
      insert into gateway.enrolment_link (id, staff_id, purpose, token_hash, session_id, pending_ciphertext, pending_key_id, expires_at)
      values (${randomUUID()}, ${viewer.actor.id}, 'replacement', ${replacement.hash}, ${viewer.session.id}, ${sealed.ciphertext}, ${sealed.keyId},
        clock_timestamp() + make_interval(mins => ${REPLACEMENT_MINUTES}))`.execute(tx);
    await access.audit.append(tx, describeAccessEvent(TOTP_REPLACEMENT_STARTED, facts, { viewer, target: { type: 'staffMember', id: viewer.actor.id } }));
    return rotated;
  });
  const setup = await describeAuthenticator(access.issuer, viewer.actor.email, secret);
  return answer({ replacement: replacement.token, ...setup }, [access.cookies.setSession(token)]);
}

/** `/auth/totp/replace/confirm {replacement, code}` → `{recoveryCodes}`: the new secret is in force and the person's other sessions end. */
export async function confirmTotpReplacement(access: AccessContext, viewer: Viewer, request: Request, facts: RequestFacts): Promise<Response> {
  const body = await readBody(request, ['replacement', 'code']);
  const { rows } = await sql<{ id: string; ciphertext: Buffer; key_id: string; epoch: number }>`
    select id, pending_ciphertext as ciphertext, pending_key_id as key_id, extract(epoch from clock_timestamp())::float8 as epoch
    from gateway.enrolment_link
    where token_hash = ${hashIfToken(readText(body, 'replacement', 128))} and purpose = 'replacement' and staff_id = ${viewer.actor.id}
      and session_id = ${viewer.session.id} and used_at is null and expires_at > clock_timestamp()`.execute(access.db);
  const link = rows[0];
  if (!link) throw new GatewayError('NOT_FOUND');
  const refusal = { event: SECOND_FACTOR_REFUSED, facts, about: { viewer, detail: { purpose: 'totp-replacement' } } };
  await spendSecondFactorAttempt(access, viewer.actor.id, refusal);
  if (!isTotpForm(body['code'])) throw await refuseForm(access, refusal, 'Six digits.');
  const secret = openSecret(access.keys, viewer.actor.id, { ciphertext: link.ciphertext, keyId: link.key_id });
  const step = findStep(secret, body['code'], link.epoch);
  if (step === null) throw await refuseCode(access, refusal, secondsToNextCode(link.epoch));
  try {
    const done = await access.db.transaction().execute(async (tx) => {
      const token = await rotateSessionToken(tx, viewer.session.id, access.cookies.readSession(request.headers));
      if (token === null) failGuard();
      await endSessions(access.audit, tx, { staffId: viewer.actor.id, except: viewer.session.id, why: 'totp-replaced' }, facts, { viewer });
      const used = await sql`
        update gateway.enrolment_link set used_at = clock_timestamp(), pending_ciphertext = null, pending_key_id = null
        where id = ${link.id} and used_at is null and expires_at > clock_timestamp() returning id`.execute(tx);
      const replaced = await sql`
        update gateway.staff set totp_ciphertext = ${link.ciphertext}, totp_key_id = ${link.key_id}, totp_fingerprint = ${totpFingerprint(access.keys, secret)},
          totp_last_step = ${step}, totp_enrolled_at = clock_timestamp()
        where id = ${viewer.actor.id} and state = 'active' returning id`.execute(tx);
      if (used.rows.length === 0 || replaced.rows.length === 0) failGuard();
      await releaseAttempt(tx, SECOND_FACTOR, viewer.actor.id);
      await access.audit.append(tx, describeAccessEvent(TOTP_REPLACED, facts, { viewer, target: { type: 'staffMember', id: viewer.actor.id } }));
      return { token, recoveryCodes: await replaceRecoveryCodes(tx, viewer.actor.id) };
    });
    return answer({ recoveryCodes: done.recoveryCodes }, [access.cookies.setSession(done.token)]);
  } catch (error) {
    if (error instanceof GuardFailed) throw await refuseCode(access, refusal, secondsToNextCode(link.epoch));
    throw error;
  }
}
