import type { Grant, TenantReach } from '../viewer.ts';
import type { Permission } from '../vocabulary/permission.ts';

/** Role name → permissions, as the modules contribute them. */
export type RoleTable = ReadonlyMap<string, readonly Permission[]>;

/**
 * Where each permission holds, given live grants: the union over grants of (permission, reach) pairs,
 * never permissions of one with the tenants of another. A permission of global reach follows from a
 * global grant only. An unknown role or an empty reach gives nothing.
 */
export function rightsOf(grants: readonly Grant[], roles: RoleTable): ReadonlyMap<string, TenantReach> {
  const rights = new Map<string, TenantReach>();
  for (const grant of grants) {
    for (const permission of roles.get(grant.role) ?? []) {
      if (permission.reach === 'global' && grant.reach !== 'global') continue;
      const held = rights.get(permission.name);
      if (held === 'global') continue;
      if (grant.reach === 'global') rights.set(permission.name, 'global');
      else if (grant.reach.size > 0) rights.set(permission.name, held ? held.union(grant.reach) : grant.reach);
    }
  }
  return rights;
}
