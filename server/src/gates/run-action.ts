import { GatewayError } from '@sallyport/schema/errors.ts';
import { decide } from '@sallyport/schema/policy/decide.ts';
import type { ActionResult, AuditEventDraft, RequestContext, Tx } from '@sallyport/schema/ports.ts';
import { isKey } from '@sallyport/schema/resources/columns.ts';
import { isNowhere, reachOf, sameReach, type TenantReach, type Viewer } from '@sallyport/schema/viewer.ts';
import { type ActionDeclaration, type ActionEffect, isRefusedUnder } from '@sallyport/schema/vocabulary/define-action.ts';
import { CompiledQuery } from 'kysely';
import { auditUnavailable } from '../audit/audit-unavailable.ts';
import { actionDigest } from './action-digest.ts';
import { actInTransaction, inOrder, type LastStatement, type Work } from './act-transaction.ts';
import { carryOut, eventOf, factsOf } from './carry-out.ts';
import { changesFor } from './describe-changes.ts';
import { attemptOf, type DoorParts, type GrowingAttempt } from './attempt.ts';
import { claimKey, storeAnswer } from './idempotency.ts';
import { type ParsedInput, parseInput } from './parse-input.ts';
import { bindingRule, passGates } from './pass-gates.ts';
import type { Refusals } from './refusals.ts';
import { lockTarget, noTargetYet, type TargetRow } from './target-row.ts';
import { tenantFacts, tenantsNamed } from './tenant-facts.ts';

/** A preview is put on the log after its transaction was undone. */
interface Done {
  readonly result: ActionResult;
  readonly previewed: AuditEventDraft | null;
  /** What was done stands and is on the log, as is this answer to it. */
  readonly refusal: GatewayError | null;
}

/**
 * The only door for a mutation, step by step. Everything from reading the rights to the event happens in one
 * transaction: change, event, outbox and idempotency record commit together or not at all. A refusal at any
 * step undoes it all and is an event of its own, written before the answer.
 */
export async function runAction(
  parts: DoorParts,
  refusals: Refusals,
  action: ActionDeclaration,
  args: Readonly<Record<string, unknown>>,
  context: RequestContext,
): Promise<ActionResult> {
  const attempt: GrowingAttempt = attemptOf(action, args);
  const done = await attemptAct(parts, refusals, action, args, attempt, context);
  if (done.refusal) throw done.refusal;
  return done.result;
}

async function attemptAct(
  parts: DoorParts,
  refusals: Refusals,
  action: ActionDeclaration,
  args: Readonly<Record<string, unknown>>,
  attempt: GrowingAttempt,
  context: RequestContext,
): Promise<Done> {
  try {
    const asking = identify(context);
    const input = parseInput(action, args, parts.registry);
    attempt.facts = { ...attempt.facts, ...justificationFacts(input) };
    const done = await parts.inTurn(asking.actor.id, () => actInTransaction(parts.open, (tx) => pass(parts, tx, action, args, input, asking, attempt, context)));
    if (!done.previewed) return done;
    return { ...done, result: { ...done.result, auditEventId: (await parts.audit.record(done.previewed)).id } };
  } catch (error) {
    return refusals.refuse(attempt, error, context);
  }
}

