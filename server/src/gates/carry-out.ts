import type { ActServices, AuditEventDraft, RequestContext, Tx } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { ActionDeclaration, ActionEffect, ApprovedBy, Facts, InputMap, TenantFacts } from '@sallyport/schema/vocabulary/define-action.ts';
import type { FieldMap } from '@sallyport/schema/vocabulary/field.ts';
import type { DoorParts } from './attempt.ts';
import { type ChangeSet, describeChanges } from './describe-changes.ts';
import type { ParsedInput } from './parse-input.ts';
import { rereadTarget, type TargetRow } from './target-row.ts';

export type ActFacts = Facts<FieldMap, InputMap>;

export interface Circumstances {
  readonly input: ParsedInput;
  /** Who acts: the caller, or under an approval the one who asked. */
  readonly viewer: Viewer;
  readonly target: TargetRow;
  readonly tenants: readonly TenantFacts[];
  readonly approval: ApprovedBy | null;
  readonly correlationId: string;
}

export function factsOf(parts: Pick<DoorParts, 'registry'>, { input, viewer, target, tenants, approval, correlationId }: Circumstances): ActFacts {
  return {
    // The row holds exactly the declared fields, the input was parsed by the declaration: what `Facts` says of them is so.
    target: { ...target.fields, id: target.id } as ActFacts['target'],
    input: input.values as ActFacts['input'],
    tenantId: target.tenantId,
    tenants,
    viewer,
    approval,
    roles: parts.registry.roles,
    reason: input.reason,
    ticket: input.ticket,
    correlationId,
    now: target.now,
  };
}

export interface CarriedOut {
  readonly effect: ActionEffect;
  readonly recordId: string;
  readonly changes: ChangeSet;
}

/** Runs the effect and says what it changed, from stored rows. Commits nothing, checks nothing: whoever calls has passed the gates. */
export async function carryOut(
  parts: Pick<DoorParts, 'registry'>,
  tx: Tx,
  action: ActionDeclaration,
  facts: ActFacts,
  target: TargetRow,
  services: ActServices,
): Promise<CarriedOut> {
  const effect = await action.run(tx, facts, services);
  const recordId = action.creates ? effect.created : target.id;
  if (recordId === undefined) throw new TypeError(`${action.name} made a record and did not say which`);
  const after = await rereadTarget(tx, parts.registry, action.on, recordId);
  const changes = describeChanges(action.on, { ...target, id: recordId }, after, effect.changes ?? [], action.erases);
  return { effect, recordId, changes };
}

/** The act's own event, of what was carried out. */
export function eventOf(
  kind: string,
  known: Partial<AuditEventDraft>,
  { effect, recordId, changes }: CarriedOut,
  action: ActionDeclaration,
  viewer: Viewer,
  context: Pick<RequestContext, 'surface' | 'ip'>,
  correlationId: string,
): AuditEventDraft {
  return {
    ...known,
    kind,
    outcome: effect.refusal ? 'denied' : 'ok',
    ...(effect.refusal ? { reasonCode: effect.refusal.code } : {}),
    correlationId,
    surface: context.surface,
    ip: context.ip,
    viewer,
    target: { type: action.on.name, id: recordId },
    before: changes.before,
    after: changes.after,
    classes: changes.classes,
    ...(effect.approvalId === undefined ? {} : { approvalId: effect.approvalId }),
    ...(effect.breakGlassId ? { breakGlassId: effect.breakGlassId } : {}),
    ...(effect.detail || known.detail ? { detail: { ...known.detail, ...effect.detail } } : {}),
  };
}
