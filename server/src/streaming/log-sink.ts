import type { LogStreamFormat } from '../variables.ts';

/** How an entry is written: its canonical JSON as on the log, or the public OCSF form. */
export type StreamFormat = LogStreamFormat;

/** Entries that leave together, in the order of the log. */
export interface LogBatch {
  /** The log's name, which its indexes belong to. */
  readonly origin: string;
  readonly first: number;
  /** Index of the last entry. Between the two none is left out. */
  readonly last: number;
  /** JSON Lines, UTF-8, a line an entry, each with its end. */
  readonly lines: Buffer;
}

/** A place outside the database that takes the log's entries. */
export interface LogSink {
  /** Key of `gateway.log_stream`. */
  readonly name: string;
  readonly kind: 'http' | 'file';
  /** For people: the host, or the file's name. Never a secret. */
  readonly destination: string;
  readonly format: StreamFormat;
  /** Makes ready to deliver; called by whoever has taken hold of the stream, and again after a failure. @throws {DeliveryFailure} */
  open(): Promise<void>;
  /**
   * Returns when the receiver has the batch for good. Safe to call again with entries that it has.
   * @throws {DeliveryFailure} when it has not, or may not have.
   */
  deliver(batch: LogBatch, stopped: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What to do after a failure: try again soon, ever more rarely; slowly, for somebody has to mend something; or with fewer entries. */
export type Retry = 'soon' | 'slowly' | 'smaller';

/** Why a batch was not taken, as a code of ours: a receiver's own words could repeat what it was sent. */
export class DeliveryFailure extends Error {
  readonly reason: string;
  readonly retry: Retry;
  /** Milliseconds that the receiver asked to be left alone; null where it said nothing. */
  readonly waitMs: number | null;
  constructor(reason: string, retry: Retry, waitMs: number | null = null, cause?: unknown) {
    super(`Entries of the log were not taken (${reason})`, { cause });
    this.name = 'DeliveryFailure';
    this.reason = reason;
    this.retry = retry;
    this.waitMs = waitMs;
  }
}

/** Code of a failure of the system or the network, e.g. `ECONNREFUSED`, also where it is the cause of another. */
export function systemCodeOf(fault: unknown): string {
  for (let at: unknown = fault, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,59}$/.test(code)) return code;
  }
  return 'FAILED';
}
