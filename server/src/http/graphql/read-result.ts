import { GatewayError } from '@sallyport/schema/errors.ts';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { createGraphQLError, isAsyncIterable } from 'graphql-yoga';
import { classifyFailure } from '../../kernel/classify-failure.ts';
import type { GraphQLExchange } from './exchange.ts';

/** What Yoga's hooks are given as a result; of these only the first is ever ours. */
type AnyResult = ExecutionResult | readonly ExecutionResult[] | AsyncIterable<ExecutionResult>;

export interface ReadResult {
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  /** At least one where there is no data. */
  readonly errors: readonly GraphQLError[];
}

const isSingle = (result: AnyResult): result is ExecutionResult => !Array.isArray(result) && !isAsyncIterable(result);

const NOTHING: ReadResult = { data: undefined, errors: [createGraphQLError('', { originalError: new GatewayError('INTERNAL') })] };

/** The one result of the one operation. What is neither data nor errors, a batch or a stream is a fault of ours, and nothing of it leaves. */
export function readResult(result: AnyResult): ReadResult {
  if (!isSingle(result)) return NOTHING;
  const { data, errors = [] } = result;
  return data === undefined && errors.length === 0 ? NOTHING : { data, errors };
}

/**
 * An error of Yoga's result as one of the closed set. Yoga's own refusals (parameters that are missing, unknown or of
 * the wrong type) carry an HTTP status and no cause, and may repeat what was sent: they become BAD_INPUT without their text.
 */
export function failureOf(error: GraphQLError, exchange: GraphQLExchange): GatewayError {
  const { originalError, extensions } = error;
  if (!exchange.begun && !originalError && extensions?.['http'] !== undefined) {
    return new GatewayError(
      'BAD_INPUT',
      'The body holds `query` as text and, where needed, `operationName` as text, `variables` and `extensions` as JSON objects, and nothing else.',
    );
  }
  return classifyFailure(originalError ?? error);
}
