import { GatewayError } from '@sallyport/schema/errors.ts';
import type { ActServices, Door, LogKeepingService, LogService, RequestContext, StaffService, TokenService } from '@sallyport/schema/ports.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { createActsInTurn } from './acts-in-turn.ts';
import { createApprovals } from './approvals/create-approvals.ts';
import { attemptOf, type DoorParts } from './attempt.ts';
import { passSensitiveRead } from './pass-sensitive-read.ts';
import { createRefusals } from './refusals.ts';
import { runAction } from './run-action.ts';

export interface DoorOptions extends Omit<DoorParts, 'approvals' | 'services' | 'inTurn'> {
  readonly staff: (context: RequestContext, viewer: Viewer) => StaffService;
  readonly tokens: (context: RequestContext, viewer: Viewer) => TokenService;
  readonly log: LogService;
  readonly keeping: LogKeepingService;
}

/** The one way in for an act. */
export function createDoor({ staff, tokens, log, keeping, ...given }: DoorOptions): Door {
  const core = { ...given, inTurn: createActsInTurn() };
  const services = (context: RequestContext, viewer: Viewer): ActServices => ({
    approvals: approvals.serviceFor(context, viewer),
    staff: staff(context, viewer),
    tokens: tokens(context, viewer),
    log,
    keeping,
  });
  // An approved act is carried out with services of its own, which include approvals: each is asked for when it is needed.
  const approvals = createApprovals({ ...core, services });
  const parts: DoorParts = { ...core, approvals, services };
  const refusals = createRefusals(parts);
  return {
    runAction: (action, args, context) => runAction(parts, refusals, action, args, context),
    refuseAction: (action, args, context) => refusals.refuse(attemptOf(action, args), new GatewayError('FORBIDDEN', undefined, { permission: action.permission.name }), context),
    mayDecide: approvals.mayDecide,
    passSensitiveRead: (resource, args, context) => passSensitiveRead(parts, refusals, resource, args, context),
  };
}
