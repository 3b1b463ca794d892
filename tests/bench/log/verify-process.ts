import { once } from 'node:events';
import { parseVerifierKey } from '@sallyport/server/transparency/note-key.ts';
import { verify } from '@sallyport/server/verify/verify.ts';

export interface VerifyTask {
  readonly path: string;
  readonly origin: string;
  readonly keys: readonly string[];
}

export interface Verified {
  readonly intact: boolean;
  readonly entries: number;
  readonly faults: readonly string[];
  readonly seconds: number;
  /** Of the whole process at its largest, in MiB. */
  readonly memory: number;
}

// The offline verifier in a process of its own: what it takes in memory is its own too.
const [{ path, origin, keys }] = (await once(process, 'message')) as [VerifyTask];
const began = performance.now();
const policy = { origin, logKeys: keys.map((key) => ({ key: parseVerifierKey(key) })), witnesses: [], leastCosignatures: 0 };
const { intact, entries, faults } = await verify({ path, policy, checkpoints: [], threads: 1 });
process.send?.({
  intact,
  entries,
  faults: faults.map(({ message }) => message),
  seconds: (performance.now() - began) / 1000,
  memory: process.resourceUsage().maxRSS / 1024,
} satisfies Verified);
process.disconnect();
