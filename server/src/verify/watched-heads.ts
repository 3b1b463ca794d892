import type { CompactRange } from '../transparency/compact-range.ts';
import type { TreeHead } from '../transparency/consistency-proof.ts';
import { sameHash } from '../transparency/merkle-hash.ts';

/** Compares a growing tree with every head that is believed, smallest first. */
export class WatchedHeads {
  readonly #heads: readonly TreeHead[];
  readonly #agreed: TreeHead[] = [];
  readonly #denied: TreeHead[] = [];
  readonly #passedOver: TreeHead[] = [];
  #next = 0;

  /** @param heads ascending by size, no size twice */
  constructor(heads: readonly TreeHead[]) {
    this.#heads = heads;
  }

  /** Size at which the tree is compared next; undefined behind the last head. */
  get nextSize(): number | undefined {
    return this.#heads[this.#next]?.size;
  }

  /** Heads that the tree led to. */
  get agreed(): readonly TreeHead[] {
    return this.#agreed;
  }

  /** Heads of whose size the tree was, with another root. */
  get denied(): readonly TreeHead[] {
    return this.#denied;
  }

  /** Heads at whose size the tree never stood. */
  get unreached(): readonly TreeHead[] {
    return [...this.#passedOver, ...this.#heads.slice(this.#next)];
  }

  /** Compares the tree as it stands, if there is a head of its size. */
  pass(tree: CompactRange): void {
    let head = this.#heads[this.#next];
    for (; head !== undefined && head.size < tree.size; head = this.#heads[this.#next]) {
      this.#passedOver.push(head);
      this.#next += 1;
    }
    if (head === undefined || head.size !== tree.size) return;
    (sameHash(tree.root(), head.root) ? this.#agreed : this.#denied).push(head);
    this.#next += 1;
  }
}
