import { ENROLMENT_RENEWED } from '@sallyport/schema/modules/access/events.ts';
import { lockSessionsOf, withdrawFactors } from '@sallyport/schema/modules/access/withdraw-factors.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { describeAccessEvent } from '../access-event.ts';
import { createEnrolmentLink, type EnrolmentLink } from '../enrolment/enrolment-link.ts';
import { endTemporaryGrants } from '../grants/end-temporary-grants.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { revokeTokensOf } from '../tokens/revoke-tokens-of.ts';
import { AccountRefusal, findAccount } from './find-account.ts';

/**
 * The action `renewEnrolment` for whoever is on the machine, when nobody is left who could do it in the console: the last administrator
 * lost their authenticator (F11). No guard of the last administrator: this is the way back.
 * @throws {AccountRefusal}
 */
export async function renewEnrolmentOnMachine(
  db: Db,
  audit: AuditLog,
  { email, publicUrl }: { readonly email: string; readonly publicUrl: string },
  facts: RequestFacts,
): Promise<EnrolmentLink> {
  return db.transaction().execute(async (tx) => {
    const account = await findAccount(tx, email);
    await lockSessionsOf(tx, account.id);
    if (!(await withdrawFactors(tx, account.id))) throw new AccountRefusal('This account is disabled. Somebody has to enable it first.');
    const sessions = await endSessions(audit, tx, { staffId: account.id, why: 'enrolment' }, facts, {});
    const grants = await endTemporaryGrants(audit, tx, account.id, facts, {});
    const tokensRevoked = await revokeTokensOf(audit, tx, account.id, facts, null);
    const link = await createEnrolmentLink(tx, account.id, publicUrl);
    const detail = { sessionsEnded: sessions.length, temporaryGrantsEnded: grants, tokensRevoked, linkExpiresAt: link.expiresAt };
    await audit.append(tx, describeAccessEvent(ENROLMENT_RENEWED, facts, { target: { type: 'staffMember', id: account.id }, detail }));
    return link;
  });
}
