import { en, type MessageKey } from '../language/en.ts';
import { useWords } from '../language/use-words.ts';

/** What a kind of anchor is called; one that this console does not know keeps its own word. */
export function useAnchorName(): (kind: string) => string {
  const words = useWords();
  return (kind) => (Object.hasOwn(en, `integrity.anchor.${kind}`) ? words(`integrity.anchor.${kind}` as MessageKey) : kind);
}
