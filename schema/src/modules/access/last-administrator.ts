import { type RawBuilder, sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import type { Db, Tx } from '../../ports.ts';
import type { Permission } from '../../vocabulary/permission.ts';
import { LIVE_GRANT } from './live-grant.ts';
import { ACCESS_ROLES, approveGrants, giveGrants } from './permissions.ts';

const LIVE = sql.raw(LIVE_GRANT);

const rolesWith = (permission: Permission): readonly string[] => Object.entries(ACCESS_ROLES).flatMap(([role, carried]) => (carried.includes(permission) ? [role] : []));

/** Task roles that carry the right to give roles. */
export const ADMINISTRATING_ROLES: readonly string[] = rolesWith(giveGrants);

/** Of a grant: whether it lasts, holds everywhere and carries the permission. */
const carriesForGood = (grant: string, permission: Permission): RawBuilder<unknown> => sql`
  ${sql.id(grant, 'kind')} = 'standing' and ${sql.id(grant, 'is_global')}
  and (${sql.id(grant, 'role')} = any(${[...rolesWith(permission)]}::text[]) or ${permission.name} = any(coalesce(${sql.id(grant, 'permissions')}, '{}')))`;

/** What is lent for minutes makes nobody an administrator. */
const administrates = (grant: string): RawBuilder<unknown> => carriesForGood(grant, giveGrants);

/** Rows (staff_id, expires_at), to be put behind `from`: everybody who can administer access at this moment, once for each grant that lets them. */
export const ADMINISTRATORS: RawBuilder<unknown> = sql`(
  select held.staff_id, held.expires_at from gateway.access_grant held join gateway.staff holder on holder.id = held.staff_id and holder.state = 'active'
  where ${administrates('held')} and ${LIVE}) administrator`;

/** Whether a person holds at this moment what lets an active one administer access. */
export async function isAdministrator(tx: Tx, staffId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from gateway.access_grant held where held.staff_id = ${staffId} and ${administrates('held')} and ${LIVE} limit 1`.execute(tx);
  return rows.length > 0;
}

/** Whether this grant lets its holder, whose account is active, administer access while it is live. */
export async function isAdministratorsGrant(tx: Tx, grantId: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from gateway.access_grant held join gateway.staff holder on holder.id = held.staff_id and holder.state = 'active'
    where held.id = ${grantId} and ${administrates('held')}`.execute(tx);
  return rows.length > 0;
}

/** How many different people can approve at this moment, and to the end of their grants, that others are given power; and how many more could once they enrol. */
export async function countApprovers(tx: Tx): Promise<{ readonly active: number; readonly invited: number }> {
  const { rows } = await sql<{ active: number; invited: number }>`
    select count(distinct coalesce(holder.person_id, holder.id)) filter (where holder.state = 'active')::int as active,
      count(distinct coalesce(holder.person_id, holder.id)) filter (where holder.state = 'invited')::int as invited
    from gateway.access_grant held join gateway.staff holder on holder.id = held.staff_id
    where ${carriesForGood('held', approveGrants)} and ${LIVE}`.execute(tx);
  return rows[0] ?? { active: 0, invited: 0 };
}

/** From here to the end of the transaction nobody else takes away, or gives back, the administration of access. */
export const lockAdministration = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended('gateway.access_grant administration', 0))`.execute(tx);
};

export async function hasAdministrator(db: Db | Tx): Promise<boolean> {
  const { rows } = await sql`select 1 from ${ADMINISTRATORS} limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * To be called after an administrator's access was taken away, last in the transaction: at every commit somebody is left who can
 * give roles (F11). Of two that take away at once the second waits here for the first and then counts what that one has left.
 * Time is not held up by it: the log warns daily before the last of them ends, and `sallyport staff restore-administrator` is the way back.
 * @throws {GatewayError} LAST_OWNER.
 */
export async function requireAnAdministratorLeft(tx: Tx): Promise<void> {
  await lockAdministration(tx);
  if (!(await hasAdministrator(tx))) throw new GatewayError('LAST_OWNER', 'Nobody else could administer access then. Give somebody else the right first.');
}
