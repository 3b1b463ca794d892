import { GatewayError } from '@sallyport/schema/errors.ts';
import { createGraphQLError } from 'graphql-yoga';
import type { AuditLog } from '../../kernel/seams.ts';
import type { GatewayPlugin } from './exchange.ts';

/**
 * Personal data that has left can't be called back, and a log that hears of it later may never hear of it
 * (THREATS H05, H18). So what was read is on the log before the answer leaves; when it can't be written, the data stays.
 */
export function useReadsOnTheLog(audit: AuditLog): GatewayPlugin {
  return {
    onExecute({ context: { exchange } }) {
      const { context, prepared } = exchange;
      return {
        async onExecuteDone({ setResult }) {
          try {
            await context?.reads.flush(audit, context);
          } catch {
            // What a mutation did is committed and on the log; only that its answer was read is not.
            const code = prepared?.operation.operation === 'mutation' ? 'OUTCOME_UNKNOWN' : 'AUDIT_UNAVAILABLE';
            const failure = new GatewayError(code);
            setResult({ errors: [createGraphQLError(failure.message, { originalError: failure })] });
          }
        },
      };
    },
  };
}
