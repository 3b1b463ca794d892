import { CompactRange } from './compact-range.ts';
import type { TreeHead } from './consistency-proof.ts';
import type { EntryStream } from './entry-stream.ts';
import { LogFault, type LogFaultReason } from './log-fault.ts';
import { HASH_BYTES, leafHash, sameHash } from './merkle-hash.ts';
import { isTreeSize, type LeafRange } from './tree-geometry.ts';

/** What is verified, and against what. */
export interface EntriesClaim {
  readonly entries: EntryStream;
  /**
   * Heads of checkpoints that were opened with pinned keys, smallest first. The last one is the claim; each earlier one
   * narrows down where a fault is.
   */
  readonly heads: readonly TreeHead[];
  /** The tree before the first entry, where the entries do not begin at index 0. Heads below it are passed over; the others show whether it is right. */
  readonly before?: CompactRange;
  /**
   * Tiles of level 0 for the same entries, one after the other. They need not be trusted: with them the bad entry is
   * named exactly, if they lead to the head that the entries miss.
   */
  readonly leafHashes?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Below this index an empty entry is one that may be absent; its hash is taken from `leafHashes`. */
  readonly absentBelow?: number;
}

/**
 * `altered`: changed, moved, inserted or dropped; `missing`: the file ends before the checkpoint does; `surplus`: no
 * checkpoint covers it; `unreadable`: the file breaks off within an entry, or one is too large.
 */
export type EntriesFault = 'altered' | 'missing' | 'surplus' | 'unreadable';

export type EntriesReport =
  | { readonly intact: true; readonly size: number }
  | {
      readonly intact: false;
      readonly fault: EntriesFault;
      /** The first bad entry is one of these: a single one where it could be proven which. */
      readonly firstBad: LeafRange;
    };

/**
 * Recomputes the tree over a stream of entries, in constant memory, and compares it with heads that are trusted.
 * @throws {LogFault} when the heads are none, out of order or contradict each other, or `before` contradicts one of them
 * @throws whatever a stream throws that is not about the entries' form
 */
export async function verifyEntries(claim: EntriesClaim): Promise<EntriesReport> {
  const claimed = claim.leafHashes && new ClaimedLeaves(claim.leafHashes);
  try {
    return await compareEntries(claim, claimed);
  } finally {
    await claimed?.close();
  }
}

async function compareEntries({ entries, heads: given, before, absentBelow = 0 }: EntriesClaim, claimed: ClaimedLeaves | undefined): Promise<EntriesReport> {
  const tree = CompactRange.resume(before?.size ?? 0, before?.edge ?? []);
  const heads = requireHeads(given, tree.size);
  /** Everything below this index agrees with a head. */
  let good = tree.size;
  let next = 0;
  const passHeads = (): boolean => {
    for (let head = heads[next]; head?.size === tree.size; head = heads[++next]) {
      if (!sameHash(tree.root(), head.root)) return false;
      good = head.size;
    }
    return true;
  };
  /** Names the first bad entry, as exactly as the claimed hashes allow; `end` where they do not. */
  const blame = async (fault: EntriesFault, head: TreeHead, end: number): Promise<EntriesReport> => {
    const named = await claimed?.firstDifference(tree, head);
    if (named === undefined) return { intact: false, fault, firstBad: { begin: good, end } };
    return { intact: false, fault: named < tree.size ? 'altered' : fault, firstBad: single(named) };
  };

  if (!passHeads()) throw new LogFault('root-mismatch', 'The tree before the first entry is not the one of the checkpoint');
  try {
    for await (const batch of entries) {
      const expected = await claimed?.take(batch.length);
      for (const [place, entry] of batch.entries()) {
        const head = heads[next];
        if (head === undefined) return { intact: false, fault: 'surplus', firstBad: single(tree.size) };
        const stated = entry.length === 0 && tree.size < absentBelow ? expected?.[place] : undefined;
        const hash = stated === undefined ? leafHash(entry) : Buffer.from(stated);
        claimed?.compare(hash, tree, expected?.[place]);
        tree.append(hash);
        if (!passHeads()) return await blame('altered', head, head.size);
      }
    }
  } catch (error) {
    if (!(error instanceof LogFault) || !UNREADABLE.has(error.reason)) throw error;
    const head = heads[next];
    return head === undefined ? { intact: false, fault: 'unreadable', firstBad: single(tree.size) } : await blame('unreadable', head, tree.size + 1);
  }
  const missed = heads[next];
  return missed === undefined ? { intact: true, size: tree.size } : await blame('missing', missed, missed.size);
}

