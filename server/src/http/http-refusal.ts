import { GatewayError } from '@sallyport/schema/errors.ts';
import type { ErrorCode, ErrorDetail } from '@sallyport/schema/errors.ts';

/** A refusal for which HTTP has a more exact status than its code: 404, 405, 408, 413, 415, 421. */
export class HttpRefusal extends GatewayError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}, detail: ErrorDetail = {}) {
    super(code, message, detail);
    this.name = 'HttpRefusal';
    this.status = status;
    this.headers = headers;
  }
}
