import { LogFault } from './log-fault.ts';
import { HASH_BYTES } from './merkle-hash.ts';
import { parseNote } from './note.ts';
import { decodeBase64, decodeDecimal } from './strict-text.ts';
import { isTreeSize } from './tree-geometry.ts';

/** What a log asks a witness: to cosign a checkpoint that continues the one it cosigned last. */
export interface AddCheckpoint {
  /** Size of the checkpoint that the witness cosigned last, as far as the log knows; 0 for none. */
  readonly oldSize: number;
  /** Consistency proof from that size to the size of the checkpoint. */
  readonly proof: readonly Buffer[];
  /** The signed checkpoint. */
  readonly note: string;
}

/** Media type of the size with which a witness answers 409. */
export const SIZE_TYPE = 'text/x.tlog.size';

const MOST_HASHES = 63;

const malformed = (): LogFault => new LogFault('malformed-proof', 'This is no request to cosign a checkpoint');

/**
 * Reads the body of `POST /add-checkpoint` (C2SP tlog-witness); nothing is checked yet.
 *
 *     old 20852014
 *     PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
 *
 *     example.com/behind-the-sofa
 *     …
 *
 * @throws {LogFault} `malformed-proof`, `malformed-note`
 */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const divide = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(0, divide)).split('\n');
  const oldSize = first.startsWith('old ') ? decodeDecimal(first.slice('old '.length)) : null;
  if (oldSize === null || lines.length > MOST_HASHES) throw malformed();
  const proof = lines.map((line) => {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) throw malformed();
    return hash;
  });
  const note = body.slice(divide + 2);
  parseNote(note);
  return { oldSize, proof, note };
}

/** @throws {LogFault} for what could not be read back */
export function printAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  if (!isTreeSize(oldSize) || proof.length > MOST_HASHES || proof.some((hash) => hash.length !== HASH_BYTES)) throw malformed();
  parseNote(note);
  return [`old ${oldSize}`, ...proof.map((hash) => hash.toString('base64')), '', note].join('\n');
}

/** Reads the size that a witness answers with 409: a decimal and a line end. Null for anything else. */
export const parseWitnessedSize = (body: string): number | null => (body.endsWith('\n') ? decodeDecimal(body.slice(0, -1)) : null);
