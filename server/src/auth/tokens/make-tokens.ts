import type { RequestContext, TokenService } from '@sallyport/schema/ports.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { AuditLog } from '../../kernel/seams.ts';
import { decidingPermissions } from '../deciding-permissions.ts';
import { revokeTokensOf } from './revoke-tokens-of.ts';
import { makeToken } from './token-text.ts';

/** Permissions that no token carries: to write where access is decided, to approve, and what every act of it refuses to a token anyway. */
export function permissionsOfPeople(registry: Pick<Registry, 'actions' | 'permissions'>): ReadonlySet<string> {
  const refused = decidingPermissions(registry);
  for (const action of registry.actions.values()) if (action.refusedUnder?.includes('token')) refused.add(action.permission.name);
  return refused;
}

/** What acts on tokens may ask of the server, for one viewer's act. */
export function createTokenMaking(registry: Registry, audit: AuditLog): (context: RequestContext, viewer: Viewer) => TokenService {
  const refused = permissionsOfPeople(registry);
  return (context, viewer) => ({
    make: makeToken,
    mayCarry: (permission) => !refused.has(permission),
    revokeAllOf: (tx, staffId) =>
      revokeTokensOf(audit, tx, staffId, { correlationId: context.correlationId, surface: context.surface, ip: context.ip, userAgent: context.userAgent }, viewer),
  });
}
