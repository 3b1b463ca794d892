import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { permissionsIn, rightsOf, type RoleTable, SINGLE_PERMISSIONS } from '../../policy/rights.ts';
import { covers, type TenantReach, type Viewer } from '../../viewer.ts';
import { defineAction } from '../../vocabulary/define-action.ts';
import type { Permission } from '../../vocabulary/permission.ts';
import { accessGrant } from './access-grant.resource.ts';
import { badInput } from './bad-input.ts';
import { ELEVATION_GRANTED } from './events.ts';
import { ROLE_VALUES } from './give-grant.action.ts';
import { approveElevations, requestElevations } from './permissions.ts';
import { isEverywhere, type ReachInput, reachAsked, tenantIdsOf } from './reach-asked.ts';
import { accessSettings } from './settings.ts';

interface Asked extends ReachInput {
  readonly role?: string | null;
  readonly permissions?: readonly string[] | null;
}

/** What a grant of it would give: a permission of global reach follows from a global grant alone. */
function permissionsAsked({ role, permissions, everywhere }: Asked, roles: RoleTable): readonly Permission[] {
  const grant = role ? { role, permissions: null } : { role: SINGLE_PERMISSIONS, permissions: permissions ?? [] };
  return permissionsIn(grant, roles).filter(({ reach }) => isEverywhere({ everywhere }) || reach === 'tenant');
}

const isWide = (asked: ReachInput): boolean => isEverywhere(asked) || (asked.tenants?.length ?? 0) > accessSettings.elevationTenantsByOne;

/** Nothing that would be lent is held already for good: what is lent may be asked for again before it ends. */
function holdsAlready(viewer: Viewer, asked: readonly Permission[], reach: TenantReach, roles: RoleTable): boolean {
  const standing = rightsOf(
    viewer.grants.filter(({ kind }) => kind === 'standing'),
    roles,
  );
  return asked.every(({ name }) => covers(standing.get(name) ?? new Set(), reach));
}

/**
 * Whether it can be lent at all, and would give anything.
 * @throws {GatewayError} BAD_INPUT; FORBIDDEN for what is never lent, naming it; CONFLICT for what is held already.
 */
function judge(input: Asked, viewer: Viewer, roles: RoleTable, mayBeLent: (permission: string) => boolean): TenantReach {
  const reach = reachAsked(input);
  const named = input.permissions ?? [];
  if ((input.role ?? null) === null ? named.length === 0 : named.length > 0) throw badInput('role', 'name a role or permissions, one of the two');
  const asked = permissionsAsked(input, roles);
  const idle = named.find((name) => !asked.some((permission) => permission.name === name));
  if (idle !== undefined) throw badInput('permissions', 'one of them would give nothing there');
  if (asked.length === 0) throw badInput('role', 'would give nothing there');
  const refused = asked.find(({ name }) => !mayBeLent(name));
  if (refused) throw new GatewayError('FORBIDDEN', 'Power over access, and the right to approve, are never lent.', { permission: refused.name });
  if (holdsAlready(viewer, asked, reach, roles)) throw new GatewayError('CONFLICT', 'You hold all of this already.');
  return reach;
}

