import type { ErrorCode, ErrorDetail, GatewayError } from '@sallyport/schema/errors.ts';
import { ERROR_CODES } from '@sallyport/schema/errors.ts';

/** Reads one header; several of one name come joined by `, ` (cookies by `; `), so that a second one never hides. */
export interface HeaderReader {
  get(name: string): string | null;
}

/**
 * One request as the gateway sees it, from node:http or from a test. Plain, because building the
 * fetch API's objects for every request costs more than the rest of the HTTP work together.
 */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  /** Query string without its question mark. */
  readonly search: string;
  readonly headers: HeaderReader;
  /** Address of the other end of the socket, or of the client that a trusted proxy names. */
  readonly ip: string;
  /** @throws {GatewayError} BAD_INPUT with status 413, 408 or 415. */
  readBody(): Promise<string>;
  /** For handlers that speak the fetch API. */
  toRequest(body: string | null): Request;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: string | Uint8Array | ReadableStream<Uint8Array> | null;
}

export const NO_STORE = 'no-store';

export const answerJson = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': NO_STORE, ...headers },
  body: JSON.stringify(body),
});

/** One member of `errors` (DESIGN section 6). */
export interface ErrorEntry {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: ErrorCode; readonly correlationId: string } & ErrorDetail;
}

export const errorEntry = (error: GatewayError, correlationId: string, path?: readonly (string | number)[]): ErrorEntry => ({
  message: error.message,
  ...(path === undefined ? {} : { path }),
  extensions: { code: error.code, correlationId, ...error.detail },
});

/** Headers that belong to a refusal: RFC 9470 for step-up, RFC 6750 for a missing session, Retry-After for limits. */
export function refusalHeaders(code: ErrorCode, detail: ErrorDetail): Record<string, string> {
  if (code === 'STEP_UP_REQUIRED') {
    const maxAge = detail.maxAgeSeconds === undefined ? '' : `, max_age="${detail.maxAgeSeconds}"`;
    return { 'www-authenticate': `Bearer error="insufficient_user_authentication", error_description="A fresh second factor is required"${maxAge}` };
  }
  if (code === 'UNAUTHENTICATED') return { 'www-authenticate': 'Bearer realm="sallyport"' };
  if (code === 'RATE_LIMITED') return { 'retry-after': String(detail.retryAfterSeconds ?? 1) };
  if (ERROR_CODES[code].status === 503) return { 'retry-after': '1' };
  return {};
}

/** A refusal of the whole request. `status` overrides the code's own where HTTP has a better word (405, 413, 415). */
export function answerError(error: GatewayError, correlationId: string, status?: number): Answer {
  const own = ERROR_CODES[error.code].status;
  return answerJson(status ?? (own === 200 ? 400 : own), { errors: [errorEntry(error, correlationId)] }, refusalHeaders(error.code, error.detail));
}
