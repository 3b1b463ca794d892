import { createHash } from 'node:crypto';

/** SHA-256(0x00 ‖ entry), as RFC 6962 §2.1 states it. */
export const naiveLeaf = (entry: Uint8Array): Buffer => createHash('sha256').update(Buffer.of(0x00)).update(entry).digest();

/**
 * The root over leaf hashes `begin` to `end`, word for word as RFC 6962 §2.1 defines it, and not by the gateway's own library: what both
 * agree on is not the same mistake twice.
 */
export function naiveRoot(leaves: readonly Uint8Array[], begin = 0, end = leaves.length): Buffer {
  const only = leaves[begin];
  if (only === undefined || end === begin) return createHash('sha256').digest();
  if (end - begin === 1) return Buffer.from(only);
  let split = 1;
  while (split * 2 < end - begin) split *= 2;
  return createHash('sha256')
    .update(Buffer.of(0x01))
    .update(naiveRoot(leaves, begin, begin + split))
    .update(naiveRoot(leaves, begin + split, end))
    .digest();
}
