import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Db, RequestContext, Tx, Verdict } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { ActionEffect } from '@sallyport/schema/vocabulary/define-action.ts';
import { sql } from 'kysely';
import { v7 as makeUuid } from 'uuid';
import type { ApprovalParts } from './approvals.ts';
import { decided, endRequest } from './endings.ts';
import { execute, prepare, type StaleCause } from './execute-request.ts';
import { readsOf } from './file-request.ts';
import { type FoldedRequest, foldRequest } from './fold.ts';
import { humanBehind, judgeReviewer } from './judge-reviewer.ts';
import { type PersonNow, readPeopleNow } from './people-now.ts';
import { attemptWithin } from './savepoint.ts';
import { readRequest, type StoredRequest } from './stored-request.ts';

/** A request with the people it concerns, as they stand. */
interface Case {
  readonly request: StoredRequest;
  readonly requester: PersonNow;
  /** Whether somebody may approve it now. */
  judge(reviewerId: string): Verdict;
  /** What it is now, by its reviews. */
  fold(): FoldedRequest;
  personOf(id: string): PersonNow;
}

async function openCase(parts: ApprovalParts, db: Tx | Db, request: StoredRequest, viewer: Viewer, lock: boolean): Promise<Case> {
  const ids = [...new Set([request.requesterId, viewer.actor.id, ...request.reviews.map(({ reviewerId }) => reviewerId)])];
  const people = await readPeopleNow(db, { requesterId: request.requesterId, ids, lock });
  const personOf = (id: string): PersonNow => {
    const person = people.find((each) => each.id === id);
    if (!person) throw new TypeError('A request names a person who is not there');
    return person;
  };
  const requester = personOf(request.requesterId);
  const judged = { rule: request.rule, tenantId: request.tenantId, reads: readsOf(request.changes) };
  const judge = (reviewerId: string): Verdict => judgeReviewer(parts.registry.roles, judged, requester, personOf(reviewerId));
  const approversOf = (reviewerId: string): readonly string[] => {
    const verdict = judge(reviewerId);
    return verdict.allowed ? verdict.approvers : [];
  };
  const fold = (): FoldedRequest =>
    foldRequest({
      ...request,
      reviews: request.reviews.map(({ reviewerId, decision }) => ({ personId: humanBehind(personOf(reviewerId), people), decision, approvers: approversOf(reviewerId) })),
    });
  return { request, requester, judge, fold, personOf };
}

/** What only the way in can tell: a token, an emergency, acting as somebody else, a session that may only read. */
function refusedByWayIn({ token, breakGlass, session, actor, subject }: Viewer, requesterId: string): GatewayError | null {
  const isOther = actor.id !== subject.id;
  if (isOther && [actor.id, subject.id].includes(requesterId)) return new GatewayError('SELF_APPROVAL');
  if (token || breakGlass || isOther) return new GatewayError('FORBIDDEN');
  return session.mode === 'normal' ? null : new GatewayError('READ_ONLY_SESSION');
}

/** @throws {GatewayError} APPROVAL_STATE, APPROVAL_EXPIRED unless the request can be decided on. */
function requirePending({ state }: Pick<FoldedRequest, 'state'>): void {
  if (state === 'expired') throw new GatewayError('APPROVAL_EXPIRED');
  if (state !== 'pending' && state !== 'approved') throw new GatewayError('APPROVAL_STATE');
}

const refusalOf = (verdict: Exclude<Verdict, { allowed: true }>): GatewayError =>
  new GatewayError(verdict.code, undefined, verdict.permission === undefined ? {} : { permission: verdict.permission });

/** The request on whose row the door holds the lock, and the people it concerns, locked too. */
async function caseToDecide(parts: ApprovalParts, tx: Tx, requestId: string, viewer: Viewer): Promise<Case> {
  const request = await readRequest(tx, requestId);
  if (!request) throw new GatewayError('NOT_FOUND');
  requirePending(foldRequest({ ...request, reviews: [] }));
  const wayIn = refusedByWayIn(viewer, request.requesterId);
  if (wayIn) throw wayIn;
  return openCase(parts, tx, request, viewer, true);
}

