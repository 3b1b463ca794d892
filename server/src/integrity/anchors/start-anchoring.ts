import type { Log } from '../../kernel/log.ts';
import type { AnchorResult, ProveConsistency, SignedHead } from './anchor.ts';
import type { Anchors } from './create-anchors.ts';

export interface AnchoringOptions {
  readonly anchors: Anchors;
  /** The last signed checkpoint; null where there is none, or where nothing is to leave (halted). Asked within `alone`. */
  readonly latest: () => Promise<SignedHead | null>;
  readonly prove: ProveConsistency;
  /**
   * Runs the work unless another process of this log runs its own just now; then answers false. A checkpoint that overtakes a
   * larger one would look like a rollback to the witness.
   */
  readonly alone: (work: () => Promise<void>) => Promise<boolean>;
  /** Told of each turn: a cosignature to keep, and an anchor that contradicts (`ahead`, `fork`). */
  readonly onResults?: (results: readonly AnchorResult[]) => Promise<void>;
  readonly log: Log;
  /** At least so often, in milliseconds. Default 30 s, so that a minute holds one even where an answer is waited for. */
  readonly everyMs?: number;
  /** So long after a new checkpoint, together with those that follow meanwhile. Default 1 s. */
  readonly soonMs?: number;
}

export interface Anchoring {
  /** There is a new checkpoint. */
  changed(): void;
  /** A turn now, after the one under way. */
  turn(): Promise<void>;
  /** No turn begins any more; the one under way is waited for. */
  stop(): Promise<void>;
}

/** Brings checkpoints outside the database, soon after they are signed and at regular times. Nothing that fails here reaches the caller. */
export function startAnchoring({ anchors, latest, prove, alone, onResults, log, everyMs = 30_000, soonMs = 1_000 }: AnchoringOptions): Anchoring {
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  function schedule(afterMs: number): void {
    const at = performance.now() + afterMs;
    if (stopped || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => void turn(), afterMs);
    timer.unref();
  }

  function turn(): Promise<void> {
    // What changes from here on has a turn of its own.
    clearTimeout(timer);
    dueAt = Number.POSITIVE_INFINITY;
    running = running.then(async () => {
      if (stopped) return;
      try {
        await alone(anchorLatest);
      } catch (error) {
        log.warn({ name: (error as Error).name }, 'Checkpoints could not be anchored in this turn.');
      }
      schedule(everyMs);
    });
    return running;
  }

  async function anchorLatest(): Promise<void> {
    const head = await latest();
    if (head === null) return;
    const results = await anchors.anchor(head, prove);
    await onResults?.(results);
  }

  schedule(soonMs);
  return {
    changed: () => schedule(soonMs),
    turn,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
