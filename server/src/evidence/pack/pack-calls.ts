import type { RangeProof } from '../../transparency/range-proof.ts';
import type { PackContents } from './pack-contents.ts';

// What the thread that builds a pack and the one that ordered it say to each other: the builder asks, one answer for each question.

/** Parts of the contents that are read piece by piece, from where the database is. */
export type PackSourceName = 'events' | 'policies' | 'approvals' | 'reviews' | 'summary';

/** The contents as they cross to the builder: the rest is asked for when its turn comes. */
export interface PackOrdered extends Omit<PackContents, 'openEvents' | 'policies' | 'approvals' | 'reviews' | 'summary' | 'proof'> {
  readonly proof: Omit<RangeProof, 'nodes'>;
  /** Hashes of the proof, one after the other. */
  readonly nodes: Uint8Array<ArrayBuffer>;
}

/** What the builder asks for. */
export type PackCall =
  /** The next piece of a source; each reading from its beginning has a number of its own. `null` behind the last one. */
  | { readonly ask: 'next'; readonly source: PackSourceName; readonly reading: number }
  /** A signature over this. */
  | { readonly ask: 'sign'; readonly text: string }
  /** To take bytes of the pack; answered when there is room for more. */
  | { readonly ask: 'put'; readonly bytes: Uint8Array<ArrayBuffer> };

export type FromBuilder =
  | { readonly said: 'call'; readonly id: number; readonly call: PackCall }
  | { readonly said: 'end' }
  /** Why no pack comes of it. `isContents`: the contents did not fit together. */
  | { readonly said: 'fault'; readonly message: string; readonly isContents: boolean };

export interface ToBuilder {
  readonly id: number;
  readonly answer: unknown;
}

/** Entries in one piece of memory, which crosses without a copy. */
export interface JoinedEntries {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint32Array<ArrayBuffer>;
}

export function joinEntries(entries: readonly Uint8Array[]): JoinedEntries {
  const lengths = Uint32Array.from(entries, ({ length }) => length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const entry of entries) {
    bytes.set(entry, at);
    at += entry.length;
  }
  return { bytes, lengths };
}

export function splitEntries({ bytes, lengths }: JoinedEntries): readonly Buffer[] {
  let at = 0;
  return Array.from(lengths, (length) => {
    at += length;
    return Buffer.from(bytes.buffer, bytes.byteOffset + at - length, length);
  });
}
