import type { ActionResult, ActServices, ApprovalPlan, ApprovalService, AuditEventDraft, RequestContext, Tx, Verdict } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { ActionDeclaration, ActionEffect, ApprovalRule, InputMap } from '@sallyport/schema/vocabulary/define-action.ts';
import type { FieldMap } from '@sallyport/schema/vocabulary/field.ts';
import type { DoorParts, GrowingAttempt } from '../attempt.ts';
import type { ActFacts } from '../carry-out.ts';
import type { ChangeSet } from '../describe-changes.ts';
import type { ParsedInput } from '../parse-input.ts';
import type { TargetRow } from '../target-row.ts';

export type BindingRule = ApprovalRule<FieldMap, InputMap>;

/** What approvals work with: a door's parts but for themselves. */
export type ApprovalParts = Omit<DoorParts, 'approvals'>;

/** An act that has passed every gate but the second person. */
export interface Filing {
  readonly action: ActionDeclaration;
  readonly input: ParsedInput;
  readonly facts: ActFacts;
  readonly target: TargetRow;
  readonly rule: BindingRule;
  readonly stepUpId: string | null;
  readonly attempt: GrowingAttempt;
  readonly context: RequestContext;
  readonly services: ActServices;
}

/** What is put on the log and answered in place of the act. */
export interface Filed {
  readonly draft: AuditEventDraft;
  readonly effect: Pick<ActionEffect, 'events' | 'outbox'>;
  readonly answer: Omit<ActionResult, 'auditEventId' | 'once'>;
}

/** Requests for a second person: filed here, decided on through the actions of the module `approvals`. */
export interface Approvals {
  /** Keeps the act as it would be done now, and undoes whatever trying it out has changed. Commits nothing. */
  file(tx: Tx, filing: Filing): Promise<Filed>;
  /** Whom the viewer would have to ask, under a rule that binds. */
  plan(tx: Tx, rule: BindingRule, viewer: Viewer, tenantId: string | null, changes: ChangeSet): Promise<ApprovalPlan>;
  /** Decisions by one viewer in one act. */
  serviceFor(context: RequestContext, viewer: Viewer): ApprovalService;
  /** Null where there is no such request. */
  mayDecide(requestId: string, context: RequestContext): Promise<Verdict | null>;
}
