import type { Builder } from '../builder.ts';
import type { ApprovalPlan } from '../ports.ts';
import { open } from '../vocabulary/permission.ts';
import type { LocalizedText } from './localized-text.ts';

const outcome = open("the caller's own act");

/** What asking a second person means: for a preview, before anything is filed, and for what was filed. */
export function addApprovalPlan(builder: Builder, localizedText: LocalizedText) {
  const alternative = builder.objectRef<ApprovalPlan['alternatives'][number]>('ApprovalAlternative').implement({
    description: 'So many different people who hold the permission at the tenant.',
    fields: (t) => ({
      approver: t.exposeString('approver', { access: outcome, nullable: false }),
      quorum: t.exposeInt('quorum', { access: outcome, nullable: false }),
    }),
  });
  const approver = builder.objectRef<ApprovalPlan['approvers'][number]>('ApprovalApprover').implement({
    description: 'A colleague who could approve as things stand.',
    fields: (t) => ({
      id: t.exposeID('id', { access: outcome, nullable: false }),
      displayName: t.exposeString('displayName', { access: outcome, nullable: false }),
    }),
  });
  return builder.objectRef<ApprovalPlan>('ApprovalPlan').implement({
    description: 'Whom the act has to be approved by. Any one alternative suffices.',
    fields: (t) => ({
      when: t.field({ type: localizedText, access: outcome, nullable: false, resolve: (plan) => plan.when }),
      alternatives: t.field({ type: [alternative], access: outcome, nullable: false, resolve: (plan) => plan.alternatives }),
      denials: t.exposeInt('denials', { access: outcome, nullable: false }),
      expiresAfterMinutes: t.exposeInt('expiresAfterMinutes', { access: outcome, nullable: false }),
      approvers: t.field({ type: [approver], access: outcome, nullable: false, resolve: (plan) => plan.approvers }),
    }),
  });
}
