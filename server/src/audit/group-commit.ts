import { sqlState } from './audit-unavailable.ts';

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (fault: unknown) => void;
}

export interface GroupCommit<Item> {
  /** Resolves when the item is durable. */
  add(item: Item): Promise<void>;
  /** Resolves when nothing is queued or in flight. */
  drain(): Promise<void>;
}

/** Class 22 (data) and 23 (constraint): the item itself is at fault, not the database. */
const isItsOwnFault = (fault: unknown): boolean => /^2[23]/.test(sqlState(fault) ?? '');

/**
 * Shares commits between concurrent writers: while one batch is being written the next gathers, so that the
 * number of commits follows the database's pace and not the number of callers. A batch that one item spoils is
 * written again item by item, so that a bad one fails alone. An item whose write failed with the connection may or may
 * not be durable; its caller is refused either way.
 */
export function createGroupCommit<Item>(write: (items: readonly Item[]) => Promise<void>, largest: number, mostWaiting = 20_000): GroupCommit<Item> {
  let queue: Waiting<Item>[] = [];
  let running: Promise<void> | null = null;

  const writeAlone = async ({ item, resolve, reject }: Waiting<Item>): Promise<void> => {
    try {
      await write([item]);
      resolve();
    } catch (fault) {
      reject(fault);
    }
  };

  const writeBatch = async (batch: readonly Waiting<Item>[]): Promise<void> => {
    try {
      await write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (fault) {
      if (batch.length > 1 && isItsOwnFault(fault)) for (const waiting of batch) await writeAlone(waiting);
      else for (const { reject } of batch) reject(fault);
    }
  };

  const run = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.slice(0, largest);
      queue = queue.slice(largest);
      await writeBatch(batch);
    }
    running = null;
  };

  return {
    add: (item) =>
      new Promise<void>((resolve, reject) => {
        if (queue.length >= mostWaiting) return reject(new RangeError('Too many events are waiting to be written'));
        queue.push({ item, resolve, reject });
        // The microtask lets callers of the same turn share the first batch.
        running ??= Promise.resolve().then(run);
      }),
    drain: async () => {
      while (running) await running;
    },
  };
}
