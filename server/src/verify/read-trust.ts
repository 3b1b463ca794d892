import { LogFault } from '../transparency/log-fault.ts';
import { parseVerifierKey } from '../transparency/note-key.ts';
import type { LogKey, TrustPolicy } from '../transparency/open-checkpoint.ts';

/** Whom somebody believes, as they write it down. */
export interface WrittenTrust {
  readonly origin: string;
  /** Verifier keys of the log; one that was retired ends in `@` and the last size that it vouches for. */
  readonly key: readonly string[];
  readonly witness: readonly string[];
  readonly leastCosignatures: number;
}

function readLogKey(text: string): LogKey {
  const [, verifier, lastSize] = /^(.+)@(\d{1,15})$/.exec(text) ?? [undefined, text];
  const key = parseVerifierKey(verifier ?? text);
  if (key.type !== 'ed25519') throw new LogFault('malformed-key', 'A log signs with Ed25519 keys');
  return { key, ...(lastSize !== undefined && { lastSize: Number(lastSize) }) };
}

function readWitness(text: string): ReturnType<typeof parseVerifierKey> {
  const key = parseVerifierKey(text);
  if (key.type !== 'cosignature') throw new LogFault('malformed-key', 'A witness signs with a cosigner key');
  return key;
}

/** @returns the policy, or a sentence on what of it cannot be read */
export function readTrust({ origin, key, witness, leastCosignatures }: WrittenTrust): TrustPolicy | string {
  try {
    const witnesses = witness.map(readWitness);
    if (leastCosignatures > witnesses.length) return 'More cosignatures are asked for than witnesses are named.';
    return { origin, logKeys: key.map(readLogKey), witnesses, leastCosignatures };
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
    return `One of the keys cannot be used: ${error.message}.`;
  }
}