function requireFirstReview({ request }: Case, viewer: Viewer): void {
  if (request.reviews.some(({ reviewerId }) => reviewerId === viewer.actor.id)) throw new GatewayError('APPROVAL_STATE');
}

async function review(tx: Tx, { request }: Case, viewer: Viewer, decision: 'approve' | 'deny', comment: string | null): Promise<StoredRequest> {
  await sql`
    insert into gateway.approval_review (id, request_id, reviewer_id, decision, comment, shown_digest, session_id)
    values (${makeUuid()}, ${request.id}, ${viewer.actor.id}, ${decision}, ${comment}, ${request.shownDigest}, ${viewer.session.id})`.execute(tx);
  const reviewed = await readRequest(tx, request.id);
  if (!reviewed) throw new GatewayError('NOT_FOUND');
  return reviewed;
}

/** Approvals that count, and those that don't any more with the reason (D07, D12). */
function countedApprovals(opened: Case): { readonly counted: readonly string[]; readonly notCounted: readonly { readonly reviewerId: string; readonly code: string }[] } {
  const approving = opened.request.reviews.filter(({ decision }) => decision === 'approve').map(({ reviewerId }) => ({ reviewerId, verdict: opened.judge(reviewerId) }));
  return {
    counted: approving.filter(({ verdict }) => verdict.allowed).map(({ reviewerId }) => reviewerId),
    notCounted: approving.flatMap(({ reviewerId, verdict }) => (verdict.allowed ? [] : [{ reviewerId, code: verdict.code }])),
  };
}

async function endAsStale(tx: Tx, { request }: Case, viewer: Viewer, cause: StaleCause): Promise<ActionEffect> {
  await endRequest(tx, { requestId: request.id, state: 'stale', endedBy: viewer.actor.id, cause, auditEventId: null });
  return { approvalId: request.id, outbox: [decided(request.id)], detail: { ended: 'stale', cause }, refusal: new GatewayError('APPROVAL_STALE') };
}

/**
 * Approves, and with the last approval that it takes, executes: the requester's act from the stored copy, in this transaction, once. What
 * has changed since ends the request as stale; what the act itself refuses ends it as failed, and nothing of it stays. Where the act finds
 * that the approver is who gains by it, the approval is refused and the request waits on.
 */
export async function approveRequest(
  parts: ApprovalParts,
  tx: Tx,
  requestId: string,
  shownDigest: string,
  comment: string | null,
  viewer: Viewer,
  context: RequestContext,
): Promise<ActionEffect> {
  const opened = await caseToDecide(parts, tx, requestId, viewer);
  const verdict = opened.judge(viewer.actor.id);
  if (!verdict.allowed) throw refusalOf(verdict);
  parts.requireSoundLog(parts.registry.actions.get(opened.request.action) ?? {});
  requireFirstReview(opened, viewer);
  if (shownDigest !== opened.request.shownDigest) throw new GatewayError('APPROVAL_STALE');
  const prepared = await prepare(parts, tx, opened.request, opened.requester, context);
  if ('stale' in prepared) return endAsStale(tx, opened, viewer, prepared.stale);

  const request = await review(tx, opened, viewer, 'approve', comment);
  const reviewed = await openCase(parts, tx, request, viewer, true);
  const folded = reviewed.fold();
  const { counted, notCounted } = countedApprovals(reviewed);
  const detail = { action: request.action, approvals: folded.approvals, ...(notCounted.length > 0 ? { notCounted } : {}) };
  requirePending(folded);
  if (folded.state === 'pending') return { approvalId: request.id, detail };

  const eventId = makeUuid();
  const outcome = await attemptWithin(tx, () => execute(parts, tx, request, prepared, counted, context, eventId));
  if ('refusal' in outcome && outcome.refusal.code === 'APPROVAL_STALE') return endAsStale(tx, reviewed, viewer, 'effect');
  // Only this person may not: the request waits on for somebody else.
  if ('refusal' in outcome && outcome.refusal.code === 'SELF_APPROVAL') throw outcome.refusal;
  if ('refusal' in outcome) {
    await endRequest(tx, { requestId, state: 'failed', endedBy: viewer.actor.id, cause: outcome.refusal.code, auditEventId: null });
    return { approvalId: requestId, outbox: [decided(requestId)], detail: { ...detail, ended: 'failed', cause: outcome.refusal.code }, refusal: new GatewayError('CONFLICT') };
  }
  const { effect, event } = outcome.done;
  await endRequest(tx, { requestId, state: 'executed', endedBy: viewer.actor.id, cause: null, auditEventId: eventId });
  return { approvalId: requestId, events: [event, ...(effect.events ?? [])], outbox: [...(effect.outbox ?? []), decided(requestId)], detail: { ...detail, ended: 'executed' } };
}

