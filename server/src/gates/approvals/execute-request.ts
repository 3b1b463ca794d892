import { decide } from '@sallyport/schema/policy/decide.ts';
import { rightsOf } from '@sallyport/schema/policy/rights.ts';
import { GatewayError } from '@sallyport/schema/errors.ts';
import type { AuditEventDraft, RequestContext, Tx } from '@sallyport/schema/ports.ts';
import { isNowhere, reachOf, type Viewer } from '@sallyport/schema/viewer.ts';
import { type ActionDeclaration, type ActionEffect, isRefusedUnder } from '@sallyport/schema/vocabulary/define-action.ts';
import { canonicalJson } from '../../audit/canonical-json.ts';
import { type Json, plainJson } from '../../audit/plain-json.ts';
import { attemptOf } from '../attempt.ts';
import { type ActFacts, carryOut, eventOf, factsOf } from '../carry-out.ts';
import type { ChangeSet } from '../describe-changes.ts';
import { type ParsedInput, parseInput } from '../parse-input.ts';
import { lockTarget, noTargetYet, type TargetRow } from '../target-row.ts';
import { tenantFacts, tenantsNamed } from '../tenant-facts.ts';
import type { ApprovalParts } from './approvals.ts';
import { openArguments } from './concealed-values.ts';
import { storedRuleOf } from './file-request.ts';
import type { PersonNow } from './people-now.ts';
import { isUnaltered, type StoredRequest } from './stored-request.ts';

/** Which of the things that were shown to an approver is no longer so. Kept as the ending's cause. */
export type StaleCause = 'stored-copy' | 'policy' | 'requester-disabled' | 'requester-rights' | 'arguments' | 'target' | 'rule' | 'effect';

/** An act that stands as it was asked for, its record locked. */
export interface Prepared {
  readonly action: ActionDeclaration;
  readonly target: TargetRow;
  readonly facts: ActFacts;
  readonly viewer: Viewer;
}

const stale = (cause: StaleCause) => ({ stale: cause }) as const;

/** The requester as who they are now, acting through the session in which they asked; it need not live any more, their rights must. */
export function requesterAsViewer(parts: ApprovalParts, request: StoredRequest, person: PersonNow): Viewer {
  const { id, email, displayName, personId, grants } = person;
  const member = { id, email, displayName, personId };
  const emergency = grants.find(({ kind }) => kind === 'break-glass');
  return {
    actor: member,
    subject: member,
    session: { id: request.sessionId, mode: 'normal', secondFactor: request.secondFactor, ip: request.ip, createdAt: request.requestedAt, expiresAt: request.expiresAt },
    token: null,
    breakGlass: emergency?.expiresAt ? { id: emergency.id, expiresAt: emergency.expiresAt } : null,
    grants,
    rights: rightsOf(grants, parts.registry.roles),
  };
}

/**
 * Whether everything that a request rests on is as it was: stored copy, policy, requester and their rights, record and its version, rule.
 * The requester's row and grants are locked by the caller; the record is locked here.
 */
export async function prepare(
  parts: ApprovalParts,
  tx: Tx,
  request: StoredRequest,
  person: PersonNow,
  context: RequestContext,
): Promise<Prepared | { readonly stale: StaleCause }> {
  const { registry } = parts;
  const action = registry.actions.get(request.action);
  if (!isUnaltered(request)) return stale('stored-copy');
  if (!action || request.policyVersion !== context.policyVersion) return stale('policy');
  if (!person.active) return stale('requester-disabled');
  const input = await openInput(parts, tx, action, request);
  if (!input) return stale('arguments');

  const viewer = requesterAsViewer(parts, request, person);
  const permitted = reachOf(viewer, action.permission);
  if (isNowhere(permitted) || isRefusedUnder(action, viewer)) return stale('requester-rights');
  // Of what the record hangs on, in the house's order of locks, before the record itself.
  if (!action.creates) await action.locksFirst?.(tx, input.id, viewer);
  const target = await findAgain(parts, tx, action, input, viewer);
  if (!target || target.version !== request.targetVersion || target.tenantId !== request.tenantId) return stale('target');
  if (!target.offered || !decide(viewer, registry.roles, action.permission, action.creates ? null : target.tenantId).allow) return stale('requester-rights');
  const { allowedIn } = action;
  if (allowedIn && !allowedIn.values.includes(String(target.fields[allowedIn.field]))) return stale('target');

  const tenants = await tenantFacts(tx, registry, action, input, target.tenantId).catch(refusedAs('target'));
  if ('stale' in tenants) return tenants;
  const facts = factsOf(parts, { input, viewer, target, tenants, approval: null, correlationId: request.correlationId });
  return isStricterNow(action, facts, request) ? stale('rule') : { action, target, facts, viewer };
}

