import type { Grant, Viewer } from '../viewer.ts';
import { reachOf } from '../viewer.ts';
import type { Permission } from '../vocabulary/permission.ts';
import { EVERYONE, permissionsIn, type RoleTable } from './rights.ts';

/** A decision is a value with its reason, never a bare boolean. The grant is null for what everyone on staff may do. */
export type Decision =
  | { readonly allow: true; readonly grant: Grant | null }
  | { readonly allow: false; readonly reason: 'not-held' | 'other-tenant'; readonly permission: string };

/**
 * May the viewer use the permission on a row of this tenant (null: a row of no tenant, which only
 * global reach covers)? Names the grant that allows it: the narrowest, and of equals the one that ends first.
 */
export function decide(viewer: Viewer, roles: RoleTable, permission: Permission, tenantId: string | null): Decision {
  const reach = reachOf(viewer, permission);
  if (reach !== 'global') {
    if (reach.size === 0) return { allow: false, reason: 'not-held', permission: permission.name };
    if (tenantId === null || !reach.has(tenantId)) return { allow: false, reason: 'other-tenant', permission: permission.name };
  }
  const grant = viewer.grants
    .filter((candidate) => {
      if (!permissionsIn(candidate, roles).some((held) => held.name === permission.name)) return false;
      if (candidate.reach === 'global') return true;
      return permission.reach === 'tenant' && tenantId !== null && candidate.reach.has(tenantId);
    })
    .sort(byNarrownessThenEnd)[0];
  if (grant) return { allow: true, grant };
  if (roles.get(EVERYONE)?.some((held) => held.name === permission.name)) return { allow: true, grant: null };
  return { allow: false, reason: 'not-held', permission: permission.name };
}

function byNarrownessThenEnd(a: Grant, b: Grant): number {
  const width = (grant: Grant) => (grant.reach === 'global' ? Number.POSITIVE_INFINITY : grant.reach.size);
  if (width(a) !== width(b)) return width(a) - width(b);
  return (a.expiresAt ?? '9999').localeCompare(b.expiresAt ?? '9999');
}
