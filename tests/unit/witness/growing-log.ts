import type { SignedHead } from '@sallyport/server/integrity/anchors/anchor.ts';
import { makeConsistencyProof } from '@sallyport/server/transparency/consistency-proof.ts';
import { printCheckpoint } from '@sallyport/server/transparency/checkpoint.ts';
import { emptyRoot } from '@sallyport/server/transparency/merkle-hash.ts';
import { type NodeReader, readRoot } from '@sallyport/server/transparency/node-reader.ts';
import { printNote, signNote } from '@sallyport/server/transparency/note.ts';
import { generateSignerKey, type SignerKey, signText } from '@sallyport/server/transparency/note-key.ts';
import { naiveReader } from '../transparency/reference-tree.ts';

export const ORIGIN = 'log.example/test';

/** A log that signs what it is told to, two histories included. */
export interface GrowingLog {
  readonly origin: string;
  readonly key: SignerKey;
  readonly reader: NodeReader;
  head(size: number): SignedHead;
  prove(from: number, to: number): Promise<readonly Buffer[]>;
}

export interface LogOptions {
  readonly origin?: string;
  readonly key?: SignerKey;
  /** Entries from here on differ from those of a log without this. */
  readonly forksAt?: number;
  readonly most?: number;
}

export async function growLog({ origin = ORIGIN, key = generateSignerKey(ORIGIN), forksAt = Number.POSITIVE_INFINITY, most = 64 }: LogOptions = {}): Promise<GrowingLog> {
  const reader = naiveReader(Array.from({ length: most }, (_, index) => Buffer.from(index < forksAt ? `entry ${index}` : `another entry ${index}`)));
  const roots: Buffer[] = [];
  for (let size = 0; size <= most; size++) roots.push(size === 0 ? emptyRoot() : await readRoot(reader, size));
  return {
    origin,
    key,
    reader,
    head: (size) => {
      const root = roots[size] ?? emptyRoot();
      return { size, root, note: signCheckpoint(printCheckpoint({ origin, size, root, extensions: [] }), key) };
    },
    prove: (from, to) => makeConsistencyProof(reader, from, to),
  };
}

export const signCheckpoint = (text: string, key: SignerKey): string => signNote({ text, signatures: [] }, [key], 0);

/** A note whose signature has one bit flipped. */
export function signBadly(text: string, key: SignerKey): string {
  const signature = signText(key, text, 0);
  signature[3] = (signature[3] ?? 0) ^ 1;
  return printNote({ text, signatures: [{ name: key.verifier.name, keyId: key.verifier.keyId, signature }] });
}
