import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { RequestReads } from '../../audit/personal-reads.ts';
import { describeError, type Log } from '../../kernel/log.ts';
import type { AuditLog, RequestFacts } from '../../kernel/seams.ts';
import { type Answer, type Incoming, NO_STORE } from '../exchange.ts';
import type { Metrics } from '../metrics.ts';
import type { Documents } from './documents.ts';
import type { GraphQLExchange, ServerContext, SharedContext } from './exchange.ts';
import type { Execute } from './execute.ts';
import { useAcceptableAnswer } from './use-acceptable-answer.ts';
import { useClosedErrorCodes } from './use-closed-error-codes.ts';
import { useCompiledExecution } from './use-compiled-execution.ts';
import { useDocumentCost } from './use-document-cost.ts';
import { usePreparedDocuments } from './use-prepared-documents.ts';
import { useReadsOnTheLog } from './use-reads-on-the-log.ts';
import { type RecordRefusal, useRefusalsOnTheLog } from './use-refusals-on-the-log.ts';
import { useRequestContext } from './use-request-context.ts';
import { useStrictJson } from './use-strict-json.ts';
import { type IdentifyCaller, useViewer } from './use-viewer.ts';

export interface GraphQLOptions {
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly execute: Execute;
  readonly shared: SharedContext;
  readonly audit: AuditLog;
  readonly createReads: () => RequestReads;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly identify: IdentifyCaller;
  readonly refused: RecordRefusal;
}

/** What Yoga is told of the address: the router has matched the real one, and a query string means nothing here. */
const ADDRESS = 'http://gateway/graphql';

/**
 * Answers `POST /graphql`: Yoga, with one plugin a rule, in the order in which a request meets them. Whatever is
 * refused before execution is on the log by the time of the answer; personal reads are on it before the data leaves.
 * The router has settled method, origin and content type.
 */
export function createGraphQLHandler(options: GraphQLOptions): (incoming: Incoming, facts: RequestFacts) => Promise<Answer> {
  const { metrics, log } = options;
  const yoga = createYoga<ServerContext>({
    schema: options.schema,
    graphqlEndpoint: '/graphql',
    plugins: [
      useAcceptableAnswer(),
      useViewer(options.identify),
      useStrictJson(),
      usePreparedDocuments(options.documents),
      useDocumentCost(),
      useRequestContext(options.shared, options.createReads),
      useCompiledExecution(options.schema, options.execute),
      useReadsOnTheLog(options.audit),
      useRefusalsOnTheLog(options.refused),
      useClosedErrorCodes(log),
    ],
    // A cache of ours knows the text alone (use-prepared-documents).
    parserAndValidationCache: false,
    // Masking of ours knows the correlation ID and tells refusals from faults (use-closed-error-codes).
    maskedErrors: false,
    // Counted while it is read (incoming.ts).
    maxRequestBodySize: false,
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: {
      debug: () => undefined,
      info: () => undefined,
      warn: (...parts) => log.warn({ failure: parts.map(describeError) }, 'yoga'),
      error: (...parts) => log.error({ failure: parts.map(describeError) }, 'yoga'),
    },
  });
  // Taken out once: yoga is a proxy that binds a method anew each time it is named.
  const { handleRequest } = yoga;
  const { Request } = yoga.fetchAPI;

  return async (incoming, facts) => {
    const startedAt = performance.now();
    const { headers } = incoming;
    const exchange: GraphQLExchange = { headers, facts, viewer: null, text: '', prepared: null, context: null, begun: false };
    const accept = headers.get('accept');
    const request = new Request(ADDRESS, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(accept === null ? {} : { accept }) },
      body: await incoming.readBody(),
    });
    const response = await handleRequest(request, { exchange });
    if (exchange.begun && exchange.prepared) {
      metrics.observeOperation(exchange.prepared.operation.operation, String(response.status), (performance.now() - startedAt) / 1000);
    }
    return { status: response.status, headers: { 'cache-control': NO_STORE, ...Object.fromEntries(response.headers) }, body: await response.text() };
  };
}
