/** Why a log, or something that claims to come from one, is not to be believed. Closed set. */
export type LogFaultReason =
  | 'malformed-key'
  | 'malformed-note'
  | 'malformed-checkpoint'
  | 'malformed-proof'
  | 'malformed-tile'
  | 'malformed-entries'
  | 'ambiguous-key'
  | 'invalid-signature'
  | 'no-known-signature'
  | 'wrong-origin'
  | 'too-few-cosignatures'
  | 'out-of-range'
  | 'wrong-proof-length'
  | 'root-mismatch'
  | 'entry-too-large';

/**
 * Thrown by everything in this folder that checks. Checks throw instead of answering, so that a caller who
 * forgets to look at an answer has not accepted anything. The message repeats no input.
 */
export class LogFault extends Error {
  readonly reason: LogFaultReason;
  constructor(reason: LogFaultReason, message: string) {
    super(message);
    this.name = 'LogFault';
    this.reason = reason;
  }
}
