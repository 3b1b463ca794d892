import type { GatewayFailure } from '../gateway/gateway-failure.ts';
import { en, type MessageKey } from '../language/en.ts';

const keyOf = (name: string): MessageKey | null => (Object.hasOwn(en, name) ? (name as MessageKey) : null);

/** What happened, and what to do next, as message keys for a failure's code. */
export function failureKeys(failure: GatewayFailure): { readonly what: MessageKey; readonly next: MessageKey } {
  return { what: keyOf(`failure.${failure.code}.what`) ?? 'failure.INTERNAL.what', next: keyOf(`failure.${failure.code}.next`) ?? 'failure.INTERNAL.next' };
}
