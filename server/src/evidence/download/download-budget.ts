import { GatewayError } from '@sallyport/schema/errors.ts';

/** Packs that one process makes at a time: each holds its proof in memory. */
const MOST_AT_ONCE = 3;
/** Of them, for one person with whatever sessions and tokens. */
const MOST_OF_ONE = 2;
/** Seconds after which it may be another one's turn. */
const RETRY_SECONDS = 30;

export interface DownloadBudget {
  /**
   * Takes a place for a person until the answer is called, once or more.
   * @throws {GatewayError} RATE_LIMITED where they, or the process, make as many packs as they may.
   */
  take(personId: string): () => void;
}

/** How many packs are under way in this process, and whose. */
export function createDownloadBudget(): DownloadBudget {
  const underWay = new Map<symbol, string>();
  return {
    take(personId) {
      const own = [...underWay.values()].filter((id) => id === personId).length;
      if (underWay.size >= MOST_AT_ONCE || own >= MOST_OF_ONE) throw new GatewayError('RATE_LIMITED', undefined, { retryAfterSeconds: RETRY_SECONDS });
      const place = Symbol(personId);
      underWay.set(place, personId);
      return () => void underWay.delete(place);
    },
  };
}
