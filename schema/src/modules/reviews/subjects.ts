import { type RawBuilder, sql } from 'kysely';
import type { RoleTable } from '../../policy/rights.ts';
import { useBreakGlass } from '../emergency/permissions.ts';
import type { Cadence, ReviewKind } from './access-review.resource.ts';

/** Whose access is looked at; null is everybody's and everywhere. */
export interface ReviewScope {
  readonly roles: readonly string[] | null;
  /** What reaches any of them, which what holds everywhere does. */
  readonly tenants: readonly string[] | null;
}

/** A permission to approve acts of others says so in its verb: `approve`, `approve-refund`. */
export const APPROVING = '[.]approve(-[a-z-]+)?$';

/** How far back a campaign looks for tokens and emergencies that are over: as far as the one before, if it is one of a series. */
const PERIOD: Readonly<Record<Cadence, string>> = { once: '1 month', monthly: '1 month', quarterly: '3 months' };

/** A grant that holds or may still come to hold. */
export const grantNotOver = (alias: string): RawBuilder<unknown> => {
  const grant = sql.id(alias);
  return sql`${grant}.revoked_at is null and case when ${grant}.activated_at is null then coalesce(${grant}.activate_before > clock_timestamp(), false)
    else coalesce(${grant}.expires_at > clock_timestamp(), true) end`;
};

export const tokenNotOver = (alias: string): RawBuilder<unknown> => sql`${sql.id(alias)}.revoked_at is null and ${sql.id(alias)}.expires_at > clock_timestamp()`;

/** The policy in force as rows (role, permission, effect, reach), in the form that `policy` below reads. */
export function policyRows(roles: RoleTable): string {
  return JSON.stringify([...roles].flatMap(([role, permissions]) => permissions.map(({ name, effect, reach }) => ({ role, permission: name, effect, reach }))));
}

/**
 * What a grant carries, as `permissionsIn` and `rightsOf` have it: the role's permissions or those named, and of global
 * reach only where the grant is global. As two columns: `carried`, and `acts` of those with effect write.
 */
const CARRIED = sql`
  select coalesce(array_agg(distinct rule.permission order by rule.permission), '{}') as carried,
    coalesce(array_agg(distinct rule.permission order by rule.permission) filter (where rule.effect = 'write'), '{}') as acts
  from policy rule
  where (rule.role = held.role or (held.role = 'permissions' and rule.permission = any(held.permissions))) and (rule.reach = 'tenant' or held.is_global)`;

const utc = (value: RawBuilder<unknown>): RawBuilder<unknown> => sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** What a reviewer is shown, kept as it was. */
const SNAPSHOT = sql`jsonb_build_object('kind', found.kind, 'role', found.role, 'permissions', to_jsonb(found.carried), 'everywhere', found.is_global,
  'tenantIds', to_jsonb(found.tenant_ids), 'holder', holder.display_name, 'holderState', holder.state, 'grantedById', found.granted_by,
  'grantedBy', (select granter.display_name from gateway.staff granter where granter.id = found.granted_by), 'reason', found.reason, 'ticket', found.ticket,
  'grantedAt', ${utc(sql`found.granted_at`)}, 'expiresAt', ${utc(sql`found.expires_at`)},
  'holderLastSeenAt', (select ${utc(sql`max(seen.last_seen_at)`)} from gateway.session seen where seen.staff_id = found.staff_id and seen.stage = 'full'))`;

const COLUMNS = sql.raw('subject_type, subject_id, staff_id, label, kind, role, is_global, tenant_ids, granted_by, reason, ticket, granted_at, expires_at, carried, acts');

const GRANTS = sql`
  select 'grant', held.id, held.staff_id, held.role, held.kind, held.role, held.is_global, held.tenant_ids, held.granted_by,
    held.reason, held.ticket, held.created_at, held.expires_at, carries.carried, carries.acts
  from gateway.access_grant held cross join lateral (${CARRIED}) carries
  where held.kind in ('standing', 'elevation') and ${grantNotOver('held')}`;

/** Of tokens that are over, those that changed something: what only read and is gone leaves nothing to decide. */
const tokens = (since: RawBuilder<unknown>) => sql`
  select 'token', made.id, made.staff_id, made.name, 'token', null, made.is_global, made.tenant_ids, made.staff_id, made.reason, null, made.created_at, made.expires_at,
    made.permissions, array(select distinct rule.permission from policy rule where rule.permission = any(made.permissions) and rule.effect = 'write' order by 1)
  from gateway.access_token made
  where ${tokenNotOver('made')} or (made.created_at > ${since} and exists (
    select from audit.event act where act.token_id = made.id::text and act.time >= made.created_at and act.outcome = 'ok' and act.effect = 'write'))`;

const uses = (since: RawBuilder<unknown>) => sql`
  select 'break-glass', used.id, used.staff_id, used.ticket, 'break-glass', held.role, used.is_global, used.tenant_ids, null, used.reason, used.ticket, used.started_at, used.ends_at, carries.carried, carries.acts
  from gateway.break_glass used join gateway.access_grant held on held.id = used.id cross join lateral (${CARRIED}) carries
  where used.started_at > ${since} or ${grantNotOver('held')}`;

function subjectsOf(kind: ReviewKind, since: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (kind) {
    case 'grants':
      return GRANTS;
    case 'approvers':
      return sql`${GRANTS} and exists (select from unnest(carries.carried) name where name ~ ${APPROVING})`;
    case 'tokens':
      return tokens(since);
    // Who took it, and who may take it at all: an emergency of the past can't be taken back, the right to another can.
    case 'break-glass':
      return sql`${GRANTS} and ${useBreakGlass.name} = any(carries.carried) union all ${uses(since)}`;
  }
}

/**
 * Everything that a campaign of a kind and scope looks at, as a subquery `found` with `holder`, to be put behind `from`.
 * It reads `policy`, which the statement around it provides.
 */
export function subjectsFrom(kind: ReviewKind, { roles, tenants }: ReviewScope, cadence: Cadence): { readonly from: RawBuilder<unknown>; readonly snapshot: RawBuilder<unknown> } {
  const since = sql`clock_timestamp() - ${PERIOD[cadence]}::interval`;
  const ofRole =
    roles === null
      ? sql`true`
      : sql`(found.role = any(${[...roles]}::text[]) or (found.subject_type <> 'grant' and exists (
    select from gateway.access_grant held where held.staff_id = found.staff_id and held.role = any(${[...roles]}::text[]) and ${grantNotOver('held')})))`;
  const ofTenant = tenants === null ? sql`true` : sql`(found.is_global or found.tenant_ids && ${[...tenants]}::text[])`;
  return { from: sql`(${subjectsOf(kind, since)}) found(${COLUMNS}) join gateway.staff holder on holder.id = found.staff_id and ${ofRole} and ${ofTenant}`, snapshot: SNAPSHOT };
}
