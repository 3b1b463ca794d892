import type { Registry } from '@sallyport/schema/resources/registry.ts';

/** Modules whose writes decide over access itself, or over the log. */
const GOVERNING = new Set(['access', 'approvals', 'emergency', 'reviews', 'tokens', 'audit']);

/** Permissions to decide over access, or on what others ask for: never lent for a time, never carried by a token. */
export function decidingPermissions(registry: Pick<Registry, 'actions' | 'permissions'>): Set<string> {
  const deciding = new Set<string>();
  for (const { name, effect } of registry.permissions.values()) if (effect === 'write' && GOVERNING.has(name.split('.')[0] ?? '')) deciding.add(name);
  for (const action of registry.actions.values()) for (const { alternatives } of action.approval ?? []) for (const { approver } of alternatives) deciding.add(approver.name);
  return deciding;
}
