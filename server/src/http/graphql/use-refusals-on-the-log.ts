import type { GatewayError } from '@sallyport/schema/errors.ts';
import type { Viewer } from '@sallyport/schema/viewer.ts';
import { isRecordedRefusal } from '../../kernel/recorded-refusal.ts';
import type { RequestFacts } from '../../kernel/seams.ts';
import { hasCredentials } from '../identify.ts';
import type { GatewayPlugin } from './exchange.ts';
import { failureOf, readResult } from './read-result.ts';

/** Told of every refusal before execution; resolves when it is on the log. */
export type RecordRefusal = (error: GatewayError, facts: RequestFacts, viewer: Viewer | null, isIdle: boolean) => Promise<void>;

/** Where a document might change something. Said too often rather than too seldom. */
const MUTATION = /\bmutation\b/;

/**
 * Whoever feels for a way in by documents that are refused should not be able to do so unseen (THREATS H03). So a
 * request that was refused before a resolver could run has its event before its answer. What resolvers and
 * the door refuse is on the log from there; faults of our own are in the process log.
 */
export function useRefusalsOnTheLog(record: RecordRefusal): GatewayPlugin {
  return {
    onResultProcess({ result, serverContext: { exchange } }) {
      if (exchange.begun) return undefined;
      const [error] = readResult(result).errors;
      if (error === undefined) return undefined;
      const failure = failureOf(error, exchange);
      if (failure.code === 'INTERNAL' || failure.code === 'UNAVAILABLE' || isRecordedRefusal(failure)) return undefined;
      const isIdle = failure.code === 'UNAUTHENTICATED' && !hasCredentials(exchange.headers) && !MUTATION.test(exchange.text);
      return record(failure, exchange.facts, exchange.viewer, isIdle);
    },
  };
}
