import { useQuery } from '@tanstack/react-query';
import { fetchFile } from '../gateway/fetch-file.ts';
import { isFailure } from '../gateway/gateway-failure.ts';
import { checkEvent, type EventCheck, type InclusionProof, type ShownFacts } from './check-event.ts';
import { readKeys } from './pinned-keys.tsx';

/** Milliseconds between two tries, and tries, while no checkpoint covers the event: that takes about a second. */
const AGAIN_AFTER = 1000;
const TRIES = 20;

export interface CheckedEvent {
  readonly check: EventCheck;
  readonly proof: InclusionProof;
}

async function loadProof(eventId: string, size: number | null, signal: AbortSignal): Promise<InclusionProof> {
  const asked = `/log/proof/inclusion?event=${encodeURIComponent(eventId)}${size === null ? '' : `&size=${size}`}`;
  return (await (await fetchFile(asked, 'application/json', { signal })).json()) as InclusionProof;
}

/**
 * Proof and keys from the gateway, the verdict from this browser. An event that is too new is asked for again by itself.
 * @param witnessedSize of a checkpoint that a witness has cosigned, where known: that one says more than the newest.
 */
export function useEventCheck(eventId: string, facts: ShownFacts, pinned: string, witnessedSize: number | null) {
  return useQuery({
    queryKey: ['event-check', eventId, pinned, witnessedSize],
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: (count, error) => count < TRIES && isFailure(error) && error.code === 'NOT_FOUND',
    retryDelay: AGAIN_AFTER,
    queryFn: async ({ signal }): Promise<CheckedEvent> => {
      const [newest, keys, own] = await Promise.all([
        loadProof(eventId, null, signal),
        fetchFile('/log/keys', 'text/plain', { signal }).then(async (response) => readKeys(await response.text())),
        readKeys(pinned),
      ]);
      const proof = witnessedSize !== null && newest.index < witnessedSize ? await loadProof(eventId, witnessedSize, signal) : newest;
      return { proof, check: await checkEvent(proof, facts, { served: keys.keys, pinned: own.keys }) };
    },
  });
}
