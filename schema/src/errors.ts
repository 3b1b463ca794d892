/**
 * The closed set of error codes (DESIGN section 6). Each has the HTTP status that a document
 * with this as its only answer gets, and the next step for the caller.
 */
export const ERROR_CODES = {
  UNAUTHENTICATED: { status: 401, next: 'Sign in again.' },
  FORBIDDEN: { status: 200, next: 'Ask for the permission that is named, or leave the field out.' },
  NOT_FOUND: { status: 200, next: 'Check the ID. It may not exist, or not for you.' },
  STEP_UP_REQUIRED: { status: 401, next: 'Confirm with a fresh code from your authenticator, then send the same request with the proof.' },
  STEP_UP_FAILED: { status: 200, next: 'Wait for the next code and try again.' },
  RATE_LIMITED: { status: 429, next: 'Wait for the time that is given, then try again.' },
  JUSTIFICATION_REQUIRED: { status: 200, next: 'Give a reason and, where asked, a ticket.' },
  APPROVAL_REQUIRED: { status: 200, next: 'This needs a second person. Have it requested by someone who may.' },
  SELF_APPROVAL: { status: 200, next: 'Somebody else has to approve this.' },
  APPROVAL_STATE: { status: 200, next: 'Reload the request: it has moved on.' },
  APPROVAL_EXPIRED: { status: 200, next: 'File a new request.' },
  APPROVAL_STALE: { status: 200, next: 'What was approved has changed. File a new request.' },
  IMPERSONATION_FORBIDDEN: { status: 200, next: 'End the acting-as session first.' },
  READ_ONLY_SESSION: { status: 200, next: 'This session may only read. Start one that may write.' },
  LAST_OWNER: { status: 200, next: 'Name another owner first.' },
  OWNER_LIMIT: { status: 200, next: 'Remove an owner first.' },
  CONFLICT: { status: 200, next: 'Reload the record and look at what changed.' },
  IDEMPOTENCY_MISMATCH: { status: 200, next: 'Use a new idempotency key for a different request.' },
  BAD_INPUT: { status: 400, next: 'Correct the fields that are named.' },
  QUERY_REJECTED: { status: 400, next: 'Ask for less in one document.' },
  CSRF_REJECTED: { status: 403, next: 'Send the request from the console itself, or as JSON with a bearer token.' },
  AUDIT_UNAVAILABLE: { status: 503, next: 'Nothing was done, because it could not be recorded. Try again shortly.' },
  UNAVAILABLE: { status: 503, next: 'Try again shortly.' },
  OUTCOME_UNKNOWN: { status: 503, next: 'Send the same request again with the same idempotency key.' },
  INTERNAL: { status: 500, next: 'Report the correlation ID.' },
} as const satisfies Record<string, { status: number; next: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One invalid place in an input. The value itself is never repeated. */
export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

export interface ErrorDetail {
  readonly issues?: readonly InputIssue[];
  /** The permission that would have been needed, where naming it betrays nothing. */
  readonly permission?: string;
  readonly challenge?: string;
  readonly maxAgeSeconds?: number;
  readonly actionDigest?: string;
  readonly retryAfterSeconds?: number;
}

/** A refusal with a code of the closed set; the only error that a caller sees unmasked. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;
  constructor(code: ErrorCode, message?: string, detail: ErrorDetail = {}) {
    super(message ?? ERROR_CODES[code].next);
    this.name = 'GatewayError';
    this.code = code;
    this.detail = detail;
  }
}
