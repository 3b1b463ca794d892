import { GatewayError } from '@sallyport/schema/errors.ts';
import type { Door } from '@sallyport/schema/ports.ts';
import { attemptOf, type DoorParts } from './attempt.ts';
import { passSensitiveRead } from './pass-sensitive-read.ts';
import { createRefusals } from './refusals.ts';
import { runAction } from './run-action.ts';

/** The one way in for an act. */
export function createDoor(parts: DoorParts): Door {
  const refusals = createRefusals(parts);
  return {
    runAction: (action, args, context) => runAction(parts, refusals, action, args, context),
    refuseAction: (action, args, context) => refusals.refuse(attemptOf(action, args), new GatewayError('FORBIDDEN', undefined, { permission: action.permission.name }), context),
    passSensitiveRead: (resource, args, context) => passSensitiveRead(parts, refusals, resource, args, context),
  };
}
