import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import './plugin-access/index.ts';
import { GatewayError } from './errors.ts';
import { fieldMetadata } from './plugin-access/field-metadata.ts';
import type { RequestContext } from './ports.ts';

export interface GatewaySchemaTypes {
  Context: RequestContext;
  /** `held`: the permission holds somewhere. Where exactly is decided by SQL and by the row. */
  AuthScopes: { held: string; signedIn: boolean };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    Date: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    Json: { Input: unknown; Output: unknown };
  };
  DefaultAuthStrategy: 'all';
}

export type Builder = ReturnType<typeof createBuilder>;

/**
 * The Pothos builder; it defines no types. Scope-auth stands first, so that nothing of a field runs
 * before its scope. Scopes are static maps with synchronous loaders: the viewer's rights are read once
 * per request (X1: strategy `all`; X2, X3: the access plugin forbids empty maps and missing rules).
 */
export function createBuilder() {
  return new SchemaBuilder<GatewaySchemaTypes>({
    plugins: [ScopeAuthPlugin, 'access'],
    scopeAuth: {
      defaultStrategy: 'all',
      cacheKey: (value) => value,
      authScopes: (context) => ({
        held: (permission) => context.viewer?.rights.has(permission) ?? false,
        signedIn: (expected) => (context.viewer !== null) === expected,
      }),
      unauthorizedError: (_parent, context, info) => {
        if (context.viewer === null) return new GatewayError('UNAUTHENTICATED');
        const metadata = fieldMetadata(info.parentType.getFields()[info.fieldName]);
        const permission = metadata?.permission;
        // A refused act is recorded by the door, with its target and as its own kind of event.
        if (permission && metadata.kind !== 'action') context.reads.refuse(permission, `${info.parentType.name}.${info.fieldName}`);
        return new GatewayError('FORBIDDEN', undefined, permission ? { permission } : {});
      },
    },
  });
}
