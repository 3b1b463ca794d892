import { sameHuman } from '@sallyport/schema/modules/access/same-person.ts';
import type { Db, Tx } from '@sallyport/schema/ports.ts';
import type { Grant, GrantKind, StaffMember } from '@sallyport/schema/viewer.ts';
import { sql } from 'kysely';
import { LIVE_GRANT } from '@sallyport/schema/modules/access/live-grant.ts';

/** A live grant, and whether the requester has had a hand in it. */
export interface HeldGrant extends Grant {
  /** Given, or approved, by an account of the requester's within the last thirty days. */
  readonly fromRequester: boolean;
}

/** One of our own staff as the rows have them at this moment, without any session. */
export interface PersonNow extends StaffMember {
  readonly active: boolean;
  /** Keyed hash of the authenticator's secret, hex; null where none is known. */
  readonly totpFingerprint: string | null;
  /** Accounts whose human saw the link with which this account was enrolled within the last thirty days, or enrolled that one so: any of them can be who comes by it. */
  readonly enrolledThrough: readonly string[];
  readonly grants: readonly HeldGrant[];
}

interface PersonRow extends Omit<PersonNow, 'grants'> {
  readonly grants: readonly (Omit<HeldGrant, 'reach'> & { readonly kind: GrantKind; readonly global: boolean; readonly tenantIds: readonly string[] })[];
}

export interface PeopleAsked {
  /** Of whose grants it is asked whether they come from them. */
  readonly requesterId: string;
  /** Null for everybody who is active. */
  readonly ids: readonly string[] | null;
  /** Locks people and grants FOR SHARE: whoever disables or revokes comes wholly before or wholly after. Within a transaction only. */
  readonly lock: boolean;
}

/** Reads people with their live grants. A grant bound to a session counts while that session lives. In order of their names. */
export async function readPeopleNow(db: Tx | Db, { requesterId, ids, lock }: PeopleAsked): Promise<readonly PersonNow[]> {
  const share = sql.raw(lock ? 'for share' : '');
  const { rows } = await sql<PersonRow>`
    with recursive accounts as materialized (
      select account.id from gateway.staff account, gateway.staff requester
      where requester.id = ${requesterId}::uuid and ${sameHuman('account', 'requester')}),
    people as materialized (
      select staff.* from gateway.staff
      where ${ids === null ? sql`staff.state = 'active'` : sql`staff.id = any(${[...ids]}::uuid[])`} order by staff.id ${share}),
    held as materialized (
      select held.* from gateway.access_grant held
      where held.staff_id in (select id from people) and ${sql.raw(LIVE_GRANT)}
        and (held.session_id is null
          or exists (select from gateway.session of where of.id = held.session_id and of.ended_at is null and of.expires_at > clock_timestamp()))
      order by held.id ${share}),
    -- Whoever saw a link may be who used it: nobody else was there.
    through(account_id, hand_id) as (
      select made.staff_id, hand.id from gateway.enrolment_link made
        join gateway.staff maker on maker.id = made.made_by join gateway.staff hand on ${sameHuman('hand', 'maker')}
      where made.staff_id in (select id from people) and made.used_at > clock_timestamp() - interval '30 days'
      union
      select through.account_id, hand.id from through
        join gateway.enrolment_link made on made.staff_id = through.hand_id and made.used_at > clock_timestamp() - interval '30 days'
        join gateway.staff maker on maker.id = made.made_by join gateway.staff hand on ${sameHuman('hand', 'maker')})
    select people.id, people.email, people.display_name as "displayName", coalesce(people.person_id, people.id) as "personId", people.state = 'active' as active,
      encode(people.totp_fingerprint, 'hex') as "totpFingerprint",
      array(select through.hand_id::text from through where through.account_id = people.id order by 1) as "enrolledThrough",
      coalesce((
        select json_agg(json_build_object('id', held.id, 'kind', held.kind, 'role', held.role, 'permissions', held.permissions, 'global', held.is_global,
          'tenantIds', held.tenant_ids, 'reason', held.reason, 'expiresAt', to_char(held.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
          'grantedBy', (select granter.display_name from gateway.staff granter where granter.id = held.granted_by),
          'fromRequester', held.created_at > clock_timestamp() - interval '30 days' and (
            held.granted_by in (select id from accounts)
            or exists (select from gateway.approval_review review
              where review.request_id = held.approval_id and review.decision = 'approve' and review.reviewer_id in (select id from accounts)))) order by held.created_at, held.id)
        from held where held.staff_id = people.id), '[]') as grants
    from people order by people.display_name, people.id`.execute(db);
  return rows.map(({ grants, ...person }) => ({
    ...person,
    grants: grants.map(({ global, tenantIds, ...grant }) => ({ ...grant, reach: global ? 'global' : new Set(tenantIds) })),
  }));
}