const refusedAs =
  (cause: StaleCause) =>
  (error: unknown): { readonly stale: StaleCause } => {
    if (error instanceof GatewayError) return stale(cause);
    throw error;
  };

/** The stored arguments, parsed anew; null where they can't be opened or are none any more. */
async function openInput({ registry }: ApprovalParts, tx: Tx, action: ActionDeclaration, request: StoredRequest): Promise<ParsedInput | null> {
  const opened = await openArguments(tx, request.id, action, request.arguments);
  if (!opened) return null;
  const justification = { reason: request.reason, ticket: request.ticket };
  try {
    return parseInput(action, { ...(action.creates ? {} : { id: request.targetId }), ...opened, justification }, registry);
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

/** The record as the requester may see it now, locked; null where they may not. */
async function findAgain({ registry }: ApprovalParts, tx: Tx, action: ActionDeclaration, input: ParsedInput, viewer: Viewer): Promise<TargetRow | null> {
  if (!action.creates) return lockTarget(tx, registry, action, input.id, reachOf(viewer, action.on.read), viewer);
  const named = tenantsNamed(registry, action, input);
  return noTargetYet(tx, named.length === 1 ? (named[0] ?? null) : null);
}

/** Rules are declared strictest first: one before the rule that bound then may bind now. */
function isStricterNow(action: ActionDeclaration, facts: ActFacts, request: StoredRequest): boolean {
  const rules = action.approval ?? [];
  const then = rules.findIndex((rule) => canonicalJson(storedRuleOf(rule)) === canonicalJson(request.rule));
  const now = rules.findIndex((rule) => rule.when(facts));
  return then < 0 || (now >= 0 && now < then);
}

export interface Executed {
  readonly effect: ActionEffect;
  /** The act's own event, with an ID that the ending can name. */
  readonly event: AuditEventDraft & { readonly id: string };
}

/**
 * Does what was asked for, for whom asked, and says what to put on the log. Whoever calls has found everything as it was and does this
 * behind a savepoint.
 * @throws {GatewayError} APPROVAL_STALE where it would change the record otherwise than was shown; whatever the act refuses with.
 */
export async function execute(
  parts: ApprovalParts,
  tx: Tx,
  request: StoredRequest,
  { action, target, facts, viewer }: Prepared,
  approverIds: readonly string[],
  context: RequestContext,
  eventId: string,
): Promise<Executed> {
  const acting: RequestContext = { ...context, viewer, correlationId: request.correlationId, surface: request.surface, ip: request.ip };
  const approved = { ...facts, approval: { requestId: request.id, approverIds } };
  const services = parts.services(acting, viewer);
  await action.requires?.(tx, approved, services);
  const done = await carryOut(parts, tx, action, approved, target, services);
  if (done.effect.refusal) throw done.effect.refusal;
  if (!action.creates && !changesAsShown(action, target.id, request, done.changes)) throw new GatewayError('APPROVAL_STALE');
  const { kind, facts: known } = attemptOf(action, {});
  const why = { tenantId: target.tenantId, reason: request.reason, ...(request.ticket === null ? {} : { ticket: request.ticket }) };
  const by = { approvalId: request.id, ...(request.stepUpId === null ? {} : { stepUpId: request.stepUpId }), detail: { approvedBy: approverIds } };
  return { effect: done.effect, event: { ...eventOf(kind, { ...known, ...why, ...by }, done, action, viewer, acting, request.correlationId), id: eventId } };
}

/**
 * Whether the record's own fields change as an approver was shown. Times differ by nature; personal values are held by the
 * record's version. Other records, and what is worked out from them, may have moved meanwhile: the act says itself what it does to them.
 */
function changesAsShown(action: ActionDeclaration, targetId: string, request: StoredRequest, { entries }: ChangeSet): boolean {
  const compared = (field: string): boolean => {
    const declared = action.on.fields[field];
    const isOwn = declared !== undefined && typeof declared.column !== 'function';
    return isOwn && declared.type !== 'timestamp' && (declared.class === 'public' || declared.class === 'internal');
  };
  const told = (changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[]): Json[] =>
    changes
      .filter(({ field }) => compared(field))
      .map(({ field, before, after }) => plainJson({ field, before, after }))
      .sort((a, b) => canonicalJson(a).localeCompare(canonicalJson(b)));
  const shown = request.changes.filter(({ resource, id }) => resource === action.on.name && id === targetId);
  const done = entries.filter(({ resource, id }) => resource.name === action.on.name && id === targetId);
  return canonicalJson(told(shown)) === canonicalJson(told(done));
}
