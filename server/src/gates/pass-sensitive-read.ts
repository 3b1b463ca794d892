import { GatewayError } from '@sallyport/schema/errors.ts';
import { recordsSearched } from '@sallyport/schema/modules/gateway/index.ts';
import type { RequestContext } from '@sallyport/schema/ports.ts';
import type { AnyResource } from '@sallyport/schema/vocabulary/define-module.ts';
import { actInTransaction } from './act-transaction.ts';
import { actionDigest } from './action-digest.ts';
import type { Attempt, DoorParts } from './attempt.ts';
import type { Refusals } from './refusals.ts';

/**
 * A read that is an act of its own (G7: looking for people over more than one tenant): spends a step-up
 * proof bound to exactly this search and puts it on the log, names of conditions only, before a row is read.
 */
export async function passSensitiveRead(
  parts: DoorParts,
  refusals: Refusals,
  resource: AnyResource,
  args: Readonly<Record<string, unknown>>,
  context: RequestContext,
): Promise<void> {
  const permission = resource.crossTenantSearch;
  const { viewer } = context;
  const attempt: Attempt = {
    kind: recordsSearched.kind,
    facts: {
      action: resource.plural,
      ...(permission ? { permission: permission.name, effect: permission.effect, reach: permission.reach, tier: permission.tier } : {}),
      detail: { conditions: conditionNames(args['filter']) },
    },
  };
  try {
    if (!viewer) throw new GatewayError('UNAUTHENTICATED');
    // A token can't confirm anything (THREATS G10).
    if (viewer.token) throw new GatewayError('FORBIDDEN');
    const target = { type: resource.name, id: null };
    const binding = { viewer, action: resource.plural, targetType: resource.name, targetId: null, actionDigest: actionDigest(resource.plural, target, args) };
    attempt.binding = binding;
    const proof = context.stepUpProof;
    if (!proof) throw new GatewayError('STEP_UP_REQUIRED');
    await actInTransaction(parts.open, async (tx) => {
      const live = await parts.authentication.reloadViewer(tx, viewer);
      if (!live) throw new GatewayError('UNAUTHENTICATED');
      if (permission && live.rights.get(permission.name) !== 'global') throw new GatewayError('FORBIDDEN', undefined, { permission: permission.name });
      const spent = await parts.authentication.stepUp.claimProof(tx, proof, { ...binding, viewer: live });
      if (!spent) throw new GatewayError('STEP_UP_REQUIRED');
      await parts.audit.append(tx, {
        ...attempt.facts,
        kind: attempt.kind,
        outcome: 'ok',
        correlationId: context.correlationId,
        surface: context.surface,
        ip: context.ip,
        viewer: live,
        stepUpId: spent.stepUpId,
      });
      return { value: undefined, last: [] };
    });
  } catch (error) {
    await refusals.refuse(attempt, error, context);
  }
}

/** Names in a filter, without their values. */
function conditionNames(filter: unknown): string[] {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const part of node) visit(part);
    else if (node !== null && typeof node === 'object') {
      for (const [name, value] of Object.entries(node)) {
        if (name === 'and' || name === 'or' || name === 'not') visit(value);
        else names.add(name);
      }
    }
  };
  visit(filter);
  return [...names].sort();
}
