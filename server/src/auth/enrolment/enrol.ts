import { GatewayError } from '@sallyport/schema/errors.ts';
import { ENROLMENT_COMPLETED, ENROLMENT_OPENED, ENROLMENT_REFUSED } from '@sallyport/schema/modules/access/events.ts';
import type { Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { describeAccessEvent, type KnownPerson } from '../access-event.ts';
import { forgetAttempts, SECOND_FACTOR } from '../attempt-budget.ts';
import { hashIfToken } from '../opaque-token.ts';
import { hashPassword, readNewPassword } from '../password.ts';
import { type RefusalRecord, refuse } from '../refuse.ts';
import { answer, readBody, readText } from '../request-body.ts';
import { openSecret, type SealedSecret, sealSecret } from '../sealed-secret.ts';
import { refuseCode, refuseForm, spendSecondFactorAttempt } from '../second-factor/attempt-second-factor.ts';
import { failGuard, GuardFailed } from '../second-factor/guard.ts';
import { replaceRecoveryCodes } from '../second-factor/recovery-codes.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { describeAuthenticator, findStep, isTotpForm, makeTotpSecret, secondsToNextCode } from '../totp.ts';
import { totpFingerprint } from '../totp-fingerprint.ts';

const VOID_LINK = 'This link has been used or is no longer valid. Ask for a new one.';

interface OpenLink {
  readonly id: string;
  readonly person: KnownPerson & { readonly email: string };
  readonly pending: SealedSecret | null;
  /** Unix time by the database's clock. */
  readonly epoch: number;
}

/**
 * `/auth/enrol {token}` → what to scan. Each opening makes a new secret and forgets the one before: a secret is shown
 * once and never read out again (THREATS B18).
 */
export async function openEnrolment(access: AccessContext, request: Request, facts: RequestFacts): Promise<Response> {
  const body = await readBody(request, ['token']);
  const link = await findLink(access, readText(body, 'token', 128), facts);
  const secret = makeTotpSecret();
  const sealed = sealSecret(access.keys, link.person.id, secret);
  await access.db.transaction().execute(async (tx) => {
    const { rows } = await sql`
      update gateway.enrolment_link set pending_ciphertext = ${sealed.ciphertext}, pending_key_id = ${sealed.keyId}
      where id = ${link.id} and used_at is null and expires_at > clock_timestamp() returning id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('UNAUTHENTICATED', VOID_LINK);
    await access.audit.append(tx, describeAccessEvent(ENROLMENT_OPENED, facts, { person: link.person, target: { type: 'staffMember', id: link.person.id } }));
  });
  return answer({ email: link.person.email, displayName: link.person.displayName, ...(await describeAuthenticator(access.issuer, link.person.email, secret)) });
}

/** `/auth/enrol/confirm {token, password, code}` → `{recoveryCodes}`. The code's step is spent: it does not sign in again. */
export async function confirmEnrolment(access: AccessContext, request: Request, facts: RequestFacts): Promise<Response> {
  const body = await readBody(request, ['token', 'password', 'code']);
  const link = await findLink(access, readText(body, 'token', 128), facts);
  const { person } = link;
  const password = readNewPassword(body['password'], person.email);
  const refusal: RefusalRecord = { event: ENROLMENT_REFUSED, facts, about: { person, target: { type: 'staffMember', id: person.id } } };
  await spendSecondFactorAttempt(access, person.id, refusal);
  if (!isTotpForm(body['code'])) throw await refuseForm(access, refusal, 'Six digits.');
  const secret = link.pending === null ? null : openSecret(access.keys, person.id, link.pending);
  const step = secret === null ? null : findStep(secret, body['code'], link.epoch);
  if (step === null || secret === null || link.pending === null) throw await refuseCode(access, refusal, secondsToNextCode(link.epoch));
  const totp = { ...link.pending, fingerprint: totpFingerprint(access.keys, secret) };
  const passwordHash = await hashPassword(password);
  try {
    const recoveryCodes = await access.db.transaction().execute(async (tx) => {
      await endSessions(access.audit, tx, { staffId: person.id, why: 'enrolment' }, facts, { person });
      if (!(await useLink(tx, link.id, totp))) failGuard();
      if (!(await activate(tx, person.id, passwordHash, totp, step))) failGuard();
      await forgetAttempts(tx, SECOND_FACTOR, person.id);
      await access.audit.append(tx, describeAccessEvent(ENROLMENT_COMPLETED, facts, { person, target: { type: 'staffMember', id: person.id } }));
      return replaceRecoveryCodes(tx, person.id);
    });
    return answer({ recoveryCodes });
  } catch (error) {
    if (error instanceof GuardFailed) throw await refuseCode(access, refusal, secondsToNextCode(link.epoch));
    throw error;
  }
}

async function findLink(access: AccessContext, token: string, facts: RequestFacts): Promise<OpenLink> {
  const { rows } = await sql<{ id: string; staff_id: string; email: string; display_name: string; ciphertext: Buffer | null; key_id: string | null; epoch: number }>`
    select link.id, staff.id as staff_id, staff.email, staff.display_name, link.pending_ciphertext as ciphertext, link.pending_key_id as key_id,
      extract(epoch from clock_timestamp())::float8 as epoch
    from gateway.enrolment_link link join gateway.staff on staff.id = link.staff_id
    where link.token_hash = ${hashIfToken(token)} and link.purpose = 'invitation' and link.used_at is null
      and link.expires_at > clock_timestamp() and staff.state = 'invited'`.execute(access.db);
  const row = rows[0];
  if (!row) {
    throw await refuse(access, { event: ENROLMENT_REFUSED, facts, about: {} }, new GatewayError('UNAUTHENTICATED', VOID_LINK));
  }
  const pending = row.ciphertext !== null && row.key_id !== null ? { ciphertext: row.ciphertext, keyId: row.key_id } : null;
  return { id: row.id, person: { id: row.staff_id, email: row.email, displayName: row.display_name }, pending, epoch: row.epoch };
}

/** One winner: the link must be unused and still wait for exactly the secret whose code was checked. */
async function useLink(tx: Tx, id: string, pending: SealedSecret): Promise<boolean> {
  const { rows } = await sql`
    update gateway.enrolment_link set used_at = clock_timestamp(), pending_ciphertext = null, pending_key_id = null
    where id = ${id} and used_at is null and expires_at > clock_timestamp() and pending_ciphertext = ${pending.ciphertext} returning id`.execute(tx);
  return rows.length > 0;
}

async function activate(tx: Tx, staffId: string, passwordHash: string, totp: SealedSecret & { readonly fingerprint: Buffer }, step: number): Promise<boolean> {
  const { rows } = await sql`
    update gateway.staff set state = 'active', password_hash = ${passwordHash}, password_changed_at = clock_timestamp(),
      totp_ciphertext = ${totp.ciphertext}, totp_key_id = ${totp.keyId}, totp_fingerprint = ${totp.fingerprint},
      totp_last_step = ${step}, totp_enrolled_at = clock_timestamp()
    where id = ${staffId} and state = 'invited' returning id`.execute(tx);
  return rows.length > 0;
}
