import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { LogFault } from './log-fault.ts';
import { openNote, type VerifiedSignature } from './note.ts';
import type { VerifierKey } from './note-key.ts';

/** One of a log's keys. */
export interface LogKey {
  readonly key: VerifierKey;
  /** Of a key that was retired: the last size it vouches for. Whoever finds it later signs nothing new with it. */
  readonly lastSize?: number;
}

/** Whom somebody believes, fixed before anything is fetched (THREATS H10). */
export interface TrustPolicy {
  readonly origin: string;
  readonly logKeys: readonly LogKey[];
  readonly witnesses: readonly VerifierKey[];
  /** How many of the witnesses have to have cosigned; 0 asks for none. */
  readonly leastCosignatures: number;
}

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** Text of the checkpoint, without signatures. */
  readonly text: string;
  readonly logSignatures: readonly VerifiedSignature[];
  /** One for each witness at most, by its public key. */
  readonly cosignatures: readonly VerifiedSignature[];
}

/**
 * Opens a signed checkpoint: the pinned origin, a pinned key of the log that is good for this size, enough witnesses.
 * @throws {LogFault} when it is not to be believed
 */
export function openCheckpoint(note: string | Uint8Array, policy: TrustPolicy): OpenedCheckpoint {
  const misplaced = policy.logKeys.some(({ key }) => key.type !== 'ed25519') || policy.witnesses.some((key) => key.type !== 'cosignature');
  if (misplaced) throw new LogFault('malformed-key', 'A log signs with Ed25519 keys, a witness with cosigner keys');
  if (!Number.isInteger(policy.leastCosignatures) || policy.leastCosignatures < 0) throw new LogFault('out-of-range', 'How many witnesses are asked for is a whole number');
  const { text, verified } = openNote(note, [...policy.logKeys.map(({ key }) => key), ...policy.witnesses]);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== policy.origin) throw new LogFault('wrong-origin', 'The checkpoint is of another log');
  const vouches = ({ key, lastSize = checkpoint.size }: LogKey, signed: VerifiedSignature): boolean => key.publicKey.equals(signed.key.publicKey) && checkpoint.size <= lastSize;
  const logSignatures = verified.filter((signed) => signed.key.type === 'ed25519' && policy.logKeys.some((key) => vouches(key, signed)));
  if (logSignatures.length === 0) throw new LogFault('no-known-signature', 'No key of the log that is good for this size has signed the checkpoint');
  const cosignatures = verified
    .filter(({ key }) => key.type === 'cosignature')
    // One witness under two names is one witness.
    .filter(({ key }, place, all) => all.findIndex((other) => other.key.publicKey.equals(key.publicKey)) === place);
  if (cosignatures.length < policy.leastCosignatures) throw new LogFault('too-few-cosignatures', 'Too few witnesses have seen the checkpoint');
  return { checkpoint, text, logSignatures, cosignatures };
}
