/**
 * Two moments in which a request waits for the person: the session ended (sign in again, then the
 * same request is repeated), and an act needs a fresh code. A dialog serves the one that is open;
 * every request that arrives meanwhile waits for the same answer.
 */
export interface Gate<Question, Answer> {
  /** Asks, or joins the question that is open; rejects when the person gives up. */
  ask(question: Question): Promise<Answer>;
  subscribe(listener: () => void): () => void;
  /** The question now open, or null. */
  current(): Question | null;
  answer(answer: Answer): void;
  dismiss(reason: unknown): void;
}

export function createGate<Question, Answer>(joinable: boolean): Gate<Question, Answer> {
  let open: { question: Question; resolve: (answer: Answer) => void; reject: (reason: unknown) => void; promise: Promise<Answer> } | null = null;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const ask = async (question: Question): Promise<Answer> => {
    if (open) {
      if (joinable) return open.promise;
      // A question of its own waits until the one in view is settled, whichever way.
      await open.promise.catch(() => undefined);
      return ask(question);
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    open = { question, resolve, reject, promise };
    tell();
    return promise;
  };
  return {
    ask,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    current: () => open?.question ?? null,
    answer: (answer) => {
      const settled = open;
      open = null;
      tell();
      settled?.resolve(answer);
    },
    dismiss: (reason) => {
      const settled = open;
      open = null;
      tell();
      settled?.reject(reason);
    },
  };
}

export interface StepUpQuestion {
  readonly challenge: string;
  /** How long a proof is good, in seconds. */
  readonly maxAgeSeconds: number;
  readonly correlationId: string;
  /** What the code will allow, in words. */
  readonly act: string;
  readonly object: string | null;
}

export const sessionGate: Gate<{ readonly since: number }, void> = createGate(true);
export const stepUpGate: Gate<StepUpQuestion, string> = createGate(false);

/** Thrown when the person closes the dialog of a gate. */
export class Dismissed extends Error {
  constructor() {
    super('Dismissed');
    this.name = 'Dismissed';
  }
}
