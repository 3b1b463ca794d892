import { STAFF_LINKED } from '@sallyport/schema/modules/access/events.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { describeAccessEvent } from '../access-event.ts';
import { AccountRefusal, findAccount } from './find-account.ts';

/**
 * States that two accounts belong to one human, who from then on counts once where two people are needed (THREATS D02). Accounts that
 * either was linked with before come along. Accounts of one human that nobody links stay a risk: only their authenticator betrays them.
 * @throws {AccountRefusal}
 */
export async function linkAccounts(db: Db, audit: AuditLog, emails: readonly [string, string], facts: RequestFacts): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // Two links at once must not each make the other's root a branch.
    await sql`lock table gateway.staff in share row exclusive mode`.execute(tx);
    const [account, same] = [await findAccount(tx, emails[0]), await findAccount(tx, emails[1])];
    if (account.personId === same.personId) throw new AccountRefusal('These accounts are linked already, or are one.');
    await sql`
      update gateway.staff set person_id = ${same.personId} where coalesce(person_id, id) = ${account.personId}`.execute(tx);
    for (const { id } of [account, same])
      await audit.append(tx, describeAccessEvent(STAFF_LINKED, facts, { target: { type: 'staffMember', id }, detail: { personId: same.personId } }));
  });
}
