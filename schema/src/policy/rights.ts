import type { Grant, TenantReach } from '../viewer.ts';
import type { Permission } from '../vocabulary/permission.ts';

/** Role name → permissions, as the modules contribute them. */
export type RoleTable = ReadonlyMap<string, readonly Permission[]>;

/** Key of the role table under which stands what every member of staff may do, with or without grants. */
export const EVERYONE = 'everyone';
/** Key under which stands what an emergency opens. No grant but that of a break-glass names it. */
export const BREAK_GLASS = 'break-glass';
/** What a grant of single permissions names in place of a role. */
export const SINGLE_PERMISSIONS = 'permissions';

/** What a grant carries. A permission that no role carries can't be granted singly either. */
export function permissionsIn(grant: Pick<Grant, 'role' | 'permissions'>, roles: RoleTable): readonly Permission[] {
  if (grant.role !== SINGLE_PERMISSIONS) return roles.get(grant.role) ?? [];
  const named = new Set(grant.permissions ?? []);
  const found = new Map<string, Permission>();
  for (const permissions of roles.values()) for (const permission of permissions) if (named.has(permission.name)) found.set(permission.name, permission);
  return [...found.values()];
}

/**
 * Where each permission holds, given live grants: the union over grants of (permission, reach) pairs,
 * never permissions of one with the tenants of another; and what everyone may do. A permission of global
 * reach follows from a global grant only. An unknown role or an empty reach gives nothing.
 */
export function rightsOf(grants: readonly Grant[], roles: RoleTable): ReadonlyMap<string, TenantReach> {
  const rights = new Map<string, TenantReach>((roles.get(EVERYONE) ?? []).map((permission) => [permission.name, 'global']));
  for (const grant of grants) {
    for (const permission of permissionsIn(grant, roles)) {
      if (permission.reach === 'global' && grant.reach !== 'global') continue;
      const held = rights.get(permission.name);
      if (held === 'global') continue;
      if (grant.reach === 'global') rights.set(permission.name, 'global');
      else if (grant.reach.size > 0) rights.set(permission.name, held ? held.union(grant.reach) : grant.reach);
    }
  }
  return rights;
}
