import { GatewayError } from '@sallyport/schema/errors.ts';

const recorded = new WeakSet<GatewayError>();

/** Notes that this very refusal has its event on the log. */
export function markRecorded(error: GatewayError): GatewayError {
  recorded.add(error);
  return error;
}

/** Whether this very refusal has its event already; the router records the others, so that each has exactly one (THREATS Inv2). */
export const isRecordedRefusal = (error: unknown): boolean => error instanceof GatewayError && recorded.has(error);
