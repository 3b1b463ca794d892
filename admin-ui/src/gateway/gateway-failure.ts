import type { ErrorCode, InputIssue } from '@sallyport/schema/errors.ts';

export type FailureCode = ErrorCode;

/** One entry of `errors[]` as the gateway sends it. */
export interface GatewayErrorEntry {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly correlationId?: string;
    readonly issues?: readonly InputIssue[];
    readonly permission?: string;
    readonly challenge?: string;
    readonly maxAgeSeconds?: number;
    readonly actionDigest?: string;
    readonly retryAfterSeconds?: number;
  };
}

/** A refusal or fault, with the code of the closed set and the ID under which it is on the log. */
export class GatewayFailure extends Error {
  readonly code: FailureCode;
  readonly correlationId: string;
  readonly entry: GatewayErrorEntry;
  /** Read by react-admin to tell a missing record from a broken server. */
  readonly status: number;

  constructor(entry: GatewayErrorEntry, correlationId: string) {
    super(entry.message);
    this.name = 'GatewayFailure';
    this.entry = entry;
    this.code = (entry.extensions?.code ?? 'INTERNAL') as FailureCode;
    this.correlationId = entry.extensions?.correlationId ?? correlationId;
    this.status = this.code === 'NOT_FOUND' ? 404 : 500;
  }

  get issues(): readonly InputIssue[] {
    return this.entry.extensions?.issues ?? [];
  }

  get retryAfterSeconds(): number | null {
    return this.entry.extensions?.retryAfterSeconds ?? null;
  }

  get permission(): string | null {
    return this.entry.extensions?.permission ?? null;
  }
}

export const isFailure = (error: unknown): error is GatewayFailure => error instanceof GatewayFailure;

/** A fault of the way to the gateway: nothing came back, so nothing is known about what was done. */
export function unreachable(correlationId: string, mayHaveHappened: boolean): GatewayFailure {
  const code = mayHaveHappened ? 'OUTCOME_UNKNOWN' : 'UNAVAILABLE';
  return new GatewayFailure({ message: 'The gateway did not answer.', extensions: { code, correlationId } }, correlationId);
}
