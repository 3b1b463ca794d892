import { pino } from 'pino';
import type { Logger } from 'pino';

export type Log = Logger;

/** Names under which a secret could be handed to the log by mistake, at any of the depths we log. */
const SECRET_NAMES = ['password', 'code', 'totp', 'secret', 'token', 'cookie', 'authorization', 'proof', 'challenge', 'variables', 'connectionString'];

/**
 * The process log: JSON Lines on standard output. It carries names, codes, counts and correlation IDs;
 * values of requests and rows are never given to it, and what slips in under a telling name is censored.
 */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[censored]' },
  });
}

/** Errors whose text is made by the engine from program names, not from data. */
const PROGRAM_ERRORS = new Set(['TypeError', 'ReferenceError', 'RangeError']);

/** What may be logged of an unforeseen error: kind, SQLSTATE, place in the program. No message that could hold a value. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const fields = error as Error & { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    name: error.name,
    ...(PROGRAM_ERRORS.has(error.name) ? { message: error.message.slice(0, 200) } : {}),
    ...(typeof fields.code === 'string' ? { code: fields.code } : {}),
    ...(typeof fields.constraint === 'string' ? { constraint: fields.constraint } : {}),
    ...(typeof fields.table === 'string' ? { table: fields.table } : {}),
    at: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim()),
  };
}
