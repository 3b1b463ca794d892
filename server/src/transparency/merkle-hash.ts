import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

// By way of 'binary' text (latin1), which maps bytes to characters one to one: a third of the time that a buffer takes to come out of OpenSSL.
const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

/** Root of the tree without entries: SHA-256 of nothing (RFC 6962 §2.1). A fresh copy each time. */
export const emptyRoot = (): Buffer => sha256(new Uint8Array(0));

// Scratch for the prefixed bytes: one-shot hashing returns before anybody else can write here.
const leafScratch = Buffer.alloc(1 + 0xffff);
leafScratch[0] = LEAF_PREFIX;
const nodeScratch = Buffer.alloc(1 + 2 * HASH_BYTES);
nodeScratch[0] = NODE_PREFIX;

/** Hash of an entry: SHA-256(0x00 ‖ entry) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Buffer {
  const scratch = entry.length < leafScratch.length ? leafScratch : Buffer.alloc(1 + entry.length, LEAF_PREFIX);
  scratch.set(entry, 1);
  return sha256(scratch.subarray(0, 1 + entry.length));
}

/**
 * Hash of two neighbouring subtrees: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1).
 * @throws {RangeError} when a side is not 32 bytes: another length would let one tree pass for another.
 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) throw new RangeError('A node is made of two hashes of 32 bytes');
  nodeScratch.set(left, 1);
  nodeScratch.set(right, 1 + HASH_BYTES);
  return sha256(nodeScratch);
}

export const sameHash = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
