import { narrowTo, type Scope } from '@sallyport/schema/policy/narrow.ts';
import { permissionsIn, type RoleTable, rightsOf } from '@sallyport/schema/policy/rights.ts';
import type { Grant, GrantKind, TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import type { TokenRow } from '../tokens/token-statement.ts';
import type { ViewerRow } from './session-statement.ts';

interface StoredGrant {
  readonly id: string;
  readonly kind: GrantKind;
  readonly permissions: readonly string[] | null;
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
  readonly breakGlass: Viewer['breakGlass'];
}

export interface ViewerMaker {
  /** The person themselves. */
  ofSession(row: ViewerRow): Viewer;
  /** A token of theirs: their rights of this moment, as far as the token was made for them. */
  ofToken(row: TokenRow): Viewer;
}

const REMEMBERED = 500;

/**
 * Makes viewers from rows. Rights are computed once for each distinct set of live grants, as the database has just
 * stated it: the memory saves work, never a look at the grants, so a revoked or expired one is gone at the next request.
 */
export function createViewerMaker(roles: RoleTable): ViewerMaker {
  const remember = createBoundedMemory<HeldRights>();
  const ofGrants = (text: string): HeldRights =>
    remember(text, () => {
      const grants = (JSON.parse(text) as StoredGrant[]).map(readGrant);
      return { grants, rights: rightsOf(grants, roles), breakGlass: breakGlassOf(grants) };
    });
  const ofScope = (row: TokenRow): HeldRights =>
    remember(JSON.stringify([row.grants, row.token_permissions, row.token_global, row.token_tenants]), () => {
      const person = ofGrants(row.grants);
      // An emergency is taken by a person for what they do themselves: it opens nothing to what runs in their name.
      const grants = person.grants.filter((grant) => grant.kind !== 'break-glass');
      const scope: Scope = { permissions: row.token_permissions, reach: row.token_global ? 'global' : new Set(row.token_tenants) };
      const carries = (grant: Grant): boolean => permissionsIn(grant, roles).some(({ name }) => scope.permissions.includes(name));
      return { grants: grants.filter(carries), rights: narrowTo(rightsOf(grants, roles), scope, roles), breakGlass: person.breakGlass };
    });
  return {
    ofSession: (row) => makeViewer(row, ofGrants(row.grants), null),
    ofToken: (row) => makeViewer(row, ofScope(row), { id: row.token_id, name: row.token_name, expiresAt: row.token_expires_at }),
  };
}

function makeViewer(row: ViewerRow, held: HeldRights, token: Viewer['token']): Viewer {
  const person = { id: row.staff_id, email: row.email, displayName: row.display_name, personId: row.person_id };
  return {
    actor: person,
    subject: person,
    session: { id: row.session_id, mode: row.mode, secondFactor: row.second_factor, ip: row.ip, createdAt: row.created_at, expiresAt: row.expires_at },
    token,
    ...held,
  };
}

function createBoundedMemory<Value>(): (key: string, make: () => Value) => Value {
  const remembered = new Map<string, Value>();
  return (key, make) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const made = make();
    const oldest = remembered.size >= REMEMBERED ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    remembered.set(key, made);
    return made;
  };
}

const readGrant = (stored: StoredGrant): Grant => ({
  id: stored.id,
  kind: stored.kind,
  role: stored.role,
  permissions: stored.permissions,
  reach: stored.global ? 'global' : new Set(stored.tenantIds),
  reason: stored.reason,
  grantedBy: stored.grantedBy,
  expiresAt: stored.expiresAt,
});

/** The emergency in force, told by its grant. */
function breakGlassOf(grants: readonly Grant[]): Viewer['breakGlass'] {
  const taken = grants.find((grant) => grant.kind === 'break-glass');
  return taken?.expiresAt ? { id: taken.id, expiresAt: taken.expiresAt } : null;
}
