import { intersect, isNowhere, type TenantReach } from '../viewer.ts';
import type { RoleTable } from './rights.ts';

type Rights = ReadonlyMap<string, TenantReach>;

/** What somebody may do of what they hold: named permissions, each where it is named. */
export interface Scope {
  readonly permissions: readonly string[];
  readonly reach: TenantReach;
}

/**
 * Rights that are left under a scope, which adds nothing: each permission that is named exactly, in the tenants in both. A permission
 * of global reach holds everywhere or not at all, so a scope of some tenants leaves nothing of it.
 */
export function narrowTo(rights: Rights, scope: Scope, roles: RoleTable): Rights {
  const declared = new Map([...roles.values()].flat().map((permission) => [permission.name, permission]));
  return kept(rights, (name) => {
    if (!scope.permissions.includes(name)) return null;
    return declared.get(name)?.reach === 'global' && scope.reach !== 'global' ? null : scope.reach;
  });
}

/** Rights that are in both. */
export const inBoth = (rights: Rights, others: Rights): Rights => kept(rights, (name) => others.get(name) ?? null);

function kept(rights: Rights, within: (name: string) => TenantReach | null): Rights {
  const left = new Map<string, TenantReach>();
  for (const [name, held] of rights) {
    const other = within(name);
    if (other === null) continue;
    const reach = intersect(held, other);
    if (!isNowhere(reach)) left.set(name, reach);
  }
  return left;
}
