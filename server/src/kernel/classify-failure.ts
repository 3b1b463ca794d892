import { GatewayError } from '@sallyport/schema/errors.ts';

/** SQLSTATE classes and codes after which nothing was done and trying again makes sense. */
const TRANSIENT_CLASSES = new Set(['08', '53']);
const TRANSIENT_CODES = new Set(['57014', '57P01', '57P02', '57P03', '55P03', '40001', '40P01', '25P03']);
const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);
/** node-postgres gives these without a code. */
const CONNECTION_LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Cannot use a pool after calling end|server closed the connection)/;

function isTransient(error: Error & { code?: unknown; syscall?: unknown }): boolean {
  const { code } = error;
  if (typeof code === 'string') {
    if (TRANSIENT_CODES.has(code) || (code.length === 5 && TRANSIENT_CLASSES.has(code.slice(0, 2)))) return true;
    // ENOENT only where a socket was meant: a missing Unix socket file, not a missing document.
    if (NETWORK_CODES.has(code) && (code !== 'ENOENT' || error.syscall === 'connect')) return true;
  }
  return CONNECTION_LOST.test(error.message);
}

/** The gateway's own refusal inside an error that libraries wrapped, at most five layers deep. */
export function findGatewayError(error: unknown): GatewayError | null {
  let current: unknown = error;
  for (let layer = 0; layer < 5 && current instanceof Error; layer += 1) {
    if (current instanceof GatewayError) return current;
    current = (current as { originalError?: unknown }).originalError ?? current.cause;
  }
  return null;
}

/**
 * Any error as one of the closed set: a GatewayError as it is, a lost or overloaded database as
 * UNAVAILABLE, everything else as INTERNAL without its text.
 */
export function classifyFailure(error: unknown): GatewayError {
  const known = findGatewayError(error);
  if (known) return known;
  let current: unknown = error;
  for (let layer = 0; layer < 5 && current instanceof Error; layer += 1) {
    if (isTransient(current)) return new GatewayError('UNAVAILABLE', undefined, {});
    current = (current as { originalError?: unknown }).originalError ?? current.cause;
  }
  return new GatewayError('INTERNAL');
}
