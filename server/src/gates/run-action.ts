import { GatewayError } from '@sallyport/schema/errors.ts';
import { decide } from '@sallyport/schema/policy/decide.ts';
import type { ActionResult, AuditEventDraft, RequestContext, Tx } from '@sallyport/schema/ports.ts';
import { isNowhere, reachOf, sameReach, type TenantReach, type Viewer } from '@sallyport/schema/viewer.ts';
import type { ActionDeclaration, Facts } from '@sallyport/schema/vocabulary/define-action.ts';
import type { FieldMap } from '@sallyport/schema/vocabulary/field.ts';
import type { InputMap } from '@sallyport/schema/vocabulary/define-action.ts';
import { CompiledQuery } from 'kysely';
import { auditUnavailable } from '../audit/audit-unavailable.ts';
import { actionDigest } from './action-digest.ts';
import { actInTransaction, inOrder, type LastStatement, type Work } from './act-transaction.ts';
import { type ChangeSet, changesFor, describeChanges } from './describe-changes.ts';
import { type Attempt, attemptOf, type DoorParts } from './attempt.ts';
import { claimKey, storeAnswer } from './idempotency.ts';
import { type ParsedInput, parseInput } from './parse-input.ts';
import type { Refusals } from './refusals.ts';
import { lockTarget, rereadTarget, type TargetRow } from './target-row.ts';

type ActFacts = Facts<FieldMap, InputMap>;
type Growing = { facts: Partial<AuditEventDraft> } & Omit<Attempt, 'facts'>;

