import { en, type MessageKey } from '../language/en.ts';
import { showHidden } from '../fields/format.ts';
import { useWords } from '../language/use-words.ts';
import type { LogState } from './log-state.ts';

/** What a kind of anchor is called; one that this console does not know keeps its own word. */
export function useAnchorName(): (kind: string) => string {
  const words = useWords();
  return (kind) => (Object.hasOwn(en, `integrity.anchor.${kind}`) ? words(`integrity.anchor.${kind}` as MessageKey) : kind);
}

/** Which kind of place has seen what is not in the database: a witness is named by its key, the file by its own name; a webhook is never asked. */
export const objectingKind = ({ standing, witnesses, seenPlace }: Pick<LogState, 'standing' | 'witnesses' | 'seenPlace'>): 'witness' | 'file' | null =>
  standing !== 'behind' && standing !== 'fork' ? null : witnesses.some(({ name }) => name === seenPlace) ? 'witness' : 'file';

/** The place that has seen what is not in the database, as it stands in a sentence; empty where none has. */
export function usePlaceName(): (log: Pick<LogState, 'standing' | 'witnesses' | 'seenPlace'>) => string {
  const words = useWords();
  return (log) => {
    const kind = objectingKind(log);
    return kind === null ? '' : words(`integrity.place.${kind}`, { name: showHidden(log.seenPlace ?? '') });
  };
}
