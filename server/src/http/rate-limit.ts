import { LRUCache } from 'lru-cache';

export interface RateLimitOptions {
  /** Requests at once. */
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds of the monotonic clock. */
  updatedAt: number;
}

/**
 * Token buckets by key, in this process's memory: a shield for its CPU and its pool, not a guess
 * limit (those are counted in the database). Bounded: 20,000 keys, the least used forgotten first.
 */
export interface RateLimit {
  /** Takes one token; 0 when granted, else whole seconds until there is one. */
  take(key: string): number;
}

export function createRateLimit({ burst, perSecond }: RateLimitOptions, now: () => number = () => performance.now()): RateLimit {
  const buckets = new LRUCache<string, Bucket>({ max: 20_000 });
  return {
    take(key) {
      const time = now();
      const bucket = buckets.get(key);
      if (!bucket) {
        buckets.set(key, { tokens: burst - 1, updatedAt: time });
        return 0;
      }
      bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.updatedAt) / 1000) * perSecond);
      bucket.updatedAt = time;
      if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return 0;
      }
      return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    },
  };
}
