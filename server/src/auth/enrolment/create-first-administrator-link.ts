import { randomUUID } from 'node:crypto';
import { GRANT_GIVEN, STAFF_INVITED } from '@sallyport/schema/modules/access/events.ts';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import type { Db } from '@sallyport/schema/ports.ts';
import { sql } from 'kysely';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { describeAccessEvent } from '../access-event.ts';
import { normaliseEmail } from '../email.ts';
import { createEnrolmentLink, type EnrolmentLink } from './enrolment-link.ts';

/** What the first person may do: manage who else may do what. */
export const FIRST_ROLE: RoleName = 'platform-admin';

/** This installation has people already; the next ones are invited by them. */
export class NotEmptyError extends Error {}

export interface FirstAdministrator {
  readonly email: string;
  readonly displayName: string;
  /** Address under which people reach the gateway; the link begins with it. */
  readonly publicUrl: string;
}

/**
 * Invites the first person of an empty installation and gives them the right to manage access, for the command line.
 * Works again, with a new link, until somebody has enrolled; then never more (THREATS A16). No account exists before.
 * @throws {NotEmptyError} when anybody has ever enrolled here.
 * @throws {GatewayError} BAD_INPUT for an address that is none.
 */
export async function createFirstAdministratorLink(db: Db, audit: AuditLog, administrator: FirstAdministrator, facts: RequestFacts): Promise<EnrolmentLink> {
  const email = normaliseEmail(administrator.email);
  return db.transaction().execute(async (tx) => {
    // Two command lines at once must not both find the house empty.
    await sql`lock table gateway.staff in share row exclusive mode`.execute(tx);
    const enrolled = await sql`select id from gateway.staff where state <> 'invited' limit 1`.execute(tx);
    if (enrolled.rows.length > 0) throw new NotEmptyError('Somebody has enrolled here already. Ask them for an invitation.');
    await sql`
      update gateway.enrolment_link set expires_at = least(expires_at, clock_timestamp()) where used_at is null`.execute(tx);
    const { rows } = await sql<{ id: string }>`
      insert into gateway.staff (id, email, display_name) values (${randomUUID()}, ${email}, ${administrator.displayName})
      on conflict (email) do update set display_name = excluded.display_name
      returning id`.execute(tx);
    const id = rows[0]?.id ?? '';
    const grant = await sql<{ id: string }>`
      insert into gateway.access_grant (id, staff_id, role, is_global, reason)
      select ${randomUUID()}, ${id}, ${FIRST_ROLE}, true, 'First administrator of an empty installation'
      where not exists (select from gateway.access_grant where staff_id = ${id} and revoked_at is null)
      returning id`.execute(tx);
    const link = await createEnrolmentLink(tx, id, administrator.publicUrl);
    await audit.append(tx, describeAccessEvent(STAFF_INVITED, facts, { target: { type: 'staffMember', id }, detail: { firstAdministrator: true } }));
    for (const { id: grantId } of grant.rows) {
      await audit.append(tx, describeAccessEvent(GRANT_GIVEN, facts, { target: { type: 'accessGrant', id: grantId }, detail: { staffId: id, role: FIRST_ROLE, global: true } }));
    }
    return link;
  });
}
