import { requestFiled } from '@sallyport/schema/modules/approvals/request.event.ts';
import type { ApprovalPlan, Tx } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { REQUEST_MINUTES } from '@sallyport/schema/vocabulary/define-action.ts';
import { v7 as makeUuid } from 'uuid';
import { carryOut } from '../carry-out.ts';
import { type ChangeSet, changesFor } from '../describe-changes.ts';
import type { ApprovalParts, BindingRule, Filed, Filing } from './approvals.ts';
import { concealArguments, concealChanges, type KeptValue } from './concealed-values.ts';
import type { StoredRule } from './fold.ts';
import { judgeReviewer } from './judge-reviewer.ts';
import { findOddities } from './oddities.ts';
import { readPeopleNow } from './people-now.ts';
import { tryOut } from './savepoint.ts';
import { argumentDigestOf, insertRequest } from './stored-request.ts';

/** A rule as a request keeps it. */
export const storedRuleOf = (rule: BindingRule): StoredRule => ({
  stated: { en: rule.stated.en, id: rule.stated.id },
  alternatives: rule.alternatives.map(({ approver, quorum }) => ({ approver: approver.name, quorum })),
  denials: rule.denials ?? 1,
  expiresAfterMinutes: rule.expiresAfterMinutes ?? REQUEST_MINUTES,
});

/** What names the record to people; a personal name is left to whoever may read it. */
function titleOf({ action, target }: Filing): string | null {
  const title = action.on.fields[action.on.title];
  const value = action.creates || !title || title.class === 'personal' ? null : target.fields[action.on.title];
  return typeof value === 'string' ? value : null;
}

/**
 * Files a request in place of an act. The act is tried out first, so that what can't be done is refused now and an approver sees what
 * would be; all of the trial is undone. What is kept is what will run: nothing that anybody sends later is looked at.
 */
export async function fileRequest(parts: ApprovalParts, tx: Tx, filing: Filing): Promise<Filed> {
  const { action, input, facts, target, rule, stepUpId, attempt, context, services } = filing;
  const { viewer } = facts;
  const tried = await tryOut(tx, () => carryOut(parts, tx, action, facts, target, services));
  if (tried.effect.refusal) throw tried.effect.refusal;
  const id = makeUuid();
  const targetId = action.creates ? null : target.id;
  const kept: KeptValue[] = [];
  const values = concealArguments(action, input.values, targetId, kept);
  const asked = {
    id,
    requesterId: viewer.actor.id,
    correlationId: facts.correlationId,
    action: action.name,
    permission: action.permission.name,
    targetType: action.on.name,
    targetId,
    targetTitle: titleOf(filing),
    targetVersion: target.version,
    tenantId: target.tenantId,
    reason: input.reason ?? '',
    ticket: input.ticket,
    arguments: values,
    policyVersion: context.policyVersion,
    rule: storedRuleOf(rule),
    changes: concealChanges(tried.changes, kept),
    oddities: await findOddities(tx, action, facts, values),
  };
  const session = { sessionId: viewer.session.id, secondFactor: viewer.session.secondFactor, surface: context.surface, ip: context.ip, stepUpId };
  await insertRequest(tx, { ...asked, argumentDigest: argumentDigestOf(asked), ...session }, kept);
  const { alternatives, denials } = asked.rule;
  return {
    draft: {
      ...attempt.facts,
      kind: requestFiled.kind,
      outcome: 'ok',
      correlationId: facts.correlationId,
      surface: context.surface,
      ip: context.ip,
      viewer,
      approvalId: id,
      ...(stepUpId === null ? {} : { stepUpId }),
      detail: { ...attempt.facts.detail, action: action.name, alternatives, denials, oddities: asked.oddities.map(({ code }) => code) },
    },
    effect: { outbox: [{ job: 'deliver-message', payload: { template: 'approval-requested', approvalId: id } }] },
    answer: {
      status: 'PENDING_APPROVAL',
      correlationId: facts.correlationId,
      approvalId: id,
      approvalPlan: await planFor(parts, tx, rule, viewer, target.tenantId, tried.changes),
      changes: changesFor(viewer, target.tenantId, tried.changes),
      recordId: targetId,
    },
  };
}

/** Names shown of those who could approve. */
const MOST_APPROVERS = 10;

/** Whom the viewer has to ask: the rule, and who could approve as things stand, in order of their names. */
export async function planFor(parts: ApprovalParts, tx: Tx, rule: BindingRule, viewer: Viewer, tenantId: string | null, changes: ChangeSet): Promise<ApprovalPlan> {
  const { stated, ...stored } = storedRuleOf(rule);
  const people = await readPeopleNow(tx, { requesterId: viewer.actor.id, ids: null, lock: false });
  const requester = people.find(({ id }) => id === viewer.actor.id);
  const judged = { rule: stored, tenantId, reads: readsOf(concealChanges(changes, [])) };
  const approvers = requester ? people.filter((person) => judgeReviewer(parts.registry.roles, judged, requester, person).allowed) : [];
  return { when: stated, ...stored, approvers: approvers.slice(0, MOST_APPROVERS).map(({ id, displayName }) => ({ id, displayName })) };
}

/** Permissions that read what an approver is shown, each once. */
export const readsOf = (changes: readonly { readonly permission: string | null }[]): readonly string[] => [
  ...new Set(changes.flatMap(({ permission }) => (permission === null ? [] : [permission]))),
];
