import { GatewayError } from '@sallyport/schema/errors.ts';

interface DatabaseFault {
  readonly code?: unknown;
  readonly constraint?: unknown;
}

/** SQLSTATE of a database error; undefined for what came from elsewhere (a lost connection has Node's own codes). */
export function sqlState(fault: unknown): string | undefined {
  const code = (fault as DatabaseFault | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/**
 * The refusal that stands for a failed append: the act must not happen. The cause keeps SQLSTATE and constraint
 * only, because the driver's own error repeats the row.
 */
export function auditUnavailable(fault: unknown): GatewayError {
  const refusal = new GatewayError('AUDIT_UNAVAILABLE');
  const constraint = (fault as DatabaseFault | null)?.constraint;
  refusal.cause = new Error(
    `Audit append failed: ${sqlState(fault) ?? (fault instanceof Error ? fault.name : 'unknown')}${typeof constraint === 'string' ? ` (${constraint})` : ''}`,
  );
  return refusal;
}
