import { permissionsIn, type RoleTable } from '@sallyport/schema/policy/rights.ts';
import type { Grant, Viewer } from '@sallyport/schema/viewer.ts';

/**
 * The grant by which a viewer holds a permission at a place, for the record: the narrowest that gives it.
 * Undefined where none does, as on a refusal for want of the right. Decides nothing.
 */
export function grantUsed(viewer: Viewer, permission: string, tenantId: string | null, roles: RoleTable): Grant | undefined {
  const giving = viewer.grants.filter(
    (grant) =>
      (grant.reach === 'global' || (tenantId !== null && grant.reach.has(tenantId))) &&
      permissionsIn(grant, roles).some((held) => held.name === permission && (held.reach === 'tenant' || grant.reach === 'global')),
  );
  return giving.find((grant) => grant.reach !== 'global') ?? giving[0];
}
