import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Person } from './fixture.ts';

type PlannedReach = 'global' | readonly number[];

/**
 * Eight people who between them hold every role: everywhere, in named tenants, and several grants in one hand whose
 * permissions and tenants must not mix. Numbers are places in the list of tenants.
 */
const PLANNED: readonly (readonly (readonly [role: string, reach: PlannedReach])[])[] = [
  [['support-viewer', [0, 1, 2, 3, 4]]],
  [
    ['support-operator', [0, 1, 2]],
    ['billing-operator', [3, 4, 5]],
  ],
  [
    ['billing-operator', 'global'],
    ['security-operator', [1, 4]],
  ],
  [['security-operator', 'global']],
  [
    ['production-engineer', [2, 3, 4, 5, 6, 7]],
    ['support-operator', [3]],
  ],
  [['platform-admin', 'global']],
  [
    ['customer-success', 'global'],
    ['support-operator', [1]],
  ],
  [['compliance-auditor', 'global']],
];

export function planPeople(tenantIds: readonly string[]): Person[] {
  return PLANNED.map((grants) => {
    const held = grants.map(([role, reach]) => ({ role, global: reach === 'global', tenantIds: reach === 'global' ? [] : reach.flatMap((place) => tenantIds[place] ?? []) }));
    // A small product has fewer tenants than the plan: a grant for none of them would be none.
    return {
      name: grants.map(([role, reach]) => `${role} ${reach === 'global' ? reach : `in ${reach.length}`}`).join(' + '),
      grants: held.filter((grant) => grant.global || grant.tenantIds.length > 0),
    };
  });
}

/** Gives a member of staff exactly these grants, before they sign in. */
export async function replaceGrants(owner: Kysely<unknown>, email: string, person: Person): Promise<void> {
  await sql`update gateway.access_grant set revoked_at = clock_timestamp() where staff_id = (select id from gateway.staff where email = ${email})`.execute(owner);
  for (const grant of person.grants) {
    await sql`
      insert into gateway.access_grant (id, staff_id, role, is_global, tenant_ids, reason)
      select ${randomUUID()}, id, ${grant.role}, ${grant.global}, ${[...grant.tenantIds]}::text[], 'held in the test of reads' from gateway.staff where email = ${email}`.execute(
      owner,
    );
  }
}
