import { LogFault } from '../../transparency/log-fault.ts';
import { HASH_BYTES } from '../../transparency/merkle-hash.ts';
import type { RangeProof } from '../../transparency/range-proof.ts';
import { decodeBase64 } from '../../transparency/strict-text.ts';

/** Members of an array that are printed at once. */
const AT_ONCE = 10_000;

/**
 * The proof as RFC 8785 JSON and a line end, in pieces: `{"begin":0,"end":9,"indexes":[4],"nodes":["…"],"size":9}`, the nodes in base64.
 */
export function* printRangeProof({ size, begin, end, indexes, nodes }: RangeProof): Generator<string> {
  yield `{"begin":${begin},"end":${end},"indexes":[`;
  for (let at = 0; at < indexes.length; at += AT_ONCE) yield `${at > 0 ? ',' : ''}${indexes.slice(at, at + AT_ONCE).join(',')}`;
  yield '],"nodes":[';
  for (let at = 0; at < nodes.length; at += AT_ONCE)
    yield `${at > 0 ? ',' : ''}${nodes
      .slice(at, at + AT_ONCE)
      .map((hash) => `"${hash.toString('base64')}"`)
      .join(',')}`;
  yield `],"size":${size}}\n`;
}

const malformed = (): LogFault => new LogFault('malformed-proof', 'The file holds no proof of a selection');

/**
 * Reads a proof in its only spelling. That its numbers fit together is checked where it is used.
 * @throws {LogFault} `malformed-proof`
 */
export function parseRangeProof(bytes: Buffer): RangeProof {
  let read: unknown;
  try {
    read = JSON.parse(bytes.toString());
  } catch {
    throw malformed();
  }
  const { size, begin, end, indexes, nodes } = (read ?? {}) as { readonly [name: string]: unknown };
  if (![size, begin, end].every(Number.isSafeInteger) || !Array.isArray(indexes) || !Array.isArray(nodes) || !indexes.every(Number.isSafeInteger)) throw malformed();
  const proof: RangeProof = { size: size as number, begin: begin as number, end: end as number, indexes: indexes as number[], nodes: nodes.map(requireNode) };
  let at = 0;
  for (const piece of printRangeProof(proof)) {
    const length = Buffer.byteLength(piece);
    if (bytes.toString('utf8', at, at + length) !== piece) throw malformed();
    at += length;
  }
  if (at !== bytes.length) throw malformed();
  return proof;
}

function requireNode(text: unknown): Buffer {
  const hash = typeof text === 'string' ? decodeBase64(text) : null;
  if (hash?.length !== HASH_BYTES) throw malformed();
  return hash;
}
