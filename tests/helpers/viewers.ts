import { rightsOf } from '@sallyport/schema/policy/rights.ts';
import type { RoleName } from '@sallyport/schema/policy/roles.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Door, PersonalReads, RequestContext } from '@sallyport/schema/ports.ts';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import type { Kysely } from 'kysely';

/** A viewer who holds task roles with reaches, without signing in: for tests below the HTTP layer. */
export function viewerHolding(registry: Registry, ...held: readonly (readonly [RoleName, TenantReach])[]): Viewer {
  const grants = held.map(([role, reach], index) => ({
    id: `grant-${index}`,
    kind: 'standing' as const,
    role,
    permissions: null,
    reach,
    reason: 'test',
    grantedBy: null,
    expiresAt: null,
  }));
  const person = { id: '00000000-0000-4000-8000-000000000001', email: 'tester@sallyport.example', displayName: 'Tester', personId: '00000000-0000-4000-8000-000000000001' };
  const session = { id: '00000000-0000-4000-8000-000000000002', mode: 'normal', secondFactor: 'totp', ip: '127.0.0.1', createdAt: '', expiresAt: '' } as const;
  return { actor: person, subject: person, session, token: null, breakGlass: null, grants, rights: rightsOf(grants, registry.roles) };
}

/** Everything that a request put down for the log. */
export interface NotedReads extends PersonalReads {
  readonly personal: string[];
  readonly conditions: string[];
  readonly refused: string[];
  readonly listings: string[];
}

export function noteReads(): NotedReads {
  const noted = { personal: [] as string[], conditions: [] as string[], refused: [] as string[], listings: [] as string[] };
  return {
    ...noted,
    note: (resource, field, id) => void noted.personal.push(`${resource}.${field}/${id}`),
    noteCondition: (resource, field) => void noted.conditions.push(`${resource}.${field}`),
    noteListing: (kind) => void noted.listings.push(kind),
    refuse: (permission, field) => void noted.refused.push(`${permission} ${field}`),
  };
}

/** A request's context around a viewer; a door that nobody should come to unless the test brings one. */
export function contextOf(db: Kysely<unknown>, viewer: Viewer | null, door?: Partial<Door>): RequestContext & { readonly reads: NotedReads } {
  const closed = (): never => {
    throw new Error('this test brought no door');
  };
  return {
    viewer,
    correlationId: '00000000-0000-4000-8000-0000000000ff',
    surface: 'api',
    ip: '127.0.0.1',
    userAgent: 'test',
    environment: 'test',
    policyVersion: '0'.repeat(64),
    idempotencyKey: null,
    stepUpProof: null,
    db,
    cursorKey: Buffer.alloc(32, 1),
    memory: new Map(),
    door: { runAction: closed, refuseAction: closed, passSensitiveRead: closed, mayDecide: closed, ...door },
    reads: noteReads(),
    logStanding: () => ({ state: 'sound' }),
    logSurroundings: () => ({ witnesses: [], clockDifferenceSeconds: null, store: null }),
  };
}
