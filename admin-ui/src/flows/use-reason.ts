import { failureKeysOf } from '../feedback/failure-words.ts';
import type { MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';

/** What is said to the one who is refused would be said to the wrong person here. */
const OF_OTHERS: Readonly<Record<string, MessageKey>> = { FORBIDDEN: 'flows.reason.FORBIDDEN', UNAUTHENTICATED: 'flows.reason.UNAUTHENTICATED' };

/** A code of refusal in words, as part of a sentence. */
export function useReason(): (code: string) => string {
  const words = useWords();
  return (code) => words(OF_OTHERS[code] ?? failureKeysOf(code).what).replace(/\.$/, '');
}
