import type { TreeHead } from '../transparency/consistency-proof.ts';
import { LogFault, type LogFaultReason } from '../transparency/log-fault.ts';
import { sameHash } from '../transparency/merkle-hash.ts';
import { openNote } from '../transparency/note.ts';
import { openCheckpoint, type OpenedCheckpoint, type TrustPolicy } from '../transparency/open-checkpoint.ts';
import type { TrustedCheckpoint, VerifyFault } from './verify-report.ts';

const MESSAGES: Partial<Readonly<Record<LogFaultReason, string>>> = {
  'malformed-note': 'is no signed note',
  'malformed-checkpoint': 'is no checkpoint',
  'invalid-signature': 'has a bad signature in the name of a key that you trust',
  'no-known-signature': 'is not signed by a key that you trust for a log of this size',
  'wrong-origin': 'is of another log than the one you named',
  'too-few-cosignatures': 'has been cosigned by fewer of your witnesses than you ask for',
  'ambiguous-key': 'cannot be judged: two of your keys share a name and an ID',
};

/** A fault of the library in words; rethrows anything else. */
export function untrustedFault(error: unknown, what: string, file?: string): VerifyFault {
  if (!(error instanceof LogFault)) throw error;
  return { fault: 'untrusted', message: `${what} ${MESSAGES[error.reason] ?? 'is not in its format'}.`, ...(file !== undefined && { file }) };
}

export const trustedCheckpoint = ({ checkpoint, logSignatures, cosignatures }: OpenedCheckpoint): TrustedCheckpoint => ({
  size: checkpoint.size,
  root: checkpoint.root.toString('base64'),
  signedBy: logSignatures.map(({ name }) => name),
  cosignedBy: cosignatures.map(({ name, time }) => ({ name, time: time ?? 0 })),
});

/** Checkpoints of the caller, opened: those of one size once. */
export interface OpenedHeads {
  readonly heads: readonly TreeHead[];
  readonly opened: readonly OpenedCheckpoint[];
  readonly faults: readonly VerifyFault[];
}

/**
 * Opens checkpoints with the caller's keys. Cosignatures are asked of the largest only: a witness that saw it has seen that it
 * continues the others.
 * @param notes with the name of the file that each came from
 */
export function openHeads(notes: readonly { readonly file: string; readonly note: Uint8Array }[], policy: TrustPolicy): OpenedHeads {
  const opened: OpenedCheckpoint[] = [];
  const faults: VerifyFault[] = [];
  for (const { file, note } of notes)
    try {
      opened.push(openCheckpoint(note, { ...policy, leastCosignatures: 0 }));
    } catch (error) {
      faults.push(untrustedFault(error, 'A checkpoint', file));
    }
  opened.sort((one, other) => one.checkpoint.size - other.checkpoint.size);
  const heads: TreeHead[] = [];
  for (const { checkpoint } of opened) {
    const before = heads.at(-1);
    if (before?.size !== checkpoint.size) heads.push(checkpoint);
    else if (!sameHash(before.root, checkpoint.root))
      faults.push({ fault: 'split', message: `Two checkpoints of ${checkpoint.size} entries, both signed, have different roots: the log showed two histories.` });
  }
  return { heads, opened, faults };
}

/**
 * Opens a note of the log about something else than its tree, signed by a key that is good for a log of this size.
 * @returns its text
 * @throws {LogFault}
 */
export function openStatement(note: Uint8Array, { logKeys }: TrustPolicy, size: number): string {
  const { text, verified } = openNote(
    note,
    logKeys.map(({ key }) => key),
  );
  const isGood = verified.some((signed) => logKeys.some(({ key, lastSize = size }) => key.publicKey.equals(signed.key.publicKey) && size <= lastSize));
  if (!isGood) throw new LogFault('no-known-signature', 'No key of the log that is good for this size has signed the statement');
  return text;
}
