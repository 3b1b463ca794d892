import { randomUUID } from 'node:crypto';
import { isNameTaken, lockNames } from '@sallyport/schema/modules/access/distinct-names.ts';
import { GRANT_GIVEN, STAFF_INVITED } from '@sallyport/schema/modules/access/events.ts';
import { countApprovers, lockAdministration } from '@sallyport/schema/modules/access/last-administrator.ts';
import { accessSettings } from '@sallyport/schema/modules/access/settings.ts';
import type { Db, Tx } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { describeAccessEvent } from '../access-event.ts';
import { normaliseEmail } from '../email.ts';
import { FIRST_ROLE } from '../enrolment/create-first-administrator-link.ts';
import { createEnrolmentLink, type EnrolmentLink } from '../enrolment/enrolment-link.ts';
import { AccountRefusal } from './find-account.ts';

export interface SecondAdministrator {
  readonly email: string;
  readonly displayName: string;
  readonly reason: string;
  /** Address under which people reach the gateway; the link begins with it. */
  readonly publicUrl: string;
}

/**
 * Makes the one person without whom nothing that takes two can be done: while a single one could approve, nobody could approve that a
 * second one is made. The link is shown on the machine alone, so that the two count as two. While nobody has enrolled by it, whoever was
 * named gets a new link; somebody else can't be named beside them.
 * @throws {AccountRefusal}
 * @throws {GatewayError} BAD_INPUT for an address that is none.
 */
export async function addSecondAdministrator(db: Db, audit: AuditLog, { email, displayName, reason, publicUrl }: SecondAdministrator, facts: RequestFacts): Promise<EnrolmentLink> {
  const address = normaliseEmail(email);
  return db.transaction().execute(async (tx) => {
    // Two command lines at once must not each make a second one.
    await lockAdministration(tx);
    const { active, invited } = await countApprovers(tx);
    if (active === 0) throw new AccountRefusal('Nobody can approve anything yet. Use add-first-administrator, or restore-administrator.');
    if (active > 1) throw new AccountRefusal('Two people can approve already. Ask them.');
    const link = async (staffId: string): Promise<EnrolmentLink> => {
      const made = await createEnrolmentLink(tx, staffId, publicUrl);
      const detail = { secondAdministrator: true, linkExpiresAt: made.expiresAt };
      await audit.append(tx, { ...describeAccessEvent(STAFF_INVITED, facts, { target: { type: 'staffMember', id: staffId }, detail }), reason });
      return made;
    };
    if (invited > 0) return link(await findWaiting(tx, address));

    await lockNames(tx);
    if (await isNameTaken(tx, displayName)) throw new AccountRefusal(`Somebody here is called ${displayName} already. Add what tells them apart.`);
    const id = randomUUID();
    const { rows } = await sql`
      insert into gateway.staff (id, email, display_name) values (${id}, ${address}, ${displayName.trim()}) on conflict (email) do nothing returning id`.execute(tx);
    if (rows.length === 0) throw new AccountRefusal('There is an account with this address already.');
    const grantId = randomUUID();
    await sql`
      insert into gateway.access_grant (id, staff_id, role, is_global, reason, expires_at)
      values (${grantId}, ${id}, ${FIRST_ROLE}, true, ${reason}, clock_timestamp() + make_interval(days => ${accessSettings.grantLongestDays}::int))`.execute(tx);
    const detail = { staffId: id, role: FIRST_ROLE, everywhere: true, secondAdministrator: true, days: accessSettings.grantLongestDays };
    const made = await link(id);
    await audit.append(tx, { ...describeAccessEvent(GRANT_GIVEN, facts, { target: { type: 'accessGrant', id: grantId }, detail }), reason });
    return made;
  });
}

/** Whom this command named before, who has not enrolled yet: the grant comes from nobody, the account from nobody either. */
async function findWaiting(tx: Tx, address: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select waiting.id from gateway.staff waiting
    where waiting.email = ${address} and waiting.state = 'invited' and waiting.invited_by is null
      and exists (select from gateway.access_grant held where held.staff_id = waiting.id and held.role = ${FIRST_ROLE} and held.granted_by is null and held.revoked_at is null)
    for update`.execute(tx);
  if (!rows[0]) throw new AccountRefusal('Somebody who could approve has not enrolled yet. Give them a new link, or disable that account in the console first.');
  return rows[0].id;
}