async function pass(
  parts: DoorParts,
  tx: Tx,
  action: ActionDeclaration,
  args: Readonly<Record<string, unknown>>,
  input: ParsedInput,
  asking: Viewer,
  attempt: GrowingAttempt,
  context: RequestContext,
): Promise<Work<Done>> {
  const digest = actionDigest(action.name, { type: action.on.name, id: action.creates ? null : input.id }, { ...args, preview: undefined });
  const key = input.preview ? null : context.idempotencyKey;
  // Sent together, run by the database in this order, judged in this order.
  const [, viewer, earlier, ahead] = await inOrder(
    lockFirst(tx, action, input, asking),
    readRightsAgain(parts, tx, asking),
    key === null ? null : claimKey(tx, asking.subject.id, key, digest),
    lockAhead(parts, tx, action, input, asking),
  );
  const target = action.creates ? await nothingYet(parts, tx, action, input, viewer) : await findTarget(parts, tx, action, input, viewer, ahead);
  attempt.facts = { ...attempt.facts, tenantId: target.tenantId, ...(action.creates ? {} : { target: { type: action.on.name, id: target.id } }) };
  const correlationId = storyOf(action, target, attempt, context);
  requirePermission(parts, action, viewer, target);
  // A repeated request is answered from what was stored, but only to whom the rights of today would still let act.
  if (earlier) return { value: { result: { ...earlier, once: {} }, previewed: null, refusal: null }, last: null };
  requireOffered(action, viewer, target);
  requireWritingSession(viewer);
  parts.requireSoundLog(action);
  requireState(action, target);
  requireVersion(input, target);
  const tenants = await tenantFacts(tx, parts.registry, action, input, target.tenantId);
  const facts = factsOf(parts, { input, viewer, target, tenants, approval: null, correlationId });
  const services = parts.services(context, viewer);
  await action.requires?.(tx, facts, services);
  const gates = input.preview ? null : await passGates(parts, tx, action, input, facts, digest, attempt, context);
  if (gates?.rule) {
    const filed = await parts.approvals.file(tx, { action, input, facts, target, rule: gates.rule, stepUpId: gates.stepUpId, attempt, context, services });
    return complete(parts, { ...filed, correlationId, key, viewer, tenantId: target.tenantId });
  }

  const done = await carryOut(parts, tx, action, facts, target, services);
  const known = { ...attempt.facts, ...(gates?.stepUpId ? { stepUpId: gates.stepUpId } : {}) };
  const draft = eventOf(attempt.kind, known, done, action, viewer, context, correlationId);
  const { effect, recordId } = done;
  const common = { correlationId, approvalId: null, changes: changesFor(viewer, target.tenantId, done.changes), recordId: action.creates && input.preview ? null : recordId };
  if (input.preview) {
    if (effect.refusal) throw effect.refusal;
    const rule = bindingRule(action, facts);
    const approvalPlan = rule && (await parts.approvals.plan(tx, rule, viewer, target.tenantId, done.changes));
    return {
      value: { result: { ...common, approvalPlan, status: 'PREVIEWED', auditEventId: null, once: {} }, previewed: { ...draft, outcome: 'previewed' }, refusal: null },
      last: null,
    };
  }
  return complete(parts, { draft, effect, answer: { ...common, status: 'EXECUTED' }, correlationId, key, viewer, tenantId: target.tenantId });
}

interface Completion {
  readonly draft: AuditEventDraft;
  readonly effect: Pick<ActionEffect, 'events' | 'outbox' | 'once' | 'refusal'>;
  readonly answer: Omit<ActionResult, 'auditEventId' | 'once'>;
  readonly correlationId: string;
  readonly key: string | null;
  readonly viewer: Viewer;
  readonly tenantId: string | null;
}

/** What travels with the commit: the act's event and those that came of it, messages, the answer under its key. */
function complete(parts: DoorParts, { draft, effect, answer, correlationId, key, viewer, tenantId }: Completion): Work<Done> {
  const event = prepareEvent(parts, draft);
  const further = (effect.events ?? []).map((each) => prepareEvent(parts, { surface: draft.surface, ip: draft.ip, ...each }).statement);
  const messages = (effect.outbox ?? []).map((message) => ({ query: parts.prepareMessage(message, correlationId, tenantId) }));
  const whole = { ...answer, auditEventId: event.id };
  // What was refused is decided anew when it is asked again.
  const stored = key === null || effect.refusal ? [] : [{ query: storeAnswer(viewer.subject.id, key, whole) }];
  return {
    value: { result: { ...whole, once: effect.once ?? {} }, previewed: null, refusal: effect.refusal ?? null },
    last: [event.statement, ...further, ...messages, ...stored],
  };
}

/** The event as a statement of the act's commit. @throws {GatewayError} AUDIT_UNAVAILABLE where it can't be written: the change goes with it (H04). */
function prepareEvent(parts: DoorParts, draft: AuditEventDraft): { readonly id: string; readonly statement: LastStatement } {
  try {
    const { id, text, values } = parts.audit.prepareAppend(draft);
    return { id, statement: { query: CompiledQuery.raw(text, [...values]), refusal: auditUnavailable } };
  } catch (fault) {
    throw auditUnavailable(fault);
  }
}

function identify(context: RequestContext): Viewer {
  if (!context.viewer) throw new GatewayError('UNAUTHENTICATED');
  return context.viewer;
}

/** What was true when the request came in may have ended since (X6, A18): read again, locked against revocation. */
async function readRightsAgain(parts: DoorParts, tx: Tx, asking: Viewer): Promise<Viewer> {
  const viewer = await parts.authentication.reloadViewer(tx, asking);
  if (!viewer) throw new GatewayError('UNAUTHENTICATED');
  return viewer;
}

