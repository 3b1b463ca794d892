import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../errors.ts';

/**
 * An opaque place in an ordered list: base64url of `<16-byte MAC><JSON [order values…, id]>`.
 * The MAC (HMAC-SHA-256, truncated) binds it to person, resource, order and filter, so that a forged,
 * altered or borrowed cursor is refused (C06).
 */
export interface CursorScope {
  readonly key: Uint8Array;
  readonly personId: string;
  readonly resource: string;
  /** Order and filter of the list. */
  readonly query: unknown;
}

export type CursorValues = readonly (string | number | boolean | null)[];

const MAC_BYTES = 16;

const mac = (scope: CursorScope, body: Buffer): Buffer =>
  createHmac('sha256', scope.key)
    .update(
      createHash('sha256')
        .update(JSON.stringify([scope.personId, scope.resource, scope.query]))
        .digest(),
    )
    .update(body)
    .digest()
    .subarray(0, MAC_BYTES);

export function sealCursor(scope: CursorScope, values: CursorValues): string {
  const body = Buffer.from(JSON.stringify(values));
  return Buffer.concat([mac(scope, body), body]).toString('base64url');
}

/** @throws {GatewayError} BAD_INPUT for anything that `sealCursor` did not make for the same scope. */
export function openCursor(scope: CursorScope, cursor: string): CursorValues {
  const bytes = Buffer.from(cursor, 'base64url');
  const body = bytes.subarray(MAC_BYTES);
  const genuine = bytes.length > MAC_BYTES && bytes.length < 4096 && timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac(scope, body));
  if (!genuine) throw new GatewayError('BAD_INPUT', undefined, { issues: [{ path: 'after', message: 'not a cursor of this list' }] });
  return JSON.parse(body.toString()) as CursorValues;
}
