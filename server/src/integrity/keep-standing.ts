import { randomUUID } from 'node:crypto';
import { logGapFound } from '@sallyport/schema/modules/log/log.event.ts';
import { describeError, type Log } from '../kernel/log.ts';
import type { AuditLog } from '../kernel/seams.ts';
import type { AnchorKind } from './anchors/anchor.ts';
import type { Anchors, SeenThere } from './anchors/create-anchors.ts';
import { judgeStanding, type SeenCheckpoint } from './judge-standing.ts';
import { namesToAsk } from './log-name.ts';
import type { LogReader } from './log-reader.ts';
import type { Standing, StandingBook } from './standing.ts';

export interface StandingKeeperOptions {
  readonly reader: LogReader;
  readonly anchors: Anchors;
  readonly standing: StandingBook;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly log: Log;
}

export interface StandingKeeper {
  /**
   * Asks every anchor what it has seen, and holds the database against it.
   * @param objecting those that have just said something against the log: from one that can't be asked why, nothing is known any more
   */
  judge(objecting?: readonly AnchorKind[]): Promise<void>;
  /** The database contradicts what this process has signed, which makes it the nearest witness of all. */
  deny(signed: Omit<SeenCheckpoint, 'place'>): Promise<void>;
  /** Judges again and again while the standing is not sound, from now on. */
  watch(): void;
  stop(): void;
}

/** Milliseconds until a standing that is not sound is judged again. */
const JUDGE_AGAIN_MS = 1_000;

/**
 * Keeps the judgement whether the database is what others have seen of the log. Once all have answered, a place that falls silent changes nothing: what
 * it answered last is still held against the database.
 */
export function createStandingKeeper({ reader, anchors, standing, audit, log }: StandingKeeperOptions): StandingKeeper {
  let denied: SeenCheckpoint | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  /** Those that objected and could not be asked why since. */
  let doubting: readonly AnchorKind[] = [];
  /** What people were told last. */
  let told: Standing['state'] | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** One judgement after the other: an older one must not overwrite a newer, nor two of them tell the same. */
  function judge(objecting: readonly AnchorKind[] = []): Promise<void> {
    const next = last.then(() => judgeOnce(objecting));
    last = next.catch(() => undefined);
    return next;
  }

  async function judgeOnce(objecting: readonly AnchorKind[]): Promise<void> {
    const head = await reader.head();
    if (!head) return;
    const there = await askForAllNames(head.origin);
    const judged = await judgeStanding(reader, denied ? [denied, ...there.seen] : there.seen, there.unanswered);
    doubting = [...new Set([...doubting, ...objecting])].filter((kind) => there.problems.some((found) => found.kind === kind));
    const next: Standing = judged.state === 'sound' && doubting.length > 0 ? { state: 'doubted' } : judged;
    standing.set(next);
    if (next.state === told) return;
    await tell(next);
    told = next.state;
  }

  /** Ends: each turn but the last asks for a name of which something was seen. */
  async function askForAllNames(origin: string): Promise<SeenThere> {
    let asked: readonly string[] = [];
    let names = namesToAsk(origin, []);
    let there: SeenThere = { seen: [], unanswered: [], problems: [] };
    while (names.some((name) => !asked.includes(name))) {
      there = await anchors.lastSeen(names);
      asked = names;
      names = namesToAsk(
        origin,
        there.seen.map((seen) => seen.origin),
      );
    }
    return there;
  }

  async function tell(next: Standing): Promise<void> {
    if (next.state === 'sound') log.info('The audit log holds everything that was seen of it outside.');
    if (next.state === 'doubted') log.warn('A witness of the audit log has objected and can not be asked why: nothing is signed until it has answered.');
    if (next.state === 'unknown')
      log.warn({ unanswered: next.unanswered }, 'A place that keeps checkpoints of the audit log can not be asked: nothing can be changed until it has answered.');
    if (next.state !== 'behind' && next.state !== 'fork') return;
    const { seen, databaseSize } = next;
    log.error(
      { place: seen.place, seenSize: seen.size, databaseSize },
      'The database lacks events of the audit log that others have seen. Changes are refused: put a newer backup back, or have two people acknowledge the loss under Log integrity.',
    );
    await audit.record({
      kind: logGapFound.kind,
      outcome: 'failed',
      correlationId: randomUUID(),
      surface: 'job',
      ip: null,
      viewer: null,
      actorId: 'gateway',
      actorName: 'Gateway process',
      detail: { state: next.state, place: seen.place, seenOrigin: seen.origin, seenSize: seen.size, databaseSize },
    });
  }

  const watch = (): void => {
    void (standing.maySign() ? Promise.resolve() : judge())
      .catch((fault: unknown) => log.debug({ failure: describeError(fault) }, 'the standing of the log could not be judged'))
      .finally(() => {
        if (stopped) return;
        timer = setTimeout(watch, JUDGE_AGAIN_MS);
        timer.unref();
      });
  };

  return {
    judge,
    deny: async (signed) => {
      denied = { place: 'gateway', ...signed };
      await judge();
    },
    watch,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
