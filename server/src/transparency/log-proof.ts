import { checkInclusion } from './inclusion-proof.ts';
import { LogFault } from './log-fault.ts';
import { HASH_BYTES } from './merkle-hash.ts';
import { parseNote } from './note.ts';
import { openCheckpoint, type OpenedCheckpoint, type TrustPolicy } from './open-checkpoint.ts';
import { decodeBase64, decodeDecimal } from './strict-text.ts';
import { isTreeSize } from './tree-geometry.ts';

/** Everything that shows offline that an entry is in a log, but the entry itself. */
export interface LogProof {
  readonly index: number;
  /** From the leaf's sibling up. */
  readonly hashes: readonly Buffer[];
  /** The signed checkpoint, as it was signed. */
  readonly checkpoint: string;
  /** Opaque, and not covered by anything. */
  readonly extra?: Buffer;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A path in a tree of 2^53 entries. */
const MOST_HASHES = 53;

const malformed = (): LogFault => new LogFault('malformed-proof', 'This is no proof of a transparency log');

/**
 * Reads a proof (C2SP tlog-proof); nothing is checked yet.
 *
 *     c2sp.org/tlog-proof@v1
 *     index 73894
 *     gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
 *
 *     example.com/fancylog
 *     …
 *
 * @throws {LogFault} `malformed-proof`, `malformed-note`
 */
export function parseLogProof(text: string): LogProof {
  const divide = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(0, divide)).split('\n');
  const extra = lines[0]?.startsWith('extra ') === true ? decodeBase64(lines.shift()?.slice('extra '.length) ?? '') : undefined;
  const index = /^index (.+)$/.exec(lines.shift() ?? '')?.[1];
  const number = decodeDecimal(index ?? '');
  const hashes = lines.map(decodeBase64);
  if (header !== HEADER || extra === null || number === null || hashes.length > MOST_HASHES) throw malformed();
  const checkpoint = text.slice(divide + 2);
  parseNote(checkpoint);
  return { index: number, hashes: hashes.map(requireHash), checkpoint, ...(extra && { extra }) };
}

function requireHash(hash: Buffer | null): Buffer {
  if (hash?.length !== HASH_BYTES) throw malformed();
  return hash;
}

/** @throws {LogFault} for what could not be read back */
export function printLogProof({ index, hashes, checkpoint, extra }: LogProof): string {
  if (!isTreeSize(index) || hashes.length > MOST_HASHES) throw malformed();
  parseNote(checkpoint);
  const head = [HEADER, ...(extra ? [`extra ${extra.toString('base64')}`] : []), `index ${index}`, ...hashes.map((hash) => requireHash(hash).toString('base64'))];
  return `${head.join('\n')}\n\n${checkpoint}`;
}

/**
 * Checks offline that an entry with this hash is in the log that is trusted.
 * @param leafHash computed from the entry's bytes by whoever checks
 * @throws {LogFault} when it is not shown
 */
export function checkLogProof(proof: LogProof, leafHash: Uint8Array, policy: TrustPolicy): OpenedCheckpoint {
  const opened = openCheckpoint(proof.checkpoint, policy);
  checkInclusion({ index: proof.index, size: opened.checkpoint.size, root: opened.checkpoint.root, leafHash }, proof.hashes);
  return opened;
}
