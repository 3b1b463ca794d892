import { createHash } from 'node:crypto';
import type { NodeReader } from '@sallyport/server/transparency/node-reader.ts';

// The definitions of RFC 6962 §2.1, word by word: slow, recursive, and sharing nothing with what they check.

const sha256 = (...parts: Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

export const naiveLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.of(0), entry);
export const naiveNode = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right);

/** "k, the largest power of two smaller than n" */
const k = (n: number): number => 2 ** (Math.ceil(Math.log2(n)) - 1);

/** MTH(D[n]) */
export function naiveRoot(entries: readonly Uint8Array[]): Buffer {
  const [first] = entries;
  if (first === undefined) return sha256();
  if (entries.length === 1) return naiveLeaf(first);
  const middle = k(entries.length);
  return naiveNode(naiveRoot(entries.slice(0, middle)), naiveRoot(entries.slice(middle)));
}

/** PATH(m, D[n]) */
export function naivePath(m: number, entries: readonly Uint8Array[]): readonly Buffer[] {
  if (entries.length === 1) return [];
  const middle = k(entries.length);
  const [left, right] = [entries.slice(0, middle), entries.slice(middle)];
  return m < middle ? [...naivePath(m, left), naiveRoot(right)] : [...naivePath(m - middle, right), naiveRoot(left)];
}

/** PROOF(m, D[n]) */
export const naiveProof = (m: number, entries: readonly Uint8Array[]): readonly Buffer[] => subproof(m, entries, true);

function subproof(m: number, entries: readonly Uint8Array[], whole: boolean): readonly Buffer[] {
  if (m === entries.length) return whole ? [] : [naiveRoot(entries)];
  const middle = k(entries.length);
  const [left, right] = [entries.slice(0, middle), entries.slice(middle)];
  return m <= middle ? [...subproof(m, left, whole), naiveRoot(right)] : [...subproof(m - middle, right, false), naiveRoot(left)];
}

export const entriesOf = (count: number): readonly Buffer[] => Array.from({ length: count }, (_, index) => Buffer.from(`entry ${index}`));

/** Hashes every node that it is asked for from the entries below it, and refuses one that is not full. */
export function naiveReader(entries: readonly Uint8Array[]): NodeReader {
  const kept = new Map<string, Buffer>();
  const read = (level: number, index: number): Buffer => {
    const [begin, end] = [index * 2 ** level, (index + 1) * 2 ** level];
    if (end > entries.length) throw new Error(`Node ${level}/${index} is not full`);
    const key = `${level}/${index}`;
    const hash = kept.get(key) ?? naiveRoot(entries.slice(begin, end));
    kept.set(key, hash);
    return hash;
  };
  return { readNodes: async (nodes) => nodes.map(({ level, index }) => read(level, index)) };
}

export const flipBit = (hash: Uint8Array, bit: number): Buffer => {
  const flipped = Buffer.from(hash);
  const byte = Math.floor(bit / 8);
  flipped[byte] = (flipped[byte] ?? 0) ^ (1 << (bit % 8));
  return flipped;
};