/** A role or single permissions, somewhere, for minutes: asked for with a reason, given by others, gone by itself (A5, T2). */
export const requestElevation = defineAction({
  name: 'requestElevation',
  on: accessGrant,
  creates: true,
  permission: requestElevations,
  label: { en: 'Ask for access', id: 'Minta akses' },
  description: {
    en: 'Asks others for a role or single permissions for a short time. The clock starts when it is approved, or when you activate it.',
    id: 'Meminta peran atau izin tertentu kepada orang lain untuk waktu singkat. Waktu dihitung sejak disetujui, atau sejak Anda mengaktifkannya.',
  },
  confirm: { en: 'Ask for {input.minutes} minutes', id: 'Minta {input.minutes} menit' },
  done: { en: 'Your request is filed.', id: 'Permintaan Anda diajukan.' },
  sensitive: 'always',
  justification: 'reason-and-ticket',
  refusedUnder: ['token'],
  approval: [
    {
      stated: {
        en: `for privileged access everywhere, or to more than ${accessSettings.elevationTenantsByOne} tenants`,
        id: `untuk akses istimewa di semua tenant, atau di lebih dari ${accessSettings.elevationTenantsByOne} tenant`,
      },
      when: ({ input, roles }) => isWide(input) && permissionsAsked(input, roles).some(({ tier }) => tier === 'privileged'),
      alternatives: [{ approver: approveElevations, quorum: 2 }],
      expiresAfterMinutes: accessSettings.elevationRequestMinutes,
    },
    {
      stated: { en: 'always', id: 'selalu' },
      when: () => true,
      alternatives: [{ approver: approveElevations, quorum: 1 }],
      expiresAfterMinutes: accessSettings.elevationRequestMinutes,
    },
  ],
  tenantsFrom: 'tenants',
  input: {
    tenants: { type: 'tenants', max: 20, optional: true, label: { en: 'Tenants', id: 'Tenant' } },
    everywhere: { type: 'boolean', optional: true, label: { en: 'For all tenants', id: 'Untuk semua tenant' } },
    role: { type: 'enum', values: ROLE_VALUES, optional: true, label: { en: 'Role', id: 'Peran' } },
    permissions: { type: 'permissions', max: 20, optional: true, label: { en: 'Or single permissions', id: 'Atau izin tertentu' } },
    minutes: { type: 'integer', min: accessSettings.elevationShortestMinutes, max: accessSettings.elevationLongestMinutes, label: { en: 'Minutes', id: 'Menit' } },
    startsOnActivation: {
      type: 'boolean',
      optional: true,
      label: { en: 'Wait until I activate it', id: 'Tunggu sampai saya aktifkan' },
      help: { en: `Within ${accessSettings.elevationActivationHours} hours of the approval.`, id: `Dalam ${accessSettings.elevationActivationHours} jam setelah disetujui.` },
    },
  },
  event: ELEVATION_GRANTED,
  requires: async (_tx, { viewer, input, roles }, { staff }) => {
    judge(input, viewer, roles, staff.mayBeLent);
  },
  async run(tx, { viewer, input, roles, reason, ticket, approval }, { staff }) {
    const tenantIds = tenantIdsOf(judge(input, viewer, roles, staff.mayBeLent));
    const id = randomUUID();
    const waits = input.startsOnActivation ?? false;
    const single = input.role ? null : [...(input.permissions ?? [])].sort();
    // A preview knows no reason and is undone; whoever gave the last approval gave it.
    const { rows } = await sql`
      insert into gateway.access_grant (id, staff_id, kind, role, permissions, is_global, tenant_ids, reason, ticket, granted_by, approval_id, created_at, minutes, activated_at, activate_before, expires_at)
      select ${id}, holder.id, 'elevation', ${input.role ?? SINGLE_PERMISSIONS}, ${single}::text[], ${isEverywhere(input)}, ${tenantIds}::text[], ${reason ?? '-'}, ${ticket},
        ${approval?.approverIds.at(-1) ?? null}, ${approval?.requestId ?? null}, clock.now, ${input.minutes}::int,
        case when ${waits} then null else clock.now end,
        case when ${waits} then clock.now + make_interval(hours => ${accessSettings.elevationActivationHours}::int) end,
        case when ${waits} then null else clock.now + make_interval(mins => ${input.minutes}::int) end
      from gateway.staff holder, (select clock_timestamp() as now offset 0) clock
      where holder.id = ${viewer.actor.id} and holder.state = 'active' returning id`.execute(tx);
    if (rows.length === 0) throw new GatewayError('CONFLICT', 'Whoever asked is no longer active.');
    return {
      created: id,
      detail: {
        role: input.role ?? SINGLE_PERMISSIONS,
        permissions: single?.length ?? null,
        everywhere: isEverywhere(input),
        tenants: tenantIds.length,
        minutes: input.minutes,
        waits,
      },
    };
  },
});
