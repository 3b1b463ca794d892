import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { GatewayError } from '../../errors.ts';
import { type RoleName, ROLE_NAMES, ROLES } from '../../policy/roles.ts';
import type { RoleTable } from '../../policy/rights.ts';
import type { Tx } from '../../ports.ts';
import type { StaffMember, TenantReach } from '../../viewer.ts';
import { type ApprovedBy, defineAction } from '../../vocabulary/define-action.ts';
import type { EnumValue } from '../../vocabulary/field.ts';
import { accessGrant } from './access-grant.resource.ts';
import { badInput } from './bad-input.ts';
import { GRANT_GIVEN } from './events.ts';
import { approveGrants, giveGrants, isAdministration } from './permissions.ts';
import { isEverywhere, type ReachInput, reachAsked, tenantIdsOf } from './reach-asked.ts';
import { readAccount, requireApprovedByOthers } from './same-person.ts';
import { accessSettings } from './settings.ts';

/** Task roles as an input offers them. */
export const ROLE_VALUES = Object.fromEntries(ROLE_NAMES.map((role) => [role, { label: ROLES[role].label }])) as Readonly<Record<RoleName, EnumValue>>;

interface Asked extends ReachInput {
  readonly staff: string;
  readonly role: string;
}

/**
 * Whatever is privileged, or power over access itself, is given by two, wherever: all tenants one by one are everywhere, and an account
 * whose link one has seen may be oneself (THREATS D02, D14). What is left to one person is routine.
 */
export const needsSecondPerson = ({ role }: Pick<Asked, 'role'>, roles: RoleTable): boolean =>
  (roles.get(role) ?? []).some((permission) => permission.tier === 'privileged' || isAdministration(permission));

/**
 * Whoever is to get it is there, and is another human than those who give: the one who asks and those who approved (G3, A5).
 * @throws {GatewayError} BAD_INPUT, FORBIDDEN, SELF_APPROVAL, CONFLICT.
 */
async function judge(tx: Tx, input: Asked, giver: StaffMember, approval: ApprovedBy | null): Promise<TenantReach> {
  const reach = reachAsked(input);
  const account = await readAccount(tx, input.staff, [giver.id]);
  if (!account) throw badInput('staff', 'names nobody');
  if (account.own) throw new GatewayError('FORBIDDEN', 'Nobody gives access to themselves. Ask for an elevation, or have somebody else do it.');
  await requireApprovedByOthers(tx, input.staff, approval);
  if (account.state === 'disabled') throw new GatewayError('CONFLICT', 'This account is disabled. Enable it first.');
  return reach;
}

/** A standing role for somebody else, with an end. What carries much power waits for a second administrator's approval. */
export const giveGrant = defineAction({
  name: 'giveGrant',
  on: accessGrant,
  creates: true,
  permission: giveGrants,
  label: { en: 'Give a role', id: 'Beri peran' },
  description: {
    en: 'Gives somebody else a role, for tenants or everywhere, until a day. It holds from their next request on.',
    id: 'Memberi peran kepada orang lain, untuk tenant tertentu atau semua, sampai hari tertentu. Berlaku sejak permintaan berikutnya.',
  },
  confirm: { en: 'Give the role {input.role}', id: 'Beri peran {input.role}' },
  done: { en: 'The role is given.', id: 'Peran telah diberikan.' },
  sensitive: 'always',
  justification: 'reason',
  refusedUnder: ['token', 'break-glass'],
  approval: [
    {
      stated: {
        en: 'for roles with privileged permissions or power over access',
        id: 'untuk peran dengan izin istimewa atau kuasa atas akses',
      },
      when: ({ input, roles }) => needsSecondPerson(input, roles),
      alternatives: [{ approver: approveGrants, quorum: 1 }],
    },
  ],
  tenantsFrom: 'tenants',
  input: {
    staff: { type: 'reference', resource: 'staffMember', label: { en: 'To whom', id: 'Kepada' } },
    role: { type: 'enum', values: ROLE_VALUES, label: { en: 'Role', id: 'Peran' } },
    tenants: { type: 'tenants', max: 50, optional: true, label: { en: 'Tenants', id: 'Tenant' } },
    everywhere: { type: 'boolean', optional: true, label: { en: 'For all tenants', id: 'Untuk semua tenant' } },
    days: {
      type: 'integer',
      min: 1,
      max: accessSettings.grantLongestDays,
      label: { en: 'Days', id: 'Hari' },
      help: { en: 'After which it ends by itself.', id: 'Setelah itu berakhir sendiri.' },
    },
  },
  event: GRANT_GIVEN,
  requires: async (tx, { viewer, input, approval }) => {
    await judge(tx, input, viewer.actor, approval);
  },
  async run(tx, { viewer, input, reason, ticket, approval }) {
    const tenantIds = tenantIdsOf(await judge(tx, input, viewer.actor, approval));
    const id = randomUUID();
    // A preview knows no reason and is undone.
    await sql`
      insert into gateway.access_grant (id, staff_id, kind, role, is_global, tenant_ids, reason, ticket, granted_by, approval_id, created_at, activated_at, expires_at)
      select ${id}, ${input.staff}::uuid, 'standing', ${input.role}, ${isEverywhere(input)}, ${tenantIds}::text[], ${reason ?? '-'}, ${ticket}, ${viewer.actor.id}, ${approval?.requestId ?? null},
        clock.now, clock.now, clock.now + make_interval(days => ${input.days}::int)
      from (select clock_timestamp() as now offset 0) clock`.execute(tx);
    return { created: id, detail: { staffId: input.staff, role: input.role, everywhere: isEverywhere(input), tenants: tenantIds.length, days: input.days } };
  },
});
