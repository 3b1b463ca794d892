import { MalformedProof } from './signed-note.ts';

type Hash = Uint8Array<ArrayBuffer>;

const sha256 = async (...parts: readonly Uint8Array[]): Promise<Hash> => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
};

/** Hash of an entry: SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export const leafHash = (entry: Uint8Array): Promise<Hash> => sha256(Uint8Array.of(0), entry);
/** Hash of two neighbouring subtrees: SHA-256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Hash> => sha256(Uint8Array.of(1), left, right);

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => one.length === other.length && one.every((byte, index) => byte === other[index]);

// Beyond 2^31 the bitwise operators of JavaScript see other numbers.
const up = (position: number): number => Math.floor(position / 2);
const isRight = (position: number): boolean => position % 2 === 1;

/**
 * Root of the tree to which a path of hashes leads from the leaf at `index` of `size` (RFC 9162 §2.1.3.2).
 * @throws {MalformedProof} where the path has not the length that index and size ask for.
 */
export async function rootOf(leaf: Hash, index: number, size: number, path: readonly Uint8Array[]): Promise<Hash> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new MalformedProof('The index lies outside of the tree');
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) throw new MalformedProof('The path goes on above the root');
    if (isRight(node) || node === last) {
      hash = await nodeHash(sibling, hash);
      // The last node of its level without a sibling rises until it is a right child.
      while (!isRight(node) && node !== 0) [node, last] = [up(node), up(last)];
    } else hash = await nodeHash(hash, sibling);
    [node, last] = [up(node), up(last)];
  }
  if (last !== 0) throw new MalformedProof('The path ends below the root');
  return hash;
}
