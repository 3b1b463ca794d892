import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useStore } from 'ra-core';
import { fetchFile } from '../gateway/fetch-file.ts';
import { checkSignatures } from './check-event.ts';
import { judgeContinuation, type Continuation } from './continuation.ts';
import { LOG_KEY } from './log-state.ts';
import { readKeys, usePinnedKeys } from './pinned-keys.tsx';
import { parseCheckpoint, parseNote } from './signed-note.ts';

/** Kept in this browser: a signed checkpoint is public to whoever reads the log, and says nothing of what was looked at. */
const KEY = 'preferences.logSeen';

interface Seen {
  /** The signed checkpoint, whole: two that contradict each other are proof by themselves. */
  readonly note: string;
  readonly at: string;
}

export interface BrowserMemory {
  readonly continuation: Continuation | 'unsigned';
  readonly kept: Seen | null;
  /** Entries that were seen before. */
  readonly size: number | null;
}

const textOf = async (path: string, signal: AbortSignal): Promise<string> => (await fetchFile(path, 'text/plain', { signal })).text();

/**
 * This browser as one more place that remembers: it holds the newest checkpoint against the one that it saw last, and keeps the newer one only
 * where that continues the older. What contradicts is kept.
 * @param size of the newest checkpoint; asked again when it grows, at most as often as the caller renders.
 */
export function useBrowserMemory(size: number | null) {
  const [seen, setSeen] = useStore<Seen | null>(KEY, null);
  const [pinned] = usePinnedKeys();
  return useQuery<BrowserMemory>({
    queryKey: [LOG_KEY, 'memory', size, pinned],
    enabled: size !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<BrowserMemory> => {
      const [newest, served, own] = await Promise.all([textOf('/log/checkpoint', signal), textOf('/log/keys', signal).then(readKeys), readKeys(pinned)]);
      const { signature } = await checkSignatures(parseNote(newest), { served: served.keys, pinned: own.keys });
      const before = seen === null ? null : parseCheckpoint(parseNote(seen.note).text);
      if (signature === 'bad') return { continuation: 'unsigned', kept: seen, size: before?.size ?? null };
      const continuation = await judgeContinuation(seen?.note ?? null, newest, (from, to) => textOf(`/log/proof/consistency?from=${from}&to=${to}`, signal));
      if (continuation === 'new' || continuation === 'grown') setSeen({ note: newest, at: new Date().toISOString() });
      return { continuation, kept: seen, size: before?.size ?? null };
    },
  });
}