/** Denies; the last denial that it takes ends the request. */
export async function denyRequest(parts: ApprovalParts, tx: Tx, requestId: string, comment: string, viewer: Viewer): Promise<ActionEffect> {
  const opened = await caseToDecide(parts, tx, requestId, viewer);
  const verdict = opened.judge(viewer.actor.id);
  // Whoever may not read everything may not approve it, but may say no to it.
  if (!verdict.allowed && !mayApproveButRead(opened, verdict)) throw refusalOf(verdict);
  requireFirstReview(opened, viewer);
  const request = await review(tx, opened, viewer, 'deny', comment);
  const folded = (await openCase(parts, tx, request, viewer, true)).fold();
  const detail = { action: request.action, denials: folded.denials };
  if (folded.state === 'expired') throw new GatewayError('APPROVAL_EXPIRED');
  if (folded.state !== 'denied') return { approvalId: requestId, detail };
  await endRequest(tx, { requestId, state: 'denied', endedBy: viewer.actor.id, cause: null, auditEventId: null });
  return { approvalId: requestId, outbox: [decided(requestId)], detail: { ...detail, ended: 'denied' } };
}

const mayApproveButRead = ({ request }: Case, verdict: Exclude<Verdict, { allowed: true }>): boolean =>
  verdict.code === 'FORBIDDEN' && verdict.permission !== undefined && !request.rule.alternatives.some(({ approver }) => approver === verdict.permission);

/** Withdraws the viewer's own request. */
export async function cancelRequest(tx: Tx, requestId: string, viewer: Viewer): Promise<ActionEffect> {
  const request = await readRequest(tx, requestId);
  if (!request) throw new GatewayError('NOT_FOUND');
  requirePending(foldRequest({ ...request, reviews: [] }));
  if (viewer.actor.id !== request.requesterId || viewer.token || viewer.actor.id !== viewer.subject.id) throw new GatewayError('FORBIDDEN');
  await endRequest(tx, { requestId, state: 'cancelled', endedBy: viewer.actor.id, cause: null, auditEventId: null });
  return { approvalId: requestId, detail: { action: request.action, ended: 'cancelled' } };
}

/** What approving would be refused with at this moment, apart from step-up; told by what decides it then. Nothing is locked. */
export async function mayDecide(parts: ApprovalParts, requestId: string, context: RequestContext): Promise<Verdict | null> {
  const { db, viewer } = context;
  const request = await readRequest(db, requestId);
  if (!request || !viewer) return null;
  try {
    requirePending(foldRequest({ ...request, reviews: [] }));
    const wayIn = refusedByWayIn(viewer, request.requesterId);
    if (wayIn) throw wayIn;
    const opened = await openCase(parts, db, request, viewer, false);
    const verdict = opened.judge(viewer.actor.id);
    if (verdict.allowed) requireFirstReview(opened, viewer);
    return verdict;
  } catch (error) {
    if (error instanceof GatewayError) return { allowed: false, code: error.code };
    throw error;
  }
}