/** What stands in for the record of an act that makes one. */
async function nothingYet(parts: DoorParts, tx: Tx, action: ActionDeclaration, input: ParsedInput, viewer: Viewer): Promise<TargetRow> {
  if (isNowhere(reachOf(viewer, action.permission))) throw new GatewayError('FORBIDDEN', undefined, { permission: action.permission.name });
  const named = tenantsNamed(parts.registry, action, input);
  return noTargetYet(tx, named.length === 1 ? (named[0] ?? null) : null);
}

/** The correlation ID of the story that the act belongs to: the caller's own, or the one of the record acted on. */
function storyOf(action: ActionDeclaration, target: TargetRow, attempt: GrowingAttempt, context: RequestContext): string {
  const joined = action.joins === undefined ? null : target.fields[action.joins];
  if (typeof joined !== 'string' || joined === context.correlationId) return context.correlationId;
  attempt.joins = joined;
  attempt.facts = { ...attempt.facts, detail: { ...attempt.facts.detail, requestCorrelationId: context.correlationId } };
  return joined;
}

interface LockedAhead {
  readonly visible: TenantReach;
  readonly target: TargetRow | null;
}

/** What the act wants locked before everything else; nothing for whom the act was out of the question when the request came in. */
async function lockFirst(tx: Tx, action: ActionDeclaration, input: ParsedInput, asking: Viewer): Promise<void> {
  if (action.locksFirst && isKey(action.on.key.type, input.id) && !isNowhere(reachOf(asking, action.permission))) await action.locksFirst(tx, input.id, asking);
}

/**
 * Locks the target in the reach that the caller had when the request came in, so that it need not wait for the rights to
 * be read again. Null for whom it would not be locked at all. Decides nothing.
 */
async function lockAhead(parts: DoorParts, tx: Tx, action: ActionDeclaration, input: ParsedInput, asking: Viewer): Promise<LockedAhead | null> {
  const visible = reachOf(asking, action.on.read);
  if (action.creates || isNowhere(visible) || isNowhere(reachOf(asking, action.permission))) return null;
  // Which rows are this viewer's own may hang on rights that are being read again at this moment.
  if (action.on.visibleTo || action.onRows) return null;
  return { visible, target: await lockTarget(tx, parts.registry, action, input.id, visible, asking) };
}

/** The row as the rights of this moment show it: what was locked ahead counts only where it was asked for in the very same reach. */
async function findTarget(parts: DoorParts, tx: Tx, action: ActionDeclaration, input: ParsedInput, viewer: Viewer, ahead: LockedAhead | null): Promise<TargetRow> {
  const permitted = reachOf(viewer, action.permission);
  if (isNowhere(permitted)) throw new GatewayError('FORBIDDEN', undefined, { permission: action.permission.name });
  const visible = reachOf(viewer, action.on.read);
  if (isNowhere(visible)) throw new GatewayError('NOT_FOUND');
  const target = ahead && sameReach(ahead.visible, visible) ? ahead.target : await lockTarget(tx, parts.registry, action, input.id, visible, viewer);
  if (!target) throw new GatewayError('NOT_FOUND');
  return target;
}

function requirePermission(parts: DoorParts, action: ActionDeclaration, viewer: Viewer, target: TargetRow): void {
  const decision = decide(viewer, parts.registry.roles, action.permission, action.creates ? null : target.tenantId);
  if (!decision.allow) throw new GatewayError('FORBIDDEN', undefined, { permission: decision.permission });
}

/** What the act itself may have changed comes after the repeated request: taking an emergency is refused while it is in force. */
function requireOffered(action: ActionDeclaration, viewer: Viewer, target: TargetRow): void {
  if (!target.offered || isRefusedUnder(action, viewer)) throw new GatewayError('FORBIDDEN');
}

function requireWritingSession(viewer: Viewer): void {
  if (viewer.session.mode !== 'normal') throw new GatewayError('READ_ONLY_SESSION');
}

function requireState(action: ActionDeclaration, target: TargetRow): void {
  const rule = action.allowedIn;
  const state = rule ? String(target.fields[rule.field]) : '';
  if (!rule || rule.values.includes(state)) return;
  const code = rule.codes?.[state] ?? 'CONFLICT';
  throw code === 'CONFLICT' ? new GatewayError(code, rule.otherwise.en) : new GatewayError(code);
}

function requireVersion(input: ParsedInput, target: TargetRow): void {
  if (input.expectedVersion !== null && input.expectedVersion !== target.version) throw new GatewayError('CONFLICT');
}

function justificationFacts(input: ParsedInput): Partial<AuditEventDraft> {
  return { ...(input.reason === null ? {} : { reason: input.reason }), ...(input.ticket === null ? {} : { ticket: input.ticket }) };
}
