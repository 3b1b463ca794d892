import type { Permission } from './vocabulary/permission.ts';

/** A member of our own staff. */
export interface StaffMember {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  /** The human behind the account: accounts of one human share it. */
  readonly personId: string;
}

/** Where a grant, or a permission that follows from grants, holds. */
export type TenantReach = 'global' | ReadonlySet<string>;

/**
 * How a grant came about: `standing` until it ends or is revoked, `elevation` asked for and approved for a short time,
 * `break-glass` taken in an emergency and owed a review.
 */
export type GrantKind = 'standing' | 'elevation' | 'break-glass';

export interface Grant {
  readonly id: string;
  readonly kind: GrantKind;
  /** A task role; `permissions` where single permissions are granted, `break-glass` under an emergency. */
  readonly role: string;
  /** Names of the single permissions granted; null where the role says what is. */
  readonly permissions: readonly string[] | null;
  readonly reach: TenantReach;
  readonly reason: string;
  readonly grantedBy: string | null;
  /** ISO 8601, judged by the database's clock. */
  readonly expiresAt: string | null;
}

export interface ViewerSession {
  readonly id: string;
  readonly mode: 'normal' | 'read-only';
  readonly secondFactor: 'totp' | 'recovery-code';
  readonly ip: string;
  readonly createdAt: string;
  /** Absolute end, ISO 8601, by the database's clock. */
  readonly expiresAt: string;
}

/** A scoped token that a person made for their tooling; whoever presents it acts with less than that person's rights. */
export interface ViewerToken {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, judged by the database's clock. */
  readonly expiresAt: string;
}

/** An emergency in force: every event of the session carries its ID until it ends. */
export interface BreakGlass {
  readonly id: string;
  readonly expiresAt: string;
}

/**
 * Who asks. `actor` is the human at the keyboard, `subject` the one acted for: the same person
 * except under impersonation, which exists in this type and nowhere else by hand.
 */
export interface Viewer {
  readonly actor: StaffMember;
  readonly subject: StaffMember;
  /** The person's own session; under a token the one in which the token was made. */
  readonly session: ViewerSession;
  /** Null for the person themselves. */
  readonly token: ViewerToken | null;
  readonly breakGlass: BreakGlass | null;
  readonly grants: readonly Grant[];
  /** Permission name → where it holds. Computed once per request from the live grants. */
  readonly rights: ReadonlyMap<string, TenantReach>;
}

const NOWHERE: ReadonlySet<string> = new Set();

/** Where the viewer holds a permission; the empty set when nowhere. */
export const reachOf = (viewer: Viewer, permission: Permission): TenantReach => viewer.rights.get(permission.name) ?? NOWHERE;

/** Whether `inner` lies within `outer`. */
export function covers(outer: TenantReach, inner: TenantReach): boolean {
  if (outer === 'global') return true;
  if (inner === 'global') return false;
  return inner.isSubsetOf(outer);
}

export const sameReach = (a: TenantReach, b: TenantReach): boolean => a === b || (covers(a, b) && covers(b, a));

/** The tenants in both. */
export function intersect(a: TenantReach, b: TenantReach): TenantReach {
  if (a === 'global') return b;
  if (b === 'global') return a;
  return a.intersection(b);
}

export const isNowhere = (reach: TenantReach): boolean => reach !== 'global' && reach.size === 0;