/** A preview is put on the log after its transaction was undone. */
interface Done {
  readonly result: ActionResult;
  readonly previewed: AuditEventDraft | null;
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
  const attempt: Growing = attemptOf(action, args);
  try {
    const asking = identify(context);
    const input = parseInput(action, args);
    attempt.facts = { ...attempt.facts, ...justificationFacts(input) };
    const done = await actInTransaction(parts.open, (tx) => pass(parts, tx, action, args, input, asking, attempt, context));
    if (done.previewed) return { ...done.result, auditEventId: (await parts.audit.record(done.previewed)).id };
    return done.result;
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
  attempt: Growing,
  context: RequestContext,
): Promise<Work<Done>> {
  const digest = actionDigest(action.name, { type: action.on.name, id: input.id }, { ...args, preview: undefined });
  const key = input.preview ? null : context.idempotencyKey;
  // Sent together, run by the database in this order, judged in this order.
  const [viewer, earlier, ahead] = await inOrder(
    readRightsAgain(parts, tx, asking),
    key === null ? null : claimKey(tx, asking.subject.id, key, digest),
    lockAhead(parts, tx, action, input, asking),
  );
  const target = await findTarget(parts, tx, action, input, viewer, ahead);
  attempt.facts = { ...attempt.facts, tenantId: target.tenantId, target: { type: action.on.name, id: target.id } };
  requirePermission(parts, action, viewer, target);
  // A repeated request is answered from what was stored, but only to whom the rights of today would still let act.
  if (earlier) return { value: { result: { ...earlier, once: {} }, previewed: null }, last: null };
  requireWritingSession(viewer);
  requireState(action, target);
  requireVersion(input, target);
  const facts = factsOf(input, viewer, target, context);
  const stepUpId = input.preview ? null : await passGates(parts, tx, action, input, facts, digest, attempt, context);

  const effect = await action.run(tx, facts);
  const after = await rereadTarget(tx, parts.registry, action.on, target.id);
  const changes = describeChanges(action.on, target, after, effect.changes ?? []);
  const draft = eventOf(attempt, changes, viewer, context, stepUpId);
  const shown = changesFor(viewer, target.tenantId, changes);
  const common = { correlationId: context.correlationId, approvalId: null, changes: shown, recordId: target.id };
  if (input.preview) return { value: { result: { ...common, status: 'PREVIEWED', auditEventId: null, once: {} }, previewed: { ...draft, outcome: 'previewed' } }, last: null };

  const event = prepareEvent(parts, draft);
  const answer = { ...common, status: 'EXECUTED', auditEventId: event.id } as const;
  const messages = (effect.outbox ?? []).map((message) => ({ query: parts.prepareMessage(message, context.correlationId, target.tenantId) }));
  const stored = key === null ? [] : [{ query: storeAnswer(viewer.subject.id, key, answer) }];
  return { value: { result: { ...answer, once: effect.once ?? {} }, previewed: null }, last: [event.statement, ...messages, ...stored] };
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

interface LockedAhead {
  readonly visible: TenantReach;
  readonly target: TargetRow | null;
}

/**
 * Locks the target in the reach that the caller had when the request came in, so that it need not wait for the rights to
 * be read again. Null for whom it would not be locked at all. Decides nothing.
 */
async function lockAhead(parts: DoorParts, tx: Tx, action: ActionDeclaration, input: ParsedInput, asking: Viewer): Promise<LockedAhead | null> {
  const visible = reachOf(asking, action.on.read);
  if (isNowhere(visible) || isNowhere(reachOf(asking, action.permission))) return null;
  return { visible, target: await lockTarget(tx, parts.registry, action.on, input.id, visible) };
}

/** The row as the rights of this moment show it: what was locked ahead counts only where it was asked for in the very same reach. */
async function findTarget(parts: DoorParts, tx: Tx, action: ActionDeclaration, input: ParsedInput, viewer: Viewer, ahead: LockedAhead | null): Promise<TargetRow> {
  const permitted = reachOf(viewer, action.permission);
  if (isNowhere(permitted)) throw new GatewayError('FORBIDDEN', undefined, { permission: action.permission.name });
  const visible = reachOf(viewer, action.on.read);
  if (isNowhere(visible)) throw new GatewayError('NOT_FOUND');
  const target = ahead && sameReach(ahead.visible, visible) ? ahead.target : await lockTarget(tx, parts.registry, action.on, input.id, visible);
  if (!target) throw new GatewayError('NOT_FOUND');
  return target;
}

function requirePermission(parts: DoorParts, action: ActionDeclaration, viewer: Viewer, target: TargetRow): void {
  const decision = decide(viewer, parts.registry.roles, action.permission, target.tenantId);
  if (!decision.allow) throw new GatewayError('FORBIDDEN', undefined, { permission: decision.permission });
}

function requireWritingSession(viewer: Viewer): void {
  if (viewer.session.mode !== 'normal') throw new GatewayError('READ_ONLY_SESSION');
}

function requireState(action: ActionDeclaration, target: TargetRow): void {
  const rule = action.allowedIn;
  if (rule && !rule.values.includes(String(target.fields[rule.field]))) throw new GatewayError('CONFLICT', rule.otherwise.en);
}

function requireVersion(input: ParsedInput, target: TargetRow): void {
  if (input.expectedVersion !== null && input.expectedVersion !== target.version) throw new GatewayError('CONFLICT');
}

function factsOf(input: ParsedInput, viewer: Viewer, target: TargetRow, context: RequestContext): ActFacts {
  // The row holds exactly the declared fields, the input was parsed by the declaration: what `Facts` says of them is so.
  const row = { ...target.fields, id: target.id } as ActFacts['target'];
  return { target: row, tenantId: target.tenantId, input: input.values as ActFacts['input'], viewer, correlationId: context.correlationId, now: target.now };
}

/** Justification → step-up → approval. Returns the proof that was spent; null where none was needed. */
async function passGates(
  parts: DoorParts,
  tx: Tx,
  action: ActionDeclaration,
  input: ParsedInput,
  facts: ActFacts,
  digest: string,
  attempt: Growing,
  context: RequestContext,
): Promise<string | null> {
  const ticketMissing = action.justification === 'reason-and-ticket' && input.ticket === null;
  if (action.justification !== 'none' && (input.reason === null || ticketMissing)) throw new GatewayError('JUSTIFICATION_REQUIRED');

  const stepUpId = isSensitive(action, facts) ? await spendProof(parts, tx, action, facts, digest, attempt, context) : null;

  // Until approvals have their engine, what would need a second person is refused; nobody may file a request yet.
  if (action.approval?.when(facts)) throw new GatewayError('APPROVAL_REQUIRED');
  return stepUpId;
}

function isSensitive(action: ActionDeclaration, facts: ActFacts): boolean {
  if (action.sensitive === 'never') return false;
  return action.sensitive === 'always' || action.sensitive.when(facts);
}

async function spendProof(parts: DoorParts, tx: Tx, action: ActionDeclaration, facts: ActFacts, digest: string, attempt: Growing, context: RequestContext): Promise<string> {
  const binding = { viewer: facts.viewer, action: action.name, targetType: action.on.name, targetId: facts.target.id, actionDigest: digest };
  attempt.binding = binding;
  const spent = context.stepUpProof === null ? null : await parts.authentication.stepUp.claimProof(tx, context.stepUpProof, binding);
  if (!spent) throw new GatewayError('STEP_UP_REQUIRED');
  return spent.stepUpId;
}

function eventOf(attempt: Growing, changes: ChangeSet, viewer: Viewer, context: RequestContext, stepUpId: string | null): AuditEventDraft {
  return {
    ...attempt.facts,
    kind: attempt.kind,
    outcome: 'ok',
    correlationId: context.correlationId,
    surface: context.surface,
    ip: context.ip,
    viewer,
    before: changes.before,
    after: changes.after,
    classes: changes.classes,
    ...(stepUpId === null ? {} : { stepUpId }),
  };
}

function justificationFacts(input: ParsedInput): Partial<AuditEventDraft> {
  return { ...(input.reason === null ? {} : { reason: input.reason }), ...(input.ticket === null ? {} : { ticket: input.ticket }) };
}
