import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type FromBuilder, joinEntries, type PackCall, type PackOrdered, type PackSourceName, type ToBuilder } from './pack-calls.ts';
import type { PackContents, SignNote } from './pack-contents.ts';
import { PackContentsFault, writePack } from './write-pack.ts';

/** Disclosed events from which a pack is worth a thread: to start one takes as long as to write these. */
const WORTH_A_THREAD = 2_000;
/** Upper bound of the thread's own heap; what is beyond ends the pack, not the gateway. */
const MOST_HEAP_MIB = 512;

/**
 * As `writePack`, with a thread of its own where the pack is large: whoever else the gateway serves does not wait for it. Sources are read, and the key is
 * used, on this side. Byte by byte the same pack.
 */
export function writePackApart(contents: PackContents, sign: SignNote, worthAThread = WORTH_A_THREAD): Readable {
  return contents.proof.indexes.length < worthAThread ? writePack(contents, sign) : new ThreadedPack(contents, sign);
}

class ThreadedPack extends Readable {
  readonly #contents: PackContents;
  readonly #sign: SignNote;
  readonly #worker: Worker;
  /** Readings that have not come to their end, by their number. */
  readonly #readings = new Map<number, AsyncIterator<unknown>>();
  #makeRoom: (() => void) | undefined;

  constructor(contents: PackContents, sign: SignNote) {
    super({ highWaterMark: 256 * 1024 });
    this.#contents = contents;
    this.#sign = sign;
    const workerData = orderOf(contents);
    this.#worker = new Worker(new URL('pack-worker.ts', import.meta.url), {
      workerData,
      transferList: [workerData.nodes.buffer],
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MIB },
    });
    this.#worker.on('message', (said: FromBuilder) => this.#hear(said));
    this.#worker.on('error', (error) => this.destroy(error));
    this.#worker.on('exit', () => {
      if (!this.readableEnded) this.destroy(new Error('The thread of an evidence pack ended early'));
    });
  }

  override _read(): void {
    this.#makeRoom?.();
    this.#makeRoom = undefined;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#makeRoom?.();
    void this.#worker.terminate();
    for (const reading of this.#readings.values()) reading.return?.()?.catch(() => undefined);
    this.#readings.clear();
    done(error);
  }

  #hear(said: FromBuilder): void {
    if (this.destroyed) return;
    if (said.said === 'end') this.push(null);
    else if (said.said === 'fault') this.destroy(said.isContents ? new PackContentsFault(said.message) : new Error(said.message));
    else
      this.#answer(said.call).then(
        (answer) => {
          if (!this.destroyed) this.#worker.postMessage({ id: said.id, answer } satisfies ToBuilder, transferable(answer));
        },
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
  }

  async #answer(call: PackCall): Promise<unknown> {
    if (call.ask === 'sign') return this.#sign(call.text);
    if (call.ask === 'next') return this.#next(call.source, call.reading);
    if (!this.push(Buffer.from(call.bytes.buffer, call.bytes.byteOffset, call.bytes.length))) await this.#room();
    return null;
  }

  /** Several pieces may wait for room; it comes for all of them. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      const others = this.#makeRoom;
      this.#makeRoom = () => {
        others?.();
        resolve();
      };
    });
  }

  async #next(source: PackSourceName, number: number): Promise<unknown> {
    const reading = this.#readings.get(number) ?? iterate(sourceOf(this.#contents, source));
    this.#readings.set(number, reading);
    const { done, value } = await reading.next();
    if (done !== true) return source === 'events' ? joinEntries(value as readonly Uint8Array[]) : value;
    this.#readings.delete(number);
    return null;
  }
}

/** What is read on this side, piece by piece, or crosses in another form. */
const STAYS: ReadonlySet<string> = new Set(['openEvents', 'policies', 'approvals', 'reviews', 'summary', 'proof']);

function orderOf(contents: PackContents): PackOrdered {
  const { size, begin, end, indexes, nodes } = contents.proof;
  // Whatever else there is goes along, so that nothing is forgotten.
  const plain = Object.fromEntries(Object.entries(contents).filter(([name]) => !STAYS.has(name))) as Omit<PackOrdered, 'proof' | 'nodes'>;
  return { ...plain, proof: { size, begin, end, indexes }, nodes: joinEntries(nodes).bytes };
}

const sourceOf = (contents: PackContents, name: PackSourceName): AsyncIterable<unknown> | Iterable<unknown> => (name === 'events' ? contents.openEvents() : contents[name]);

async function* iterate(source: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator<unknown> {
  yield* source;
}

const transferable = (answer: unknown): readonly ArrayBuffer[] =>
  typeof answer === 'object' && answer !== null && 'lengths' in answer && 'bytes' in answer && answer.bytes instanceof Uint8Array ? [answer.bytes.buffer as ArrayBuffer] : [];
