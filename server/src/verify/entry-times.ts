import { MOST_BACK_SECONDS, timeTextOf } from '../transparency/entry-time.ts';

/** An entry that is earlier than the one before it by more than can come from events written side by side. */
export interface TimeJump {
  readonly index: number;
  readonly seconds: number;
}

/** Times of a stretch of entries, as they cross from thread to thread. */
export interface StretchTimes {
  /** Index and time of its first entry that states one; null for none. */
  readonly first: { readonly index: number; readonly time: string } | null;
  readonly last: string | null;
  /** The first few. */
  readonly jumps: readonly TimeJump[];
  readonly count: number;
}

/** Jumps that are named one by one. */
const MOST_NAMED = 5;

const jumpBetween = (before: string | null, time: string, index: number): TimeJump | null => {
  // Nearly always in order, and then nothing is parsed.
  if (before === null || time >= before) return null;
  const seconds = (Date.parse(before) - Date.parse(time)) / 1000;
  return seconds > MOST_BACK_SECONDS ? { index, seconds } : null;
};

/** Follows the times of entries in the order of the log. It judges nothing: what is signed is the order, and a clock may be set. */
export class EntryTimes {
  #first: StretchTimes['first'] = null;
  #last: string | null = null;
  readonly #jumps: TimeJump[] = [];
  #count = 0;

  /** The next entry; one that is absent states nothing. */
  pass(index: number, entry: Buffer): void {
    const time = timeTextOf(entry);
    if (time === null) return;
    this.#first ??= { index, time };
    this.#note(jumpBetween(this.#last, time, index));
    this.#last = time;
  }

  /** The next stretch. */
  append({ first, last, jumps, count }: StretchTimes): void {
    if (first === null) return;
    this.#first ??= first;
    this.#note(jumpBetween(this.#last, first.time, first.index));
    this.#jumps.push(...jumps.slice(0, MOST_NAMED - this.#jumps.length));
    this.#count += count;
    this.#last = last;
  }

  finish(): StretchTimes {
    return { first: this.#first, last: this.#last, jumps: this.#jumps, count: this.#count };
  }

  /** Remarks for the report. */
  notes(): readonly string[] {
    const named = this.#jumps.map(
      ({ index, seconds }) => `Entry ${index} is ${Math.round(seconds)} s earlier than one before it: a clock was set. The order of the log is that of arrival, and holds.`,
    );
    const more = this.#count - this.#jumps.length;
    return more > 0 ? [...named, `${more} more entries are earlier than one before them.`] : named;
  }

  #note(jump: TimeJump | null): void {
    if (jump === null) return;
    this.#count += 1;
    if (this.#jumps.length < MOST_NAMED) this.#jumps.push(jump);
  }
}
