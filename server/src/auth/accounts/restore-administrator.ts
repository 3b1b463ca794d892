import { randomUUID } from 'node:crypto';
import { GRANT_GIVEN } from '@sallyport/schema/modules/access/events.ts';
import { hasAdministrator, lockAdministration } from '@sallyport/schema/modules/access/last-administrator.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { describeAccessEvent } from '../access-event.ts';
import { FIRST_ROLE } from '../enrolment/create-first-administrator-link.ts';
import { AccountRefusal, findAccount } from './find-account.ts';

/** Days for which access is given back: long enough to give somebody the role in the console. */
const RESTORED_DAYS = 7;

export interface Restoration {
  readonly email: string;
  readonly reason: string;
}

/**
 * The way back for an installation in which time has taken the last administrator's access: gives it to one account for some days. Only
 * while nobody has it.
 * @returns when it ends.
 * @throws {AccountRefusal}
 */
export async function restoreAdministrator(db: Db, audit: AuditLog, { email, reason }: Restoration, facts: RequestFacts): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await lockAdministration(tx);
    if (await hasAdministrator(tx)) throw new AccountRefusal('Somebody can administer access. Ask them.');
    const account = await findAccount(tx, email);
    if (account.state !== 'active') throw new AccountRefusal(`This account is ${account.state}. Name one that is active, or renew its enrolment first.`);
    const id = randomUUID();
    const { rows } = await sql<{ expires_at: string }>`
      insert into gateway.access_grant (id, staff_id, role, is_global, reason, expires_at)
      values (${id}, ${account.id}, ${FIRST_ROLE}, true, ${reason}, clock_timestamp() + make_interval(days => ${RESTORED_DAYS}::int)) returning expires_at`.execute(tx);
    const detail = { staffId: account.id, role: FIRST_ROLE, everywhere: true, restored: true, days: RESTORED_DAYS };
    await audit.append(tx, { ...describeAccessEvent(GRANT_GIVEN, facts, { target: { type: 'accessGrant', id }, detail }), reason });
    return rows[0]?.expires_at ?? '';
  });
}
