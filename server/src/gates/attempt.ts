import type { GatewayError } from '@sallyport/schema/errors.ts';
import type { ActServices, AuditEventDraft, RequestContext } from '@sallyport/schema/ports.ts';
import type { Registry } from '@sallyport/schema/resources/registry.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { ActionDeclaration, OutboxMessage } from '@sallyport/schema/vocabulary/define-action.ts';
import type { CompiledQuery } from 'kysely';
import type { GatewayAuditLog } from '../audit/audit-log.ts';
import type { OpenTransaction } from '../db/pipelined-transaction.ts';
import type { Authentication, RequestFacts, StepUpBinding } from '../kernel/seams.ts';
import type { ActsInTurn } from './acts-in-turn.ts';
import type { Approvals } from './approvals/approvals.ts';

/** What the gates work with. */
export interface DoorParts {
  readonly open: OpenTransaction;
  readonly inTurn: ActsInTurn;
  readonly registry: Registry;
  readonly audit: Pick<GatewayAuditLog, 'prepareAppend' | 'append' | 'record'>;
  readonly authentication: Pick<Authentication, 'reloadViewer' | 'stepUp'>;
  /** The statement that puts a message into the outbox. */
  readonly prepareMessage: (message: OutboxMessage, correlationId: string, tenantId: string | null) => CompiledQuery;
  /** Turns any failure into one of the closed set. */
  readonly classify: (error: unknown) => GatewayError;
  /** @throws {GatewayError} AUDIT_UNAVAILABLE while the log lacks events that others have seen, or might, and while its store is full; unless the act puts that right. */
  readonly requireSoundLog: (act: Pick<ActionDeclaration, 'whileLogIsBehind' | 'whileLogIsFull'>) => void;
  readonly approvals: Pick<Approvals, 'file' | 'plan'>;
  /** What effects may ask of the server, for one act of one viewer. */
  readonly services: (context: RequestContext, viewer: Viewer) => ActServices;
}

/** What is known of an attempt so far; what a refusal's event can tell grows with the steps passed. */
export interface Attempt {
  readonly kind: string;
  readonly facts: Partial<AuditEventDraft>;
  /** What a challenge would be bound to; there once the target is known. */
  binding?: StepUpBinding;
  /** Correlation ID of the story that the record acted on belongs to, where that is another than the request's. */
  joins?: string;
}

export type GrowingAttempt = { facts: Partial<AuditEventDraft> } & Omit<Attempt, 'facts'>;

/** An attempt as it stands before any step: named, but with an unproven target. */
export function attemptOf(action: ActionDeclaration, args: Readonly<Record<string, unknown>>): Attempt & { facts: Partial<AuditEventDraft> } {
  const id = typeof args['id'] === 'string' ? args['id'].slice(0, 200) : null;
  return {
    kind: action.event.kind,
    facts: {
      action: action.name,
      permission: action.permission.name,
      effect: action.permission.effect,
      reach: action.permission.reach,
      tier: action.permission.tier,
      ...(id === null ? {} : { target: { type: action.on.name, id } }),
    },
  };
}

/** What a refusal tells of the request that it answers. */
export type RefusedRequest = Pick<RequestContext, 'viewer' | 'correlationId' | 'surface' | 'ip' | 'userAgent'>;

export const requestFacts = (context: Omit<RefusedRequest, 'viewer'>): RequestFacts => ({
  correlationId: context.correlationId,
  surface: context.surface,
  ip: context.ip,
  userAgent: context.userAgent,
});
