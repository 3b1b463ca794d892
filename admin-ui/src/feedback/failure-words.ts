import type { GatewayFailure } from '../gateway/gateway-failure.ts';
import { en, type MessageKey } from '../language/en.ts';

const keyOf = (name: string): MessageKey | null => (Object.hasOwn(en, name) ? (name as MessageKey) : null);

interface FailureKeys {
  readonly what: MessageKey;
  readonly next: MessageKey;
}

/** What happened, and what to do next, as message keys for a failure's code. */
export const failureKeys = (failure: GatewayFailure): FailureKeys => failureKeysOf(failure.code);

/** The same for a code by itself, as a figure or an event names it. */
export function failureKeysOf(code: string): FailureKeys {
  return { what: keyOf(`failure.${code}.what`) ?? 'failure.INTERNAL.what', next: keyOf(`failure.${code}.next`) ?? 'failure.INTERNAL.next' };
}
