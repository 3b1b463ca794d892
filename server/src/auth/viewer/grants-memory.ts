import { type RoleTable, rightsOf } from '@sallyport/schema/policy/rights.ts';
import type { Grant, TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import type { ViewerRow } from './session-statement.ts';

interface StoredGrant {
  readonly id: string;
  readonly role: string;
  readonly global: boolean;
  readonly tenantIds: readonly string[];
  readonly reason: string;
  readonly grantedBy: string | null;
  readonly expiresAt: string | null;
}

interface HeldRights {
  readonly grants: readonly Grant[];
  readonly rights: ReadonlyMap<string, TenantReach>;
}

const REMEMBERED = 500;

/**
 * Makes viewers from rows. Rights are computed once for each distinct set of live grants, as the database has just
 * stated it: the memory saves work, never a look at the grants, so a revoked or expired one is gone at the next request.
 */
export function createViewerMaker(roles: RoleTable): (row: ViewerRow) => Viewer {
  const remembered = new Map<string, HeldRights>();
  const heldRights = (text: string): HeldRights => {
    const known = remembered.get(text);
    if (known) return known;
    const grants = (JSON.parse(text) as StoredGrant[]).map(readGrant);
    const held = { grants, rights: rightsOf(grants, roles) };
    const oldest = remembered.size >= REMEMBERED ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.set(text, held);
    return held;
  };
  return (row) => {
    const person = { id: row.staff_id, email: row.email, displayName: row.display_name };
    return {
      actor: person,
      subject: person,
      session: { id: row.session_id, mode: row.mode, secondFactor: row.second_factor, ip: row.ip, createdAt: row.created_at, expiresAt: row.expires_at },
      ...heldRights(row.grants),
    };
  };
}

const readGrant = (stored: StoredGrant): Grant => ({
  id: stored.id,
  role: stored.role,
  reach: stored.global ? 'global' : new Set(stored.tenantIds),
  reason: stored.reason,
  grantedBy: stored.grantedBy,
  expiresAt: stored.expiresAt,
});
