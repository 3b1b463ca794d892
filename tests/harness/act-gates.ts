import { upperSnake } from '@sallyport/schema/graphql/names.ts';
import { rightsOf } from '@sallyport/schema/policy/rights.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { TenantReach, Viewer } from '@sallyport/schema/viewer.ts';
import type { ActionDeclaration } from '@sallyport/schema/vocabulary/define-action.ts';
import type { TargetRow } from '@sallyport/server/gates/target-row.ts';
import { type Kysely, sql } from 'kysely';
import type { TestClient } from '../helpers/gateway.ts';
import type { Choices, Values } from './input-values.ts';

export interface Gates {
  readonly stepUp: boolean;
  readonly approval: boolean;
}

type Facts = Parameters<Exclude<ActionDeclaration['sensitive'], string>['when']>[0];

/** A demo person as the rules see them, from the grants that they were seeded with. */
export async function viewerOf(owner: Kysely<unknown>, registry: Registry, client: Pick<TestClient, 'person'>): Promise<Viewer> {
  const { person } = client;
  const { rows } = await sql<{ id: string }>`select id from gateway.staff where email = ${person.email}`.execute(owner);
  const id = rows[0]?.id ?? '';
  const member = { id, email: person.email, displayName: person.displayName, personId: id };
  const grants = person.grants.map(({ role, global, tenantIds }, index) => {
    const reach: TenantReach = global ? 'global' : new Set(tenantIds);
    return { id: `seeded-${index}`, kind: 'standing' as const, role, permissions: null, reach, reason: 'demo', grantedBy: null, expiresAt: null };
  });
  const session = { id: '', mode: 'normal', secondFactor: 'totp', ip: '127.0.0.1', createdAt: '', expiresAt: '' } as const;
  return { actor: member, subject: member, session, token: null, breakGlass: null, grants, rights: rightsOf(grants, registry.roles) };
}

/** GraphQL's names of enum values back to the declared ones: what rules and effects see. */
function declaredValues(action: ActionDeclaration, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const input = action.input[name];
      if (input?.type !== 'enum') return [name, value];
      return [name, Object.keys(input.values).find((key) => upperSnake(key) === value) ?? value];
    }),
  );
}

/** Tenants that an input names, for an act without a record. */
export function namedTenants(action: ActionDeclaration, values: Values): readonly string[] {
  const named = action.tenantsFrom === undefined ? undefined : values[action.tenantsFrom];
  return Array.isArray(named) ? named.map(String) : [];
}

/** Whether the declared rules ask for step-up and approval. They are pure: nothing is asked of the gateway. */
export function gatesOf(registry: Registry, action: ActionDeclaration, row: TargetRow, values: Values, choices: Choices, viewer: Viewer): Gates {
  const concerned = new Set([...namedTenants(action, values), ...(row.tenantId === null ? [] : [row.tenantId])]);
  const facts = {
    target: { ...row.fields, id: row.id },
    tenantId: row.tenantId,
    tenants: choices.tenants.filter(({ id }) => concerned.has(id)),
    input: declaredValues(action, values),
    viewer,
    approval: null,
    roles: registry.roles,
    reason: 'Found by the harness',
    ticket: 'TEST-1',
    correlationId: '',
    now: row.now,
  } as unknown as Facts;
  const stepUp = action.sensitive === 'always' || (action.sensitive !== 'never' && action.sensitive.when(facts));
  return { stepUp, approval: action.approval?.some((rule) => rule.when(facts)) ?? false };
}
