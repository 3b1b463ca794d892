import { RECOVERY_CODES_REPLACED, SECOND_FACTOR_REFUSED } from '@sallyport/schema/modules/access/events.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import type { RequestFacts } from '../../kernel/seams.ts';
import type { AccessContext } from '../access-context.ts';
import { describeAccessEvent } from '../access-event.ts';
import { answer, readBody } from '../request-body.ts';
import { acceptTotp } from '../second-factor/accept-totp.ts';
import { countRecoveryCodes, replaceRecoveryCodes } from '../second-factor/recovery-codes.ts';

/** `GET /auth/profile` → the caller's own factors: when they were set and how many recovery codes are left. */
export async function showProfile(access: AccessContext, viewer: Viewer): Promise<Response> {
  const { rows } = await sql<{ totp_enrolled_at: string | null; password_changed_at: string | null }>`
    select totp_enrolled_at, password_changed_at from gateway.staff where id = ${viewer.actor.id}`.execute(access.db);
  const left = await countRecoveryCodes(access.db, viewer.actor.id);
  return answer({
    email: viewer.actor.email,
    displayName: viewer.actor.displayName,
    passwordChangedAt: rows[0]?.password_changed_at ?? null,
    totp: { enrolledAt: rows[0]?.totp_enrolled_at ?? null },
    recoveryCodes: { left },
  });
}

/** `/auth/recovery-codes {code}` → ten new codes for a fresh TOTP code; the old ones are void. */
export async function makeRecoveryCodes(access: AccessContext, viewer: Viewer, request: Request, facts: RequestFacts): Promise<Response> {
  const { code } = await readBody(request, ['code']);
  const refusal = { event: SECOND_FACTOR_REFUSED, facts, about: { viewer, detail: { purpose: 'recovery-codes' } } };
  const recoveryCodes = await acceptTotp(access, viewer.actor.id, code, refusal, async (tx) => {
    await access.audit.append(tx, describeAccessEvent(RECOVERY_CODES_REPLACED, facts, { viewer, target: { type: 'staffMember', id: viewer.actor.id } }));
    return replaceRecoveryCodes(tx, viewer.actor.id);
  });
  return answer({ recoveryCodes });
}
