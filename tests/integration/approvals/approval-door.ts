import { createHash, randomUUID } from 'node:crypto';
import { GatewayError } from '@sallyport/schema/errors.ts';
import { modules } from '@sallyport/schema/index.ts';
import { rightsOf } from '@sallyport/schema/policy/rights.ts';
import { registerModules } from '@sallyport/schema/resources/registry.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { createAuditLog } from '@sallyport/server/audit/audit-log.ts';
import { createTransactions } from '@sallyport/server/db/pipelined-transaction.ts';
import { createDoor } from '@sallyport/server/gates/door.ts';
import { prepareEnqueue } from '@sallyport/server/jobs/enqueue.ts';
import { sql } from 'kysely';
import type { TestGateway } from '../../helpers/gateway.ts';
import { NO_SERVICES } from '../../helpers/services.ts';
import { contextOf } from '../../helpers/viewers.ts';

export const registry = registerModules(modules);

/** A person as the rows have them, with the grants that live now; `way` says how they come. */
export async function viewerFor(test: TestGateway, staffId: string, way: Partial<Pick<Viewer, 'token' | 'breakGlass' | 'subject'>> = {}): Promise<Viewer> {
  const { rows } = await sql<{ email: string; name: string; person: string; grants: readonly { id: string; role: string; global: boolean; tenants: readonly string[] }[] }>`
    select email, display_name as name, coalesce(person_id, id) as person,
      (select coalesce(json_agg(json_build_object('id', id, 'role', role, 'global', is_global, 'tenants', tenant_ids)), '[]') from gateway.access_grant where staff_id = staff.id and revoked_at is null) as grants
    from gateway.staff where id = ${staffId}`.execute(test.database.owner);
  const [row] = rows;
  if (!row) throw new Error('nobody has this ID');
  const grants = row.grants.map(({ id, role, global, tenants }) => ({
    id,
    kind: 'standing' as const,
    role,
    permissions: null,
    reach: global ? ('global' as const) : new Set(tenants),
    reason: 'test',
    grantedBy: null,
    expiresAt: null,
  }));
  const member = { id: staffId, email: row.email, displayName: row.name, personId: row.person };
  const session = { id: randomUUID(), mode: 'normal', secondFactor: 'totp', ip: '127.0.0.1', createdAt: '', expiresAt: '' } as const;
  return { actor: member, subject: member, session, token: null, breakGlass: null, grants, rights: rightsOf(grants, registry.roles), ...way };
}

/** Approves through a door at which the viewer has been let in with a proof, whoever they are: for ways in that have no page of their own. */
export async function approveAs(test: TestGateway, viewer: Viewer, request: { readonly id: string; readonly shownDigest: string }): Promise<string> {
  const { app, appPool, owner } = test.database;
  const { rows } = await sql<{ policy: string }>`select policy_version as policy from gateway.approval_request where id = ${request.id}`.execute(owner);
  const policyVersion = rows[0]?.policy ?? createHash('sha256').digest('hex');
  const door = createDoor({
    open: createTransactions(appPool),
    registry,
    audit: createAuditLog({ db: app, policy: { hash: policyVersion }, environment: 'test', roles: registry.roles }),
    authentication: {
      reloadViewer: async () => viewer,
      stepUp: { claimProof: async () => ({ stepUpId: randomUUID() }), isGoodProof: async () => true, issueChallenge: async () => ({ challenge: '', maxAgeSeconds: 0 }) },
    },
    prepareMessage: (message, correlationId, tenantId) => prepareEnqueue(message, correlationId, tenantId).query,
    classify: (error) => (error instanceof GatewayError ? error : new GatewayError('INTERNAL')),
    staff: () => NO_SERVICES.staff,
    tokens: () => NO_SERVICES.tokens,
    log: NO_SERVICES.log,
    keeping: NO_SERVICES.keeping,
    requireSoundLog: () => undefined,
  });
  const action = registry.actions.get('approveRequest');
  if (!action) throw new Error('nothing approves');
  const context = { ...contextOf(app, viewer), policyVersion, stepUpProof: 'given', correlationId: randomUUID() };
  try {
    return (await door.runAction(action, { id: request.id, shownDigest: request.shownDigest, justification: { reason: 'Tried' } }, context)).status;
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}
