import type { Person } from './fixture.ts';
import type { Matrix } from './matrix.ts';

/** Where something holds: everywhere, or in these tenants. */
export type Reach = 'global' | ReadonlySet<string>;

export const isNowhere = (reach: Reach): boolean => reach !== 'global' && reach.size === 0;

export function contains(reach: Reach, tenantId: string | null): boolean {
  return reach === 'global' || (tenantId !== null && reach.has(tenantId));
}

export function common(a: Reach, b: Reach): Reach {
  if (a === 'global') return b;
  if (b === 'global') return a;
  return new Set([...a].filter((tenant) => b.has(tenant)));
}

/** Whether everything in `part` is in `whole`. */
export function isPart(part: Reach, whole: Reach): boolean {
  if (whole === 'global') return true;
  return part !== 'global' && [...part].every((tenant) => whole.has(tenant));
}

/** Where a person holds each permission, from the matrix's table and their grants alone. */
export function rightsOf(matrix: Matrix, person: Person): (permission: string) => Reach {
  const known = new Map<string, Reach>();
  return (permission) => {
    const before = known.get(permission);
    if (before) return before;
    const rule = matrix.permissions.get(permission);
    if (!rule) throw new TypeError(`The access matrix lists no permission ${permission}`);
    const carrying = person.grants.filter((grant) => rule.roles.has(grant.role));
    const everywhere = rule.everyone || carrying.some((grant) => grant.global);
    const tenants = rule.reach === 'global' ? [] : carrying.flatMap((grant) => grant.tenantIds);
    const reach: Reach = everywhere ? 'global' : new Set(tenants);
    known.set(permission, reach);
    return reach;
  };
}
