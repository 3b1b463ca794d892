import { hashFrom, MalformedProof, parseCheckpoint, parseNote } from './signed-note.ts';
import { nodeHash, sameBytes } from './tree-path.ts';

/** `new`: nothing seen of a log of this name yet. `same`: nothing added. */
export type Continuation = 'new' | 'same' | 'grown' | 'behind' | 'fork';

const up = (position: number): number => Math.floor(position / 2);
const isRight = (position: number): boolean => position % 2 === 1;

/**
 * Whether a tree of `later` entries continues one of `earlier` entries (RFC 9162 §2.1.4.2): the same first entries in the same order.
 * @throws {MalformedProof} where the proof has not the length that the sizes ask for.
 */
export async function continues(
  earlier: { readonly size: number; readonly root: Uint8Array<ArrayBuffer> },
  later: { readonly size: number; readonly root: Uint8Array<ArrayBuffer> },
  proof: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  if (earlier.size === 0) return true;
  if (earlier.size === later.size) return sameBytes(earlier.root, later.root);
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (isRight(node)) [node, last] = [up(node), up(last)];
  // A full tree is a node of the later one by itself.
  const [start, ...rest] = node === 0 ? [earlier.root, ...proof] : proof;
  if (!start) throw new MalformedProof('The proof is empty');
  let [old, now] = [start, start];
  for (const sibling of rest) {
    if (last === 0) throw new MalformedProof('The proof goes on above the root');
    if (isRight(node) || node === last) {
      [old, now] = [await nodeHash(sibling, old), await nodeHash(sibling, now)];
      while (!isRight(node) && node !== 0) [node, last] = [up(node), up(last)];
    } else now = await nodeHash(now, sibling);
    [node, last] = [up(node), up(last)];
  }
  return last === 0 && sameBytes(old, earlier.root) && sameBytes(now, later.root);
}

/**
 * Holds a checkpoint that was kept against the newest one. A log of another name says nothing: an acknowledged loss changes the name.
 * @param prove asks for the consistency proof between two sizes, a hash in base64 on each line.
 * @throws {MalformedProof} for notes that are none.
 */
export async function judgeContinuation(kept: string | null, newest: string, prove: (from: number, to: number) => Promise<string>): Promise<Continuation> {
  const now = parseCheckpoint(parseNote(newest).text);
  const before = kept === null ? null : parseCheckpoint(parseNote(kept).text);
  if (before?.origin !== now.origin) return 'new';
  if (before.size > now.size) return 'behind';
  if (before.size === now.size) return sameBytes(before.root, now.root) ? 'same' : 'fork';
  const lines = (await prove(before.size, now.size)).split('\n').filter((line) => line !== '');
  try {
    return (await continues(before, now, lines.map(hashFrom))) ? 'grown' : 'fork';
  } catch (fault) {
    if (fault instanceof MalformedProof) return 'fork';
    throw fault;
  }
}
