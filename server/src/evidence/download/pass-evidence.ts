import { GatewayError } from '@sallyport/schema/errors.ts';
import { EVIDENCE_BEGUN } from '@sallyport/schema/modules/audit/audit.event.ts';
import { MAKE_EVIDENCE } from '@sallyport/schema/modules/audit/permissions.ts';
import { namesGiven, type ReportSelection } from '@sallyport/schema/modules/audit/report/selection.ts';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import { covers, type TenantReach, type Viewer } from '@sallyport/schema/viewer.ts';
import type { AuditLog, Authentication, RequestFacts, StepUpBinding } from '../../kernel/seams.ts';
import type { OpenTransaction } from '../../db/pipelined-transaction.ts';
import { actionDigest } from '../../gates/action-digest.ts';
import { actInTransaction } from '../../gates/act-transaction.ts';
import { evidenceReach } from '../source/evidence-request.ts';

/** What is bound by a code: this person, this session, this very selection. */
export function evidenceBinding(viewer: Viewer, selection: ReportSelection): StepUpBinding {
  const action = 'makeEvidencePack';
  const target = { type: 'evidencePack', id: null };
  const given = Object.fromEntries(Object.entries(selection).filter(([, value]) => value !== null && value !== undefined));
  return { viewer, action, targetType: target.type, targetId: target.id, actionDigest: actionDigest(action, target, given) };
}

/** What the log says of every attempt: what was asked by, never the values but the tenant and the story, which are no secret to whoever reads it there. */
export const evidenceFacts = (selection: ReportSelection): Pick<AuditEventDraft, 'action' | 'permission' | 'effect' | 'reach' | 'tier' | 'tenantId' | 'detail'> => ({
  action: 'makeEvidencePack',
  permission: MAKE_EVIDENCE.name,
  effect: MAKE_EVIDENCE.effect,
  reach: MAKE_EVIDENCE.reach,
  tier: MAKE_EVIDENCE.tier,
  ...(selection.tenantId ? { tenantId: selection.tenantId } : {}),
  detail: { conditions: namesGiven(selection) },
});

export interface PassParts {
  readonly open: OpenTransaction;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly authentication: Pick<Authentication, 'reloadViewer' | 'stepUp'>;
}

/**
 * The last step before bytes leave: rights again, under lock, a proof bound to exactly this selection spent, and the beginning put on the
 * log, all in one commit. A token brings no code of its own: that it may do this was confirmed with one when it was made, by name.
 * @throws {GatewayError} UNAUTHENTICATED, FORBIDDEN, STEP_UP_REQUIRED, AUDIT_UNAVAILABLE.
 */
export async function passEvidence({ open, audit, authentication }: PassParts, { viewer, selection, reach, proof, facts, detail }: EvidencePassage): Promise<void> {
  await actInTransaction(open, async (tx) => {
    const live = await authentication.reloadViewer(tx, viewer);
    if (!live) throw new GatewayError('UNAUTHENTICATED');
    if (!covers(evidenceReach(live), reach)) throw new GatewayError('FORBIDDEN', undefined, { permission: MAKE_EVIDENCE.name });
    let stepUpId: string | null = null;
    if (live.token === null) {
      const spent = proof === null ? null : await authentication.stepUp.claimProof(tx, proof, evidenceBinding(live, selection));
      if (!spent) throw new GatewayError('STEP_UP_REQUIRED');
      stepUpId = spent.stepUpId;
    }
    const common = evidenceFacts(selection);
    await audit.append(tx, {
      ...common,
      kind: EVIDENCE_BEGUN.kind,
      outcome: 'ok',
      correlationId: facts.correlationId,
      surface: facts.surface,
      ip: facts.ip,
      viewer: live,
      fieldsRead: ['auditEvent.ip', 'auditEvent.userAgent'],
      ...(stepUpId === null ? {} : { stepUpId }),
      detail: { ...common.detail, ...detail },
    });
    return { value: undefined, last: [] };
  });
}

export interface EvidencePassage {
  readonly viewer: Viewer;
  readonly selection: ReportSelection;
  /** Where the events that were selected lie. */
  readonly reach: TenantReach;
  readonly proof: string | null;
  readonly facts: RequestFacts;
  /** Counts of what is about to leave. */
  readonly detail: Readonly<Record<string, unknown>>;
}
