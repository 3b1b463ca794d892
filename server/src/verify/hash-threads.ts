import { Worker } from 'node:worker_threads';
import { type HashAnswer, type HashJob, runHashJob } from './hash-jobs.ts';

/** Where hashing is done. Answers come in any order; whoever asks keeps the order. */
export interface HashThreads {
  /** Jobs that keep every thread busy; more would only take memory. */
  readonly capacity: number;
  /** The bytes of a job belong to the thread from here on. Rejects when a thread died. */
  readonly run: (job: HashJob) => Promise<HashAnswer>;
  readonly close: () => Promise<void>;
}

export const MOST_THREADS = 16;

/** With one thread everything is hashed where it is asked; with more, each is a worker. */
export function openHashThreads(threads: number): HashThreads {
  if (threads <= 1) return { capacity: 1, run: async (job) => runHashJob(job), close: async () => undefined };
  const crew = Array.from({ length: Math.min(threads, MOST_THREADS) }, () => new HashThread());
  return {
    // One job in hand and one waiting, so that no thread waits for the next piece to be read.
    capacity: 2 * crew.length,
    run: (job) => crew.reduce((best, thread) => (thread.waiting < best.waiting ? thread : best)).run(job),
    close: async () => {
      await Promise.all(crew.map((thread) => thread.close()));
    },
  };
}

interface Waiting {
  readonly settle: (answer: HashAnswer) => void;
  readonly fail: (error: unknown) => void;
}

class HashThread {
  readonly #worker = new Worker(new URL('hash-worker.ts', import.meta.url));
  /** In the order in which jobs were sent, which is the order of the answers. */
  readonly #waiting: Waiting[] = [];
  #end: unknown;

  constructor() {
    this.#worker.on('message', (answer: HashAnswer) => this.#waiting.shift()?.settle(answer));
    this.#worker.on('error', (error) => this.#failAll(error));
    this.#worker.on('exit', () => this.#failAll(new Error('A thread of the verifier ended early')));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  run(job: HashJob): Promise<HashAnswer> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((settle, fail) => {
      this.#waiting.push({ settle, fail });
      this.#worker.postMessage(job, job.kind === 'entries' ? [job.bytes.buffer] : []);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #failAll(error: unknown): void {
    this.#end ??= error;
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }
}
