import { ERROR_CODES, type ErrorCode } from '@sallyport/schema/errors.ts';
import type { GraphQLError } from 'graphql';
import { describeError, type Log } from '../../kernel/log.ts';
import { type ErrorEntry, errorEntry, refusalHeaders } from '../exchange.ts';
import type { GatewayPlugin, GraphQLExchange } from './exchange.ts';
import { failureOf, type ReadResult, readResult } from './read-result.ts';

/**
 * Error texts are where values, SQL, paths and names of the schema leak, and every library has its own
 * (THREATS I10, I11, X10). So no error object of anybody's leaves: each is replaced by a code of the closed set with our
 * text, and what is none of the caller's business is in the process log under the correlation ID. Last of the
 * plugins, so that nothing is added after it.
 */
export function useClosedErrorCodes(log: Log): GatewayPlugin {
  return {
    onResultProcess({ result, setResult, serverContext: { exchange } }) {
      const read = readResult(result);
      if (read.errors.length === 0) {
        setResult({ data: read.data });
        return;
      }
      const errors = errorEntries(read, exchange, log);
      const code = onlyCode(read.data, errors);
      const http = code === null ? { status: 200 } : { status: ERROR_CODES[code].status, headers: refusalHeaders(code, errors[0]?.extensions ?? {}) };
      // Yoga writes what is no GraphQLError as it stands; building one costs more than all the rest of an answer.
      const told = errors as readonly unknown[] as readonly GraphQLError[];
      setResult({ errors: told, ...(read.data === undefined ? {} : { data: read.data }), extensions: { http } });
    },
  };
}

function errorEntries({ errors }: ReadResult, exchange: GraphQLExchange, log: Log): ErrorEntry[] {
  const { correlationId } = exchange.facts;
  return errors.map((error) => {
    const failure = failureOf(error, exchange);
    if (failure.code === 'INTERNAL' || failure.code === 'UNAVAILABLE') {
      log.error(
        { correlationId, code: failure.code, path: error.path?.join('.'), failure: describeError(error.originalError ?? error) },
        exchange.begun ? 'a resolver failed' : 'request failed',
      );
    }
    return errorEntry(failure, correlationId, error.path);
  });
}

/** The one code that the whole answer comes down to: nothing was given, for one reason. */
function onlyCode(data: ReadResult['data'], errors: readonly ErrorEntry[]): ErrorCode | null {
  const first = errors[0];
  if (!first || errors.some((error) => error.extensions.code !== first.extensions.code)) return null;
  const nothing = data === null || data === undefined || Object.values(data).every((value) => value === null);
  return nothing ? first.extensions.code : null;
}
