import type { ErrorCode } from '@sallyport/schema/errors.ts';
import type { AuditEventDraft } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import type { EventDeclaration } from '@sallyport/schema/vocabulary/define-event.ts';
import type { RequestFacts } from '../kernel/seams.ts';

/** The person that a sign-in event is about, where there is no viewer yet. */
export interface KnownPerson {
  readonly id: string;
  readonly displayName: string;
}

export interface AccessEventFacts {
  readonly viewer?: Viewer;
  readonly person?: KnownPerson | null;
  readonly sessionId?: string;
  readonly refusedWith?: ErrorCode;
  readonly target?: { readonly type: string; readonly id: string };
  readonly action?: string;
  readonly stepUpId?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** A draft for the log about sign-in, sessions or factors: IDs and counts, never an address that was typed, a code or a token. */
export function describeAccessEvent(event: EventDeclaration, facts: RequestFacts, about: AccessEventFacts): AuditEventDraft {
  const sessionId = about.sessionId ?? about.viewer?.session.id;
  return {
    kind: event.kind,
    outcome: about.refusedWith === undefined ? 'ok' : 'denied',
    ...(about.refusedWith === undefined ? {} : { reasonCode: about.refusedWith }),
    correlationId: facts.correlationId,
    surface: facts.surface,
    ip: facts.ip,
    viewer: about.viewer ?? null,
    ...(about.person ? { actorId: about.person.id, actorName: about.person.displayName } : {}),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(about.target ? { target: about.target } : {}),
    ...(about.action === undefined ? {} : { action: about.action }),
    ...(about.stepUpId === undefined ? {} : { stepUpId: about.stepUpId }),
    ...(about.detail ? { detail: about.detail } : {}),
  };
}