/** What a reader of entries says of their form; the whole entries before came out first. */
const UNREADABLE: ReadonlySet<string> = new Set<LogFaultReason>(['malformed-entries', 'entry-too-large']);

const single = (index: number): LeafRange => ({ begin: index, end: index + 1 });

function requireHeads(heads: readonly TreeHead[], from: number): readonly TreeHead[] {
  const ordered = heads.every((head, place) => isTreeSize(head.size) && head.root.length === HASH_BYTES && head.size >= (heads[place - 1]?.size ?? 0));
  const last = heads.at(-1);
  if (!ordered || last === undefined || last.size < from) throw new LogFault('out-of-range', 'Checkpoints are given smallest first, and the last one covers the entries');
  const splits = heads.some((head, place) => head.size === heads[place - 1]?.size && !sameHash(head.root, heads[place - 1]?.root ?? head.root));
  if (splits) throw new LogFault('root-mismatch', 'Two checkpoints of one size have different roots');
  return heads.filter((head) => head.size >= from);
}

/** Hashes read at a time where no entries set the pace. */
const TAKEN_AT_ONCE = 4096;

/** Leaf hashes that somebody claims, read alongside the entries; believed only where they lead to a head. */
class ClaimedLeaves {
  readonly #pieces: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  /** The tree as it is claimed: the same as the entries' until something differs, so kept only from there on. */
  #fork: { readonly from: number; readonly tree: CompactRange } | undefined;
  #isShort = false;

  constructor(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#pieces = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  }

  /** Lets go of where the hashes come from. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  /** The next `count` hashes, or as many as there are. */
  async take(count: number): Promise<readonly Buffer[]> {
    while (this.#rest.length < count * HASH_BYTES) {
      const piece = await this.#pieces.next();
      if (piece.done === true) break;
      this.#rest = Buffer.concat([this.#rest, piece.value]);
    }
    const here = Math.min(count, Math.floor(this.#rest.length / HASH_BYTES));
    const taken = Array.from({ length: here }, (_, place) => this.#rest.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES));
    this.#rest = this.#rest.subarray(here * HASH_BYTES);
    return taken;
  }

  /** Notes where entry and claim first differ. `tree` is that of the entries before this one. */
  compare(hash: Buffer, tree: CompactRange, expected: Buffer | undefined): void {
    this.#isShort ||= expected === undefined;
    if (expected === undefined || (this.#fork === undefined && sameHash(hash, expected))) return;
    this.#fork ??= forkOf(tree);
    this.#fork.tree.append(expected);
  }

  /** Reads on to the size of the head; the first difference (or where the entries ended), if the claimed hashes lead to it. */
  async firstDifference(entries: CompactRange, head: TreeHead): Promise<number | undefined> {
    const { from, tree } = this.#fork ?? forkOf(entries);
    while (!this.#isShort && tree.size < head.size) {
      const hashes = await this.take(Math.min(TAKEN_AT_ONCE, head.size - tree.size));
      this.#isShort = hashes.length === 0;
      for (const hash of hashes) tree.append(hash);
    }
    return tree.size === head.size && sameHash(tree.root(), head.root) ? from : undefined;
  }
}

const forkOf = (tree: CompactRange): { readonly from: number; readonly tree: CompactRange } => ({ from: tree.size, tree: CompactRange.resume(tree.size, tree.edge) });
