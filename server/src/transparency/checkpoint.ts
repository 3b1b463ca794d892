import type { TreeHead } from './consistency-proof.ts';
import { LogFault } from './log-fault.ts';
import { HASH_BYTES } from './merkle-hash.ts';
import { decodeBase64, decodeDecimal, isNoteText } from './strict-text.ts';
import { isTreeSize } from './tree-geometry.ts';

/** Which log, how many entries, which root. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
  readonly root: Buffer;
  /** Lines after the third. They mean nothing here, but are signed. */
  readonly extensions: readonly string[];
}

const malformed = (): LogFault => new LogFault('malformed-checkpoint', 'This is no checkpoint');

const isLine = (text: string): boolean => text !== '' && !text.includes('\n') && isNoteText(text);

/**
 * Reads the text of a checkpoint (C2SP tlog-checkpoint): three lines at least, none of them empty.
 *
 *     example.com/behind-the-sofa
 *     20852163
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 * Printing what was read gives the same bytes. A size beyond 2^53 − 1 is refused.
 * @throws {LogFault} `malformed-checkpoint`
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', decimal = '', encoded = '', ...rest] = text.split('\n');
  const size = decodeDecimal(decimal);
  const root = decodeBase64(encoded);
  // The text ends with a line end, so the last piece is empty, and no other.
  if (rest.pop() !== '' || !isLine(origin) || size === null || root?.length !== HASH_BYTES || !rest.every(isLine)) throw malformed();
  return { origin, size, root, extensions: rest };
}

/** @throws {LogFault} `malformed-checkpoint` for what could not be read back. */
export function printCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  if (!isLine(origin) || !isTreeSize(size) || root.length !== HASH_BYTES || !extensions.every(isLine)) throw malformed();
  return [origin, `${size}`, root.toString('base64'), ...extensions, ''].join('\n');
}
